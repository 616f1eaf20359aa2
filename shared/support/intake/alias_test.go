package intake_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/tenantry/tenantry/shared/fault"
	"github.com/tenantry/tenantry/shared/identity"
	"github.com/tenantry/tenantry/shared/mail/received"
	"github.com/tenantry/tenantry/shared/support"
	"github.com/tenantry/tenantry/shared/support/intake"
	"github.com/tenantry/tenantry/shared/support/supporttest"
)

// confirmed makes an address that of the world's customer.
func confirmed(w *supporttest.World, c support.Case, address string) {
	w.T.Helper()
	mail := w.Mail(w.Journal.NewID(), address, w.ReplyTo(w.Customer, c, ""))
	if outcome := w.Receive(mail); outcome.Reason != intake.OtherSender {
		w.T.Fatalf("%+v", outcome)
	}
	if outcome := w.Receive(releaseTo(w, c, mail, true)); outcome.Kind != "comment" {
		w.T.Fatalf("%+v", outcome)
	}
}

func TestAConfirmedAddressTakesNoMailToACaseOfAnotherTenant(t *testing.T) {
	w := newTwoTenants(t)
	const guest = "guest@victim.example"
	confirmed(w.World, w.mine, guest)
	request := supporttest.Request("Secret")
	request.CC = []string{guest}
	secret, err := w.Cases.Create(t.Context(), w.foreignOne, w.foreign.OrgID, request)
	w.Must(err)
	w.Must(w.Sent(secret, w.foreignOne, "secret@ses.example"))
	w.Must(w.Sent(w.foreign, w.foreignOne, "theirs@ses.example"))
	for name, test := range map[string]struct {
		edit func(*intake.Mail)
		want intake.Outcome
	}{
		"to a case that has it in copy": {func(m *intake.Mail) { m.InReplyTo = "secret@ses.example" },
			intake.Outcome{Kind: "comment", CaseID: secret.ID}},
		"to that case, with the number of another": {func(m *intake.Mail) {
			m.InReplyTo, m.Subject = "secret@ses.example", fmt.Sprintf("[Case %d]", w.mine.Number)
		}, intake.Outcome{Kind: "comment", CaseID: secret.ID}},
		"to a case that does not know it": {func(m *intake.Mail) { m.InReplyTo = "theirs@ses.example" },
			intake.Outcome{Kind: "quarantine", Reason: intake.UnknownSender}},
		"to the case of its person": {func(m *intake.Mail) { m.InReplyTo = "mine@ses.example" },
			intake.Outcome{Kind: "comment", CaseID: w.mine.ID}},
	} {
		mail := w.Unaddressed(identity.Principal{Email: guest}, test.edit)
		if outcome := w.Receive(mail); outcome.Kind != test.want.Kind || outcome.CaseID != test.want.CaseID ||
			outcome.Reason != test.want.Reason {
			t.Errorf("%s: %+v, want %+v", name, outcome, test.want)
		}
	}
	if outcome := w.Receive(w.Unaddressed(identity.Principal{Email: guest}, func(*intake.Mail) {})); outcome.Kind != "case" {
		t.Errorf("about something new: %+v", outcome)
	}
}

func TestAnAddressIsConfirmedOnlyIfItsMailProvesIt(t *testing.T) {
	w := supporttest.NewWorld(t)
	c := w.NewCase(w.Customer, "No Wi-Fi")
	colleague := w.Another(w.Org.Place(), identity.Write)
	proven := received.Verdicts{DMARC: "PASS"}
	for name, test := range map[string]struct {
		verdicts        received.Verdicts
		domain, sender  string
		want            fault.Code
		wantConfirmable bool
	}{
		"proven":                    {proven, "elsewhere.example", "", "", true},
		"proven, for a colleague":   {proven, "elsewhere.example", colleague.UserID, "", true},
		"proven for another domain": {proven, "attacker.example", "", fault.Conflict, false},
		"not proven":                {unproven(), "elsewhere.example", "", fault.Conflict, false},
		"not checked, to the person's own address": {received.Verdicts{}, "", "", "", true},
		"not checked, for a colleague":             {received.Verdicts{}, "", colleague.UserID, fault.Conflict, true},
	} {
		w.Clock.Pass(24 * time.Hour)
		mail := w.Mail(w.Journal.NewID(), alias, w.ReplyTo(w.Customer, c, ""))
		mail.Verdicts, mail.Domain = test.verdicts, test.domain
		if outcome := w.Receive(mail); outcome.Reason != intake.OtherSender {
			t.Fatalf("%s: %+v", name, outcome)
		}
		mails := waiting(w, c)
		if last := mails[len(mails)-1]; last.ID != mail.ID || last.Confirmable != test.wantConfirmable {
			t.Errorf("%s: agents see %+v", name, last)
		}
		before := len(w.Outbox())
		err := w.Intake.ReleaseToCase(t.Context(), w.Agent, intake.CaseRelease{
			OrgID: c.OrgID, CaseID: c.ID, MailID: mail.ID, ConfirmSender: true, SenderID: test.sender,
		})
		if got := fault.CodeOf(err); err != nil && got != test.want || err == nil && test.want != "" {
			t.Errorf("%s: %v, want %q", name, err, test.want)
		}
		page, listErr := w.Intake.Aliases(t.Context(), w.Agent, w.Org.ID, 10, "")
		w.Must(listErr)
		if len(page.Aliases) > 0 != (test.want == "") || err != nil && len(w.Outbox()) != before {
			t.Errorf("%s: %+v", name, page.Aliases)
		}
		if len(page.Aliases) > 0 {
			w.Must(w.Intake.RemoveAlias(t.Context(), w.Agent, w.Org.ID, alias))
		}
	}
}

func TestAnOverruledCheckProvesNoAddress(t *testing.T) {
	w := supporttest.NewWorld(t)
	c := w.NewCase(w.Customer, "No Wi-Fi")
	mail := w.Mail(w.Journal.NewID(), alias, w.ReplyTo(w.Customer, c, ""))
	mail.Verdicts = received.Verdicts{SPF: "FAIL", DKIM: "FAIL", DMARC: "GRAY"}
	if outcome := w.Receive(mail); outcome.Reason != intake.Forged {
		t.Fatalf("%+v", outcome)
	}
	if outcome := w.Receive(releaseTo(w, c, mail, false)); outcome.Reason != intake.OtherSender {
		t.Fatalf("%+v", outcome)
	}
	w.Wants(fault.Conflict, w.Intake.ReleaseToCase(t.Context(), w.Agent,
		intake.CaseRelease{OrgID: c.OrgID, CaseID: c.ID, MailID: mail.ID, ConfirmSender: true}))
}

func TestAnAddressWithAnAccountIsThatAccountsAlone(t *testing.T) {
	w := supporttest.NewWorld(t)
	c := w.NewCase(w.Customer, "No Wi-Fi")
	confirmed(w, c, alias)
	owner := w.Invited(w.Org.Place(), identity.Write, alias, "Ana", "Other")
	outcome := w.Receive(w.Mail(w.Journal.NewID(), alias, w.ReplyTo(w.Customer, c, "")))
	if outcome.Kind != "case" {
		t.Fatalf("to the address of another: %+v", outcome)
	}
	if got := w.Detail(w.Agent, support.Case{OrgID: c.OrgID, ID: outcome.CaseID}); got.Submitter.ID != owner.UserID {
		t.Errorf("%+v", got.Submitter)
	}
}

func TestAConfirmedAddressEndsWithItsPersonsAccess(t *testing.T) {
	for name, end := range map[string]func(*supporttest.World){
		"revoked":  func(w *supporttest.World) { w.Revoke(w.Customer, w.Org.Place()) },
		"an agent": func(w *supporttest.World) { w.Grant(w.Customer, w.MSP.Place(), identity.Helpdesk) },
	} {
		t.Run(name, func(t *testing.T) {
			w := supporttest.NewWorld(t)
			c := w.NewCase(w.Customer, "No Wi-Fi")
			confirmed(w, c, alias)
			address := w.ReplyTo(w.Customer, c, "")
			end(w)
			if outcome := w.Receive(w.Mail(w.Journal.NewID(), alias, address)); outcome.Reason != intake.OtherSender {
				t.Errorf("an answer: %+v", outcome)
			}
			if outcome := w.Receive(w.Unaddressed(identity.Principal{Email: alias}, func(*intake.Mail) {})); outcome.Reason != intake.UnknownSender {
				t.Errorf("a request: %+v", outcome)
			}
		})
	}
}

func TestConfirmingAnAddressDoesNotTellWhetherItHasAnAccount(t *testing.T) {
	w := newTwoTenants(t)
	c := w.NewCase(w.customer, "No Wi-Fi")
	for i, address := range []string{w.foreignOne.Email, "nobody@nowhere.example"} {
		mail := w.Mail(w.Journal.NewID(), address, w.ReplyTo(w.customer, c, ""))
		w.Receive(mail)
		if outcome := w.Receive(releaseTo(w.World, c, mail, true)); outcome.Kind != "comment" {
			t.Errorf("%s: %+v", address, outcome)
		}
		detail := w.Detail(w.Agent, c)
		if last := detail.Comments[len(detail.Comments)-1]; len(detail.Comments) != i+1 || len(waiting(w.World, c)) != 0 ||
			last.Author.ID != w.customer.UserID || last.Text != "Thanks." {
			t.Errorf("%s: %+v", address, last)
		}
	}
	outcome := w.Receive(w.Unaddressed(w.foreignOne, func(*intake.Mail) {}))
	if outcome.Kind != "case" {
		t.Fatalf("%+v", outcome)
	}
	_, err := w.Cases.Find(t.Context(), w.foreign.OrgID, outcome.CaseID, "case_id")
	w.Must(err)
}
