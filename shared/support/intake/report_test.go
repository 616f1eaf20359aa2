package intake_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/tenantry/tenantry/shared/fault"
	"github.com/tenantry/tenantry/shared/identity"
	"github.com/tenantry/tenantry/shared/mail/received"
	"github.com/tenantry/tenantry/shared/support"
	"github.com/tenantry/tenantry/shared/support/desk"
	"github.com/tenantry/tenantry/shared/support/intake"
	"github.com/tenantry/tenantry/shared/support/supporttest"
)

func TestABounceIsRecordedAndStopsNotifications(t *testing.T) {
	w := supporttest.NewWorld(t)
	c := w.NewCase(w.Customer, "No Wi-Fi")
	report := w.Failed("m-1", w.BounceOf(w.Customer.UserID, c), w.Customer.Email)
	if outcome := w.Receive(report); outcome.Kind != "report" || outcome.CaseID != c.ID {
		t.Fatalf("%+v", outcome)
	}
	if again := w.Receive(report); again.Kind != "duplicate" {
		t.Errorf("again: %+v", again)
	}
	if lines := w.Noted(w.Agent, c); len(lines) != 1 ||
		lines[0] != "A mail to carlo@rialto.example.net could not be delivered: 5.1.1 No such user here" {
		t.Errorf("agents see %q", lines)
	}
	if lines := w.Noted(w.Customer, c); len(lines) != 0 {
		t.Errorf("the customer sees %q", lines)
	}
	w.Wants(fault.NotFound, w.MayBeTold(w.Customer.UserID, c))
	person, err := w.Accounts.Person(t.Context(), w.Customer.UserID)
	if err != nil || person.MailFailed == 0 || !strings.Contains(person.MailFailure, "5.1.1") {
		t.Errorf("%+v, %v", person, err)
	}
	// The person says that the address works again.
	person, _, err = w.Accounts.ChangeSelf(t.Context(), w.Customer, identity.SelfChange{MailWorks: true})
	if err != nil || person.MailFailed != 0 || person.MailFailure != "" {
		t.Errorf("%+v, %v", person, err)
	}
	w.Must(w.MayBeTold(w.Customer.UserID, c))
}

func TestAMailFromAnAddressShowsThatItWorks(t *testing.T) {
	w := supporttest.NewWorld(t)
	c := w.NewCase(w.Customer, "No Wi-Fi")
	answer := w.ReplyTo(w.Customer, c, "")
	w.Receive(w.Failed("m-1", w.BounceOf(w.Customer.UserID, c), w.Customer.Email))
	unproven := w.Mail("m-2", w.Customer.Email, answer)
	unproven.Verdicts = received.Verdicts{SPF: "GRAY", DMARC: "GRAY"}
	automatic := w.Mail("m-3", w.Customer.Email, answer)
	automatic.Automatic = true
	for _, mail := range []intake.Mail{unproven, automatic} {
		if outcome := w.Receive(mail); outcome.Kind != "comment" {
			t.Fatalf("%+v", outcome)
		}
		w.Wants(fault.NotFound, w.MayBeTold(w.Customer.UserID, c))
	}
	released := w.Mail(w.Journal.NewID(), w.Customer.Email, answer)
	released.Verdicts = received.Verdicts{SPF: "FAIL", DKIM: "FAIL", DMARC: "GRAY"}
	w.Receive(released)
	if outcome := w.Receive(releaseTo(w, c, released, false)); outcome.Kind != "comment" {
		t.Fatalf("%+v", outcome)
	}
	w.Wants(fault.NotFound, w.MayBeTold(w.Customer.UserID, c)) // a desk's word is not about the account
	w.Receive(w.Mail("m-4", w.Customer.Email, answer))
	w.Must(w.MayBeTold(w.Customer.UserID, c))
}

func TestAForgedReportMarksNobody(t *testing.T) {
	w := supporttest.NewWorld(t)
	c := w.NewCase(w.Customer, "No Wi-Fi")
	bounce, answer := w.BounceOf(w.Customer.UserID, c), w.ReplyTo(w.Customer, c, "")
	for name, test := range map[string]struct {
		mail intake.Mail
		edit func(*intake.Mail)
		want string
	}{
		"a forged token":         {w.Failed("m-1", "bounce+aaaa@portal.example.com", w.Customer.Email), nil, "quarantine"},
		"no token":               {w.Failed("m-2", supporttest.SupportAddress, w.Customer.Email), nil, "quarantine"},
		"the token of an answer": {w.Failed("m-3", answer, w.Customer.Email), nil, "quarantine"},
		"that token returned":    {w.Failed("m-4", supporttest.SupportAddress, w.Customer.Email), func(m *intake.Mail) { m.Report.Addresses = []string{answer} }, "quarantine"},
		"that token as another":  {w.Failed("m-12", strings.Replace(answer, "reply+", "bounce+", 1), w.Customer.Email), nil, "quarantine"},
		"no report":              {w.Mail("m-5", w.Customer.Email, bounce), nil, "quarantine"},
		"about somebody else":    {w.Failed("m-6", bounce, w.Agent.Email), nil, "report"},
		"a transient failure":    {w.Failed("m-7", bounce, w.Customer.Email), func(m *intake.Mail) { m.Report.Permanent = false }, "report"},
		"delayed":                {w.Failed("m-8", bounce, w.Customer.Email), func(m *intake.Mail) { m.Report.Kind = intake.Delayed }, "report"},
		"an unreadable report":   {w.Failed("m-9", bounce), func(m *intake.Mail) { m.Report = nil }, "report"},
		"a report of success":    {w.Failed("m-10", bounce, w.Customer.Email), func(m *intake.Mail) { m.Report.Kind = intake.Delivered }, "duplicate"},
	} {
		if test.edit != nil {
			test.edit(&test.mail)
		}
		if outcome := w.Receive(test.mail); outcome.Kind != test.want ||
			test.want == "quarantine" && outcome.Reason != intake.FailedDelivery {
			t.Errorf("%s: %+v", name, outcome)
		}
		if err := w.MayBeTold(w.Customer.UserID, c); err != nil {
			t.Fatalf("%s: the address is marked", name)
		}
	}
	if lines := w.Noted(w.Agent, c); len(lines) != 4 {
		t.Errorf("recorded %q", lines)
	}
	// A token of ours in the returned mail is sufficient.
	mail := w.Failed("m-11", supporttest.SupportAddress, w.Customer.Email)
	mail.Report.Addresses = []string{"x@y.example", bounce}
	if outcome := w.Receive(mail); outcome.Kind != "report" {
		t.Errorf("%+v", outcome)
	}
	w.Wants(fault.NotFound, w.MayBeTold(w.Customer.UserID, c))
}

func TestAnAddressWithoutAnAccountIsMarkedInItsCase(t *testing.T) {
	w := supporttest.NewWorld(t)
	c, err := w.Cases.Create(t.Context(), w.Customer, w.Org.ID, support.NewCase{
		Fields: desk.Fields{
			Subject: "No Wi-Fi",
		},
		Description: "x",
		CC:          []string{"a@rialto.example.net", "b@rialto.example.net"},
	})
	w.Must(err)
	friend := identity.Principal{UserID: c.CC[0].ID}
	answer := w.ReplyTo(friend, c, "")
	w.Receive(w.Failed("m-1", w.BounceOf(friend.UserID, c), "a@rialto.example.net"))
	w.Wants(fault.NotFound, w.MayBeTold(friend.UserID, c))
	w.Must(w.MayBeTold(c.CC[1].ID, c))
	// Adding the same people again changes nothing; a mail from the address does.
	_, err = w.Cases.Change(t.Context(), w.Customer, c.OrgID, c.ID,
		support.CaseChange{CC: &[]string{"b@rialto.example.net", "a@rialto.example.net"}})
	w.Must(err)
	w.Wants(fault.NotFound, w.MayBeTold(friend.UserID, c))
	if outcome := w.Receive(w.Mail("m-2", "a@rialto.example.net", answer)); outcome.Kind != "comment" {
		t.Fatalf("%+v", outcome)
	}
	w.Must(w.MayBeTold(friend.UserID, c))
}

func TestReportsOfACaseAreLimited(t *testing.T) {
	w := supporttest.NewWorld(t)
	c := w.NewCase(w.Customer, "No Wi-Fi")
	bounce := w.BounceOf(w.Customer.UserID, c)
	for i := range 15 {
		mail := w.Failed(fmt.Sprint("m-", i), bounce, w.Customer.Email)
		mail.Report.Permanent = false
		w.Receive(mail)
	}
	if lines := w.Noted(w.Agent, c); len(lines) != 10 {
		t.Errorf("%d lines", len(lines))
	}
}

func TestAnOutOfOfficeReplyToTheBounceAddressIsAnAutomaticComment(t *testing.T) {
	w := supporttest.NewWorld(t)
	c := w.NewCase(w.Customer, "No Wi-Fi")
	mail := w.Mail("m-1", w.Customer.Email, w.BounceOf(w.Customer.UserID, c))
	mail.Automatic = true
	if outcome := w.Receive(mail); outcome.Kind != "comment" {
		t.Fatalf("%+v", outcome)
	}
	if detail := w.Detail(w.Agent, c); len(detail.Comments) != 1 || !detail.Comments[0].Automatic ||
		len(detail.History) != 0 {
		t.Errorf("%+v", detail)
	}
	w.Must(w.MayBeTold(w.Customer.UserID, c))
	mail = w.Mail("m-2", "eve@evil.example", w.BounceOf(w.Customer.UserID, c))
	mail.Automatic = true
	if outcome := w.Receive(mail); outcome.Reason != intake.OtherSender {
		t.Errorf("%+v", outcome)
	}
}
