package intake_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/tenantry/tenantry/shared/identity"
	"github.com/tenantry/tenantry/shared/mail/received"
	"github.com/tenantry/tenantry/shared/support"
	"github.com/tenantry/tenantry/shared/support/attachment"
	"github.com/tenantry/tenantry/shared/support/intake"
	"github.com/tenantry/tenantry/shared/support/lists"
	"github.com/tenantry/tenantry/shared/support/supporttest"
)

func TestAMailThroughAGroupOpensACaseWithoutAnAutomaticReply(t *testing.T) {
	w := supporttest.NewWorld(t)
	for _, list := range []bool{false, true} {
		before := len(w.Outbox())
		outcome := w.Receive(w.Unaddressed(w.Customer, func(m *intake.Mail) { m.List = list }))
		if outcome.Kind != "case" {
			t.Fatalf("list %t: %+v", list, outcome)
		}
		receipt := slices.ContainsFunc(w.Told(before), func(n support.Notice) bool { return n.UserID == w.Customer.UserID })
		if receipt == list {
			t.Errorf("list %t: an automatic reply is sent: %t", list, receipt)
		}
	}
	outcome := w.Receive(w.Unaddressed(w.Customer, func(m *intake.Mail) {
		m.List, m.Verdicts, m.Domain = true, received.Verdicts{SPF: "FAIL", DKIM: "GRAY", DMARC: "GRAY"}, "x.example"
	}))
	if outcome.Reason != intake.Unauthenticated {
		t.Errorf("a sender who is not proven: %+v", outcome)
	}
}

func TestAFileThatIsTooLargeIsLeftOutAndNamed(t *testing.T) {
	w := supporttest.NewWorld(t)
	c := w.NewCase(w.Customer, "No Wi-Fi")
	large := intake.MailAttachment{Name: "dump.bin", Content: make([]byte, attachment.MaxFileBytes+1)}
	small := intake.MailAttachment{Name: "log.txt", Content: []byte("link down")}
	for recipient, want := range map[string]string{w.ReplyTo(w.Customer, c, ""): "comment", supporttest.SupportAddress: "case"} {
		mail := w.Mail(w.Journal.NewID(), w.Customer.Email, recipient)
		mail.Attachments = []intake.MailAttachment{large, small}
		outcome := w.Receive(mail)
		if outcome.Kind != want {
			t.Fatalf("%+v, want a %s", outcome, want)
		}
		detail := w.Detail(w.Customer, support.Case{OrgID: c.OrgID, ID: outcome.CaseID})
		text := detail.Description
		if want == "comment" {
			text = detail.Comments[0].Text
		}
		if !strings.Contains(text, "Thanks.") || !strings.Contains(text, "dump.bin (25.0 MiB)") ||
			len(detail.Files) != 1 || detail.Files[0].Name != "log.txt" {
			t.Errorf("the %s has %q and the files %+v", want, text, detail.Files)
		}
		if again := w.Receive(mail); again.Kind != "duplicate" {
			t.Errorf("a second time: %+v", again)
		}
	}
}

func TestAReleasedMailOfTooManyFilesNamesThoseLeftOut(t *testing.T) {
	w := supporttest.NewWorld(t)
	c := w.NewCase(w.Customer, "No Wi-Fi")
	mail := w.Mail(w.Journal.NewID(), w.Customer.Email, w.ReplyTo(w.Customer, c, ""))
	for i := range 70 {
		name := "photo-" + string(rune('a'+i/10)) + string(rune('a'+i%10)) + ".jpg"
		mail.Attachments = append(mail.Attachments, intake.MailAttachment{Name: name, Content: []byte(name)})
	}
	mail = w.Release(mail, intake.TooMuch)
	if outcome := w.Receive(mail); outcome.Kind != "comment" {
		t.Fatalf("%+v", outcome)
	}
	detail := w.Detail(w.Customer, c)
	if text := detail.Comments[0].Text; !strings.Contains(text, "photo-gj.jpg") || len(detail.Files) < 30 {
		t.Errorf("%q, %d files", text, len(detail.Files))
	}
}

// casesOf returns the numbers of an organization's open cases.
func casesOf(w *supporttest.World, orgID string) []int64 {
	w.IndexAll()
	return w.All(w.Person(w.MSP.Place(), identity.Admin), lists.Scope{OrgID: orgID}, lists.Query{Limit: 10})
}

func TestAMailToTwoOrganizationsOpensACaseInBoth(t *testing.T) {
	w := supporttest.NewWorld(t)
	other := w.NewOrg(w.MSP.ID, "Second")
	w.Grant(w.Customer, other.Place(), identity.Write)
	address := func(id string) string {
		return "support+" + strings.ReplaceAll(id, "-", "") + "@" + supporttest.DomainOf(supporttest.SupportAddress)
	}
	mail := w.Mail(w.Journal.NewID(), w.Customer.Email, address(w.Org.ID), address(other.ID), address(w.Org.ID))
	for range 2 { // delivering it again changes nothing
		w.Receive(mail)
	}
	for _, orgID := range []string{w.Org.ID, other.ID} {
		if got := casesOf(w, orgID); len(got) != 1 {
			t.Errorf("%d cases of %s", len(got), orgID)
		}
	}
	// A case that the sender may not write to does not prevent a comment on the other one.
	mail = w.Mail(w.Journal.NewID(), w.Another(w.Org.Place(), identity.Write).Email, address(w.Org.ID), address(other.ID))
	if outcome := w.Receive(mail); outcome.Kind != "quarantine" || len(casesOf(w, w.Org.ID)) != 2 || len(casesOf(w, other.ID)) != 1 {
		t.Errorf("%+v", outcome)
	}
}

func TestUndatedMailsOfOneDayAreOne(t *testing.T) {
	w := supporttest.NewWorld(t)
	mail := w.Unaddressed(w.Customer, func(m *intake.Mail) { m.Undated = true })
	if first, second := w.Receive(mail), w.Receive(mail); first.Kind != "case" || second.Kind != "duplicate" {
		t.Errorf("%+v, then %+v", first, second)
	}
	mail.Time += int64((24 * time.Hour).Seconds())
	if next := w.Receive(mail); next.Kind != "case" {
		t.Errorf("a day later: %+v", next)
	}
}

func TestAReplyToADeletedCaseIsQuarantinedWithThatReason(t *testing.T) {
	w := supporttest.NewWorld(t)
	c := w.NewCase(w.Customer, "No Wi-Fi")
	address := w.ReplyTo(w.Customer, c, "")
	owner := w.Person(w.Org.Place(), identity.Admin)
	_, err := w.Cases.Delete(t.Context(), owner, c.OrgID, c.ID)
	w.Must(err)
	mail := w.Mail("m-1", w.Customer.Email, address)
	if outcome := w.Receive(mail); outcome.Reason != intake.UnknownCase {
		t.Errorf("%+v", outcome)
	}
	if detail := w.Quarantine()[0].Detail; !strings.Contains(detail, "was deleted") {
		t.Errorf("%q", detail)
	}
}

func TestAnAgentWhoForwardsACustomersMailOpensTheCaseForThem(t *testing.T) {
	w := supporttest.NewWorld(t)
	passOn := func(edit func(*intake.Mail)) intake.Outcome {
		return w.Receive(w.Unaddressed(w.Agent, func(m *intake.Mail) {
			m.Subject, m.Forwarded = "Fwd: No Wi-Fi in the lobby", w.Customer.Email
			edit(m)
		}))
	}
	before := len(w.Outbox())
	outcome := passOn(func(*intake.Mail) {})
	if outcome.Kind != "case" {
		t.Fatalf("%+v", outcome)
	}
	got := w.Detail(w.Agent, support.Case{OrgID: w.Org.ID, ID: outcome.CaseID})
	if got.Submitter.ID != w.Customer.UserID || got.Subject != "No Wi-Fi in the lobby" {
		t.Errorf("%+v, %q", got.Submitter, got.Subject)
	}
	if !slices.ContainsFunc(w.Told(before), func(n support.Notice) bool { return n.UserID == w.Customer.UserID }) {
		t.Error("the customer is not notified")
	}
	for name, edit := range map[string]func(*intake.Mail){
		"the agent is not proven": func(m *intake.Mail) {
			m.Verdicts = received.Verdicts{SPF: "GRAY", DKIM: "GRAY", DMARC: "GRAY"}
		},
		"the first sender is not known": func(m *intake.Mail) { m.Forwarded = "nobody@elsewhere.example" },
		"the first sender is an agent":  func(m *intake.Mail) { m.Forwarded = w.Agent.Email },
	} {
		if outcome := passOn(edit); outcome.Kind != "quarantine" {
			t.Errorf("%s: %+v", name, outcome)
		}
	}
	// A customer who forwards a colleague's mail opens a case of their own.
	colleague := w.Another(w.Org.Place(), identity.Write)
	outcome = w.Receive(w.Unaddressed(colleague, func(m *intake.Mail) { m.Forwarded = w.Customer.Email }))
	if got := w.Detail(w.Agent, support.Case{OrgID: w.Org.ID, ID: outcome.CaseID}); got.Submitter.ID != colleague.UserID {
		t.Errorf("%+v", got.Submitter)
	}
	// An agent of another provider cannot open a case for the customer.
	stranger := w.Another(w.NewMSP("Another").Place(), identity.Admin)
	outcome = w.Receive(w.Unaddressed(stranger, func(m *intake.Mail) { m.Forwarded = w.Customer.Email }))
	if outcome.Kind != "quarantine" {
		t.Errorf("%+v", outcome)
	}
}
