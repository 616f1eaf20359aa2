package intake_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/tenantry/tenantry/shared/apptest"
	"github.com/tenantry/tenantry/shared/change"
	"github.com/tenantry/tenantry/shared/fault"
	"github.com/tenantry/tenantry/shared/identity"
	"github.com/tenantry/tenantry/shared/mail/received"
	"github.com/tenantry/tenantry/shared/support"
	"github.com/tenantry/tenantry/shared/support/intake"
	"github.com/tenantry/tenantry/shared/support/supporttest"
)

const alias = "ana.private@elsewhere.example"

// waiting returns the quarantined mails that the agents of a case can release.
func waiting(w *supporttest.World, c support.Case) []support.QuarantinedMail {
	return support.ReleasableMails(w.Detail(w.Agent, c).History)
}

// releaseTo releases a mail to a case, and returns it as it arrives again.
func releaseTo(w *supporttest.World, c support.Case, mail intake.Mail, confirm bool) intake.Mail {
	w.T.Helper()
	before := len(w.Outbox())
	w.Must(w.Intake.ReleaseToCase(w.T.Context(), w.Agent, intake.CaseRelease{
		OrgID: c.OrgID, CaseID: c.ID, MailID: mail.ID, ConfirmSender: confirm,
	}))
	mail.Mail = apptest.Since[received.Mail](w.App, before)[0]
	return mail
}

func TestAgentsSeeThatAMailToTheirCaseWasQuarantined(t *testing.T) {
	w := supporttest.NewWorld(t)
	c := w.NewCase(w.Customer, "No Wi-Fi")
	mail := w.Mail(w.Journal.NewID(), alias, w.ReplyTo(w.Customer, c, ""))
	if outcome := w.Receive(mail); outcome.Reason != intake.OtherSender {
		t.Fatalf("%+v", outcome)
	}
	w.Receive(mail) // delivering it again changes nothing
	if got := waiting(w, c); len(got) != 1 || got[0].ID != mail.ID || got[0].From != alias || !got[0].Releasable || !got[0].Confirmable || got[0].PersonID != w.Customer.UserID {
		t.Errorf("%+v", got)
	}
	for _, entry := range w.Detail(w.Customer, c).History {
		if entry.QuarantinedMail != nil {
			t.Errorf("the customer sees %+v", entry)
		}
	}
	released := releaseTo(w, c, mail, false)
	if outcome := w.Receive(released); outcome.Kind != "comment" {
		t.Fatalf("%+v", outcome)
	}
	got := w.Detail(w.Agent, c)
	if comment := got.Comments[0]; comment.Author.ID != w.Customer.UserID ||
		!strings.Contains(comment.Text, identity.MaskEmail(alias)) || strings.Contains(comment.Text, alias) {
		t.Errorf("%+v", comment)
	}
	if left := waiting(w, c); len(left) != 0 {
		t.Errorf("still there: %+v", left)
	}
	if !slices.ContainsFunc(w.AuditLog("ORG#"+c.OrgID), func(e change.Entry) bool {
		return e.Action == "cases.release_mail"
	}) {
		t.Error("the organization's log does not have the release")
	}
}

func TestAMailThatRefersToACaseIsShownThereToo(t *testing.T) {
	w := supporttest.NewWorld(t)
	c := w.NewCase(w.Customer, "No Wi-Fi")
	w.Must(w.Sent(c, w.Customer, "sent@ses.example"))
	mail := w.Unaddressed(w.Customer, func(m *intake.Mail) {
		m.InReplyTo, m.Verdicts = "sent@ses.example", unproven()
	})
	w.Receive(mail)
	got := waiting(w, c)
	if len(got) != 1 || !got[0].Releasable || got[0].Confirmable || got[0].PersonID != "" {
		t.Fatalf("%+v", got)
	}
	if outcome := w.Receive(releaseTo(w, c, mail, false)); outcome.Kind != "comment" || outcome.CaseID != c.ID {
		t.Errorf("%+v", outcome)
	}
	w.Wants(fault.NotFound, w.Intake.ReleaseToCase(t.Context(), w.Agent,
		intake.CaseRelease{OrgID: c.OrgID, CaseID: c.ID, MailID: mail.ID}))
}

func TestAgentsReleaseOnlyMailsOfTheirOwnCases(t *testing.T) {
	w := supporttest.NewWorld(t)
	c, other := w.NewCase(w.Customer, "No Wi-Fi"), w.NewCase(w.Customer, "No power")
	mail := w.Mail(w.Journal.NewID(), alias, w.ReplyTo(w.Customer, c, ""))
	w.Receive(mail)
	request := intake.CaseRelease{OrgID: c.OrgID, CaseID: c.ID, MailID: mail.ID}
	elsewhere := request
	elsewhere.CaseID = other.ID
	w.Wants(fault.NotFound, w.Intake.ReleaseToCase(t.Context(), w.Agent, elsewhere))
	foreign := w.Another(w.NewMSP("Another").Place(), identity.Admin)
	w.Wants(fault.NotFound, w.Intake.ReleaseToCase(t.Context(), foreign, request))
	w.Wants(fault.Forbidden, w.Intake.ReleaseToCase(t.Context(), w.Customer, request))
	unknown := request
	unknown.MailID = w.Journal.NewID()
	w.Wants(fault.NotFound, w.Intake.ReleaseToCase(t.Context(), w.Agent, unknown))
	nowhere := w.Mail(w.Journal.NewID(), alias, supporttest.SupportAddress)
	w.Receive(nowhere)
	unknown.MailID = nowhere.ID
	w.Wants(fault.NotFound, w.Intake.ReleaseToCase(t.Context(), w.Agent, unknown))
	virus := w.Mail(w.Journal.NewID(), w.Customer.Email, w.ReplyTo(w.Customer, c, ""))
	virus.Verdicts.Virus = "FAIL"
	w.Receive(virus)
	request.MailID = virus.ID
	w.Wants(fault.Conflict, w.Intake.ReleaseToCase(t.Context(), w.Agent, request))
}

func TestAConfirmedAddressIsAnAliasInItsOrganization(t *testing.T) {
	w := supporttest.NewWorld(t)
	c := w.NewCase(w.Customer, "No Wi-Fi")
	address := w.ReplyTo(w.Customer, c, "")
	first := w.Mail(w.Journal.NewID(), alias, address)
	w.Receive(first)
	if outcome := w.Receive(releaseTo(w, c, first, true)); outcome.Kind != "comment" {
		t.Fatalf("%+v", outcome)
	}
	if outcome := w.Receive(w.Mail(w.Journal.NewID(), alias, address)); outcome.Kind != "comment" {
		t.Errorf("another answer: %+v", outcome)
	}
	outcome := w.Receive(w.Unaddressed(identity.Principal{Email: alias}, func(*intake.Mail) {}))
	if outcome.Kind != "case" {
		t.Fatalf("a request: %+v", outcome)
	}
	if got := w.Detail(w.Agent, support.Case{OrgID: w.Org.ID, ID: outcome.CaseID}); got.Submitter.ID != w.Customer.UserID {
		t.Errorf("%+v", got.Submitter)
	}
	for _, comment := range w.Detail(w.Agent, c).Comments {
		if comment.Author.ID != w.Customer.UserID {
			t.Errorf("%+v", comment)
		}
	}
	page, err := w.Intake.Aliases(t.Context(), w.Agent, w.Org.ID, 10, "")
	w.Must(err)
	if len(page.Aliases) != 1 || page.Aliases[0].Address != alias || page.Aliases[0].ConfirmedBy != w.Agent.Name() {
		t.Errorf("%+v", page)
	}
	_, err = w.Intake.Aliases(t.Context(), w.Customer, w.Org.ID, 10, "")
	w.Wants(fault.Forbidden, err)
	w.Wants(fault.Forbidden, w.Intake.RemoveAlias(t.Context(), w.Customer, w.Org.ID, alias))
	w.Wants(fault.NotFound, w.Intake.RemoveAlias(t.Context(), w.Agent, w.Neighbour.ID, alias))
	w.Must(w.Intake.RemoveAlias(t.Context(), w.Agent, w.Org.ID, alias))
	w.Wants(fault.NotFound, w.Intake.RemoveAlias(t.Context(), w.Agent, w.Org.ID, alias))
	if outcome := w.Receive(w.Mail(w.Journal.NewID(), alias, address)); outcome.Reason != intake.OtherSender {
		t.Errorf("after it was removed: %+v", outcome)
	}
}

func TestOnlyACustomersAddressCanBeConfirmed(t *testing.T) {
	w := supporttest.NewWorld(t)
	c := w.NewCase(w.Customer, "No Wi-Fi")
	confirm := func(from, address, sender string) error {
		mail := w.Mail(w.Journal.NewID(), from, address)
		w.Receive(mail)
		return w.Intake.ReleaseToCase(t.Context(), w.Agent, intake.CaseRelease{
			OrgID: c.OrgID, CaseID: c.ID, MailID: mail.ID, ConfirmSender: true, SenderID: sender,
		})
	}
	own, agents := w.ReplyTo(w.Customer, c, ""), w.ReplyTo(w.Agent, c, "")
	w.Wants(fault.Invalid, confirm(alias, agents, ""))
	w.Wants(fault.Invalid, confirm(alias, own, w.Agent.UserID))
	w.Wants(fault.Invalid, confirm(alias, own, w.Journal.NewID()))
	w.Wants(fault.Conflict, confirm("", own, ""))
}

func TestAColleagueWithSomebodyElsesAddressIsLinked(t *testing.T) {
	w := supporttest.NewWorld(t)
	c := w.NewCase(w.Customer, "No Wi-Fi")
	address := w.ReplyTo(w.Customer, c, "")
	colleague := w.Another(w.Org.Place(), identity.Write)
	outcome := w.Receive(w.Mail(w.Journal.NewID(), colleague.Email, address))
	if outcome.Kind != "case" {
		t.Fatalf("%+v", outcome)
	}
	got := w.Detail(w.Agent, support.Case{OrgID: w.Org.ID, ID: outcome.CaseID})
	if got.Submitter.ID != colleague.UserID || len(got.Links) != 1 || got.Links[0].CaseID != c.ID {
		t.Errorf("%+v, links %+v", got.Submitter, got.Links)
	}
	_, err := w.Cases.Change(t.Context(), w.Agent, c.OrgID, c.ID, support.CaseChange{WatcherIDs: &[]string{colleague.UserID}})
	w.Must(err)
	mail := w.Mail(w.Journal.NewID(), colleague.Email, address)
	mail.Text, mail.Reply = "From a watcher.", "From a watcher."
	if outcome := w.Receive(mail); outcome.Kind != "comment" || outcome.CaseID != c.ID {
		t.Errorf("a watcher: %+v", outcome)
	}
	for name, from := range map[string]string{
		"an agent":            w.Agent.Email,
		"a person elsewhere":  w.Another(w.NewOrg(w.MSP.ID, "Elsewhere").Place(), identity.Write).Email,
		"who opens no cases":  w.Person(w.Org.Place(), identity.Read).Email,
		"nobody who is known": alias,
	} {
		if outcome := w.Receive(w.Mail(w.Journal.NewID(), from, address)); outcome.Reason != intake.OtherSender {
			t.Errorf("%s: %+v", name, outcome)
		}
	}
}

func TestWhatAnotherAddressWritesInAnAgentsNameStaysInternal(t *testing.T) {
	w := supporttest.NewWorld(t)
	c := w.NewCase(w.Customer, "No Wi-Fi")
	mail := w.Mail(w.Journal.NewID(), alias, w.ReplyTo(w.Agent, c, ""))
	w.Receive(mail)
	if outcome := w.Receive(releaseTo(w, c, mail, false)); outcome.Kind != "comment" {
		t.Fatalf("%+v", outcome)
	}
	if got := w.Detail(w.Customer, c); len(got.Comments) != 0 {
		t.Errorf("the customer sees %+v", got.Comments)
	}
}

func TestAMailThatLooksAutomaticCanBeReleased(t *testing.T) {
	w := supporttest.NewWorld(t)
	mail := w.Unaddressed(w.Customer, func(m *intake.Mail) { m.Automatic = true })
	if outcome := w.Receive(w.Release(mail, intake.AutoWithout)); outcome.Kind != "case" {
		t.Errorf("automatic: %+v", outcome)
	}
	mail = w.Unaddressed(w.Customer, func(m *intake.Mail) { m.Automatic, m.Bounce = true, true })
	if outcome := w.Receive(w.Release(mail, intake.FailedDelivery)); outcome.Kind != "case" {
		t.Errorf("a report: %+v", outcome)
	}
	mail = w.Unaddressed(w.Customer, func(m *intake.Mail) { m.FromCount = 2 })
	if outcome := w.Receive(w.Release(mail, intake.OtherSender)); outcome.Kind != "case" {
		t.Errorf("two senders: %+v", outcome)
	}
}
