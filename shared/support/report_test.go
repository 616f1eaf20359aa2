package support_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/tenantry/tenantry/shared/fault"
	"github.com/tenantry/tenantry/shared/identity"
	"github.com/tenantry/tenantry/shared/support"
)

// bounceOf gives where reports about a person's mail of a case go.
func (w *world) bounceOf(userID string, c support.Case) string {
	w.t.Helper()
	letter, err := w.Desk.Letter(w.t.Context(), support.Notice{Event: support.Changed, OrgID: c.OrgID, CaseID: c.ID, UserID: userID})
	w.must(err)
	return letter.Bounce
}

// failed is a report as a mail server writes one.
func (w *world) failed(id, recipient string, about ...string) support.Mail {
	mail := w.mail(id, "mailer-daemon@mx.example.net", recipient)
	mail.Bounce, mail.Automatic, mail.Text = true, true, id
	mail.Report = &support.Report{Kind: support.Bounced, Permanent: true, Recipients: about, Status: "5.1.1", Diagnostic: "No such user\nhere"}
	return mail
}

func (w *world) mayBeTold(userID string, c support.Case) error {
	_, err := w.Desk.Letter(w.t.Context(), support.Notice{Event: support.Changed, OrgID: c.OrgID, CaseID: c.ID, UserID: userID})
	return err
}

// noted gives what the history of a case says about mails, as somebody sees it.
func (w *world) noted(by identity.Principal, c support.Case) []string {
	var lines []string
	for _, entry := range w.detail(by, c).History {
		if difference, ok := entry.Fields["mail"]; ok {
			lines = append(lines, fmt.Sprint(difference.After))
		}
	}
	return lines
}

func TestAReportOfAFailedMailIsNotedAndEndsTheNoticesToTheAddress(t *testing.T) {
	w := newWorld(t)
	c := w.newCase(w.customer, "No Wi-Fi")
	report := w.failed("m-1", w.bounceOf(w.customer.UserID, c), w.customer.Email)
	if outcome := w.intake(report); outcome.Kind != "report" || outcome.CaseID != c.ID {
		t.Fatalf("%+v", outcome)
	}
	if again := w.intake(report); again.Kind != "duplicate" {
		t.Errorf("again: %+v", again)
	}
	if lines := w.noted(w.agent, c); len(lines) != 1 || lines[0] != "A mail to carlo@rialto.example.net could not be delivered: 5.1.1 No such user here" {
		t.Errorf("agents see %q", lines)
	}
	if lines := w.noted(w.customer, c); len(lines) != 0 {
		t.Errorf("the customer sees %q", lines)
	}
	w.Wants(fault.NotFound, w.mayBeTold(w.customer.UserID, c))
	person, err := w.Accounts.Person(t.Context(), w.customer.UserID)
	if err != nil || person.MailFailed == 0 || !strings.Contains(person.MailFailure, "5.1.1") {
		t.Errorf("%+v, %v", person, err)
	}
	// The person says that it works again.
	person, _, err = w.Accounts.ChangeSelf(t.Context(), w.customer, identity.SelfChange{MailWorks: true})
	if err != nil || person.MailFailed != 0 || person.MailFailure != "" {
		t.Errorf("%+v, %v", person, err)
	}
	w.must(w.mayBeTold(w.customer.UserID, c))
}

func TestAMailFromAnAddressShowsThatItWorks(t *testing.T) {
	w := newWorld(t)
	c := w.newCase(w.customer, "No Wi-Fi")
	answer := w.replyTo(w.customer, c, "")
	w.intake(w.failed("m-1", w.bounceOf(w.customer.UserID, c), w.customer.Email))
	unproven := w.mail("m-2", w.customer.Email, answer)
	unproven.Verdicts = support.Verdicts{SPF: "GRAY", DMARC: "GRAY"}
	automatic := w.mail("m-3", w.customer.Email, answer)
	automatic.Automatic = true
	for _, mail := range []support.Mail{unproven, automatic} {
		if outcome := w.intake(mail); outcome.Kind != "comment" {
			t.Fatalf("%+v", outcome)
		}
		w.Wants(fault.NotFound, w.mayBeTold(w.customer.UserID, c))
	}
	w.intake(w.mail("m-4", w.customer.Email, answer))
	w.must(w.mayBeTold(w.customer.UserID, c))
}

func TestNobodyIsMarkedOnAClaimAlone(t *testing.T) {
	w := newWorld(t)
	c := w.newCase(w.customer, "No Wi-Fi")
	bounce, answer := w.bounceOf(w.customer.UserID, c), w.replyTo(w.customer, c, "")
	for name, test := range map[string]struct {
		mail support.Mail
		edit func(*support.Mail)
		want string
	}{
		"a forged token":          {w.failed("m-1", "bounce+aaaa@portal.example.com", w.customer.Email), nil, "quarantine"},
		"no token":                {w.failed("m-2", supportAddress, w.customer.Email), nil, "quarantine"},
		"the token of an answer":  {w.failed("m-3", answer, w.customer.Email), nil, "quarantine"},
		"that token given back":   {w.failed("m-4", supportAddress, w.customer.Email), func(m *support.Mail) { m.Report.Addresses = []string{answer} }, "quarantine"},
		"that token as another":   {w.failed("m-12", strings.Replace(answer, "reply+", "bounce+", 1), w.customer.Email), nil, "quarantine"},
		"no report":               {w.mail("m-5", w.customer.Email, bounce), nil, "quarantine"},
		"about somebody else":     {w.failed("m-6", bounce, w.agent.Email), nil, "report"},
		"failed for the moment":   {w.failed("m-7", bounce, w.customer.Email), func(m *support.Mail) { m.Report.Permanent = false }, "report"},
		"delayed":                 {w.failed("m-8", bounce, w.customer.Email), func(m *support.Mail) { m.Report.Kind = support.Delayed }, "report"},
		"what could not be read":  {w.failed("m-9", bounce), func(m *support.Mail) { m.Report = nil }, "report"},
		"that it did get through": {w.failed("m-10", bounce, w.customer.Email), func(m *support.Mail) { m.Report.Kind = support.Delivered }, "duplicate"},
	} {
		if test.edit != nil {
			test.edit(&test.mail)
		}
		if outcome := w.intake(test.mail); outcome.Kind != test.want || test.want == "quarantine" && outcome.Reason != support.FailedDelivery {
			t.Errorf("%s: %+v", name, outcome)
		}
		if err := w.mayBeTold(w.customer.UserID, c); err != nil {
			t.Fatalf("%s: the address is marked", name)
		}
	}
	if lines := w.noted(w.agent, c); len(lines) != 4 {
		t.Errorf("noted %q", lines)
	}
	// A token of ours among what is given back is enough.
	mail := w.failed("m-11", supportAddress, w.customer.Email)
	mail.Report.Addresses = []string{"x@y.example", bounce}
	if outcome := w.intake(mail); outcome.Kind != "report" {
		t.Errorf("%+v", outcome)
	}
	w.Wants(fault.NotFound, w.mayBeTold(w.customer.UserID, c))
}

func TestAnAddressWithoutAnAccountIsMarkedInItsCase(t *testing.T) {
	w := newWorld(t)
	c, err := w.Desk.CreateCase(t.Context(), w.customer, w.Org.ID, support.NewCase{
		Fields: support.Fields{Subject: "No Wi-Fi"}, Description: "x", CC: []string{"a@rialto.example.net", "b@rialto.example.net"},
	})
	w.must(err)
	friend := identity.Principal{UserID: c.CC[0].ID}
	answer := w.replyTo(friend, c, "")
	w.intake(w.failed("m-1", w.bounceOf(friend.UserID, c), "a@rialto.example.net"))
	w.Wants(fault.NotFound, w.mayBeTold(friend.UserID, c))
	w.must(w.mayBeTold(c.CC[1].ID, c))
	// Naming the same people again changes nothing; a mail does.
	_, err = w.Desk.ChangeCase(t.Context(), w.customer, c.OrgID, c.ID, support.CaseChange{CC: &[]string{"b@rialto.example.net", "a@rialto.example.net"}})
	w.must(err)
	w.Wants(fault.NotFound, w.mayBeTold(friend.UserID, c))
	if outcome := w.intake(w.mail("m-2", "a@rialto.example.net", answer)); outcome.Kind != "comment" {
		t.Fatalf("%+v", outcome)
	}
	w.must(w.mayBeTold(friend.UserID, c))
}

func TestReportsDoNotFillACase(t *testing.T) {
	w := newWorld(t)
	c := w.newCase(w.customer, "No Wi-Fi")
	bounce := w.bounceOf(w.customer.UserID, c)
	for i := range 15 {
		mail := w.failed(fmt.Sprint("m-", i), bounce, w.customer.Email)
		mail.Report.Permanent = false
		w.intake(mail)
	}
	if lines := w.noted(w.agent, c); len(lines) != 10 {
		t.Errorf("%d lines", len(lines))
	}
}

func TestAnOutOfOfficeAnswerToWhereFailuresAreReportedIsAnAutomaticComment(t *testing.T) {
	w := newWorld(t)
	c := w.newCase(w.customer, "No Wi-Fi")
	mail := w.mail("m-1", w.customer.Email, w.bounceOf(w.customer.UserID, c))
	mail.Automatic = true
	if outcome := w.intake(mail); outcome.Kind != "comment" {
		t.Fatalf("%+v", outcome)
	}
	if detail := w.detail(w.agent, c); len(detail.Comments) != 1 || !detail.Comments[0].Automatic || len(detail.History) != 0 {
		t.Errorf("%+v", detail)
	}
	w.must(w.mayBeTold(w.customer.UserID, c))
	mail = w.mail("m-2", "eve@evil.example", w.bounceOf(w.customer.UserID, c))
	mail.Automatic = true
	if outcome := w.intake(mail); outcome.Reason != support.OtherSender {
		t.Errorf("%+v", outcome)
	}
}
