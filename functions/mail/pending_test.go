package mail_test

import (
	"bytes"
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/tenantry/tenantry/functions/mail"
	"github.com/tenantry/tenantry/shared/apptest"
	"github.com/tenantry/tenantry/shared/fault"
	"github.com/tenantry/tenantry/shared/identity"
	sender "github.com/tenantry/tenantry/shared/mail"
	"github.com/tenantry/tenantry/shared/support"
	"github.com/tenantry/tenantry/shared/support/desk"
)

// refusing is a relay that refuses mails with a text for good.
type refusing struct {
	sender.Sender
	text string
}

func (r refusing) Send(ctx context.Context, out sender.Outgoing) (string, error) {
	if bytes.Contains(out.Raw, []byte(r.text)) {
		return "", fault.New(fault.Invalid, "The relay refused the mail: 554 5.7.1 content")
	}
	return r.Sender.Send(ctx, out)
}

// assigned opens a case that is assigned to the agent, with all mails about that sent.
func (w *world) assigned() support.Case {
	w.t.Helper()
	c := w.newCase("No Wi-Fi")
	after, err := w.Cases.Change(w.t.Context(), w.agent, c.OrgID, c.ID, support.CaseChange{AssigneeID: &w.agent.UserID})
	w.must(err)
	w.sendAll()
	return after
}

func TestMoreChangesThanOneMailHoldsAreSeveralMails(t *testing.T) {
	w := newWorld(t)
	c := w.assigned()
	before := len(w.mails(w.agent.Email))
	for i := range 55 {
		w.comment(w.customer, c, fmt.Sprintf("Comment number %d.", i))
	}
	w.sendAll()
	w.sendAll() // what the first mail left
	var text strings.Builder
	got := w.mails(w.agent.Email)[before:]
	for _, one := range got {
		text.Write(one.Raw)
	}
	for i := range 55 {
		if !strings.Contains(text.String(), fmt.Sprintf("Comment number %d.", i)) {
			t.Errorf("comment %d is in none of the %d mails", i, len(got))
		}
	}
}

func TestManyNotesDoNotHideAnAnswerFromTheCustomer(t *testing.T) {
	w := newWorld(t)
	c := w.assigned()
	w.comment(w.agent, c, "It is fixed.")
	for range 52 {
		_, _, err := w.Cases.AddComment(t.Context(), w.agent, c.OrgID, c.ID, support.NewComment{Text: "note", Internal: true})
		w.must(err)
	}
	w.sendAll()
	mails := w.mails(w.customer.Email)
	if last := mails[len(mails)-1]; !strings.Contains(string(last.Raw), "It is fixed.") {
		t.Errorf("the customer's last mail says %s", last.Raw)
	}
}

func TestAMailThatIsRefusedForGoodHoldsNoOtherUp(t *testing.T) {
	w := newWorld(t)
	c := w.assigned()
	sending := guarded(w.Estate, sendGuard)
	w.send = mail.Send(mail.SendServices{
		Journal: sending.journal, Accounts: sending.accounts, Tenants: w.Tenants, Set: sending.Set, Logos: sending.logos,
		Queues: sendGuard.Queues(w.Queues), Sender: sendGuard.Mail(refusing{w.Sender, "GTUBE"}),
		BaseURL: apptest.BaseURL, Domain: apptest.MailDomain,
	})
	w.comment(w.customer, c, "First comment.")
	w.comment(w.customer, c, "GTUBE")
	w.comment(w.customer, c, "Third comment.")
	for _, message := range w.Outbox()[w.handled:] {
		w.must(w.send.Handle(t.Context(), message))
	}
	w.handled = len(w.Outbox())
	refused := 0
	for range 3 {
		for _, message := range w.queued() {
			if err := w.send.Handle(t.Context(), message); fault.Is(err, fault.Invalid) {
				refused++
			} else {
				w.must(err)
			}
		}
	}
	var text strings.Builder
	for _, one := range w.mails(w.agent.Email) {
		text.Write(one.Raw)
	}
	if !strings.Contains(text.String(), "First comment.") || !strings.Contains(text.String(), "Third comment.") ||
		refused != 1 {
		t.Errorf("%d refused; the agent's mails: %s", refused, text.String())
	}
}

func TestSomebodyElseIsNotifiedIfTheAssigneeLeavesBeforeTheMail(t *testing.T) {
	w := newWorld(t)
	colleague := w.Another(w.MSP.Place(), identity.Helpdesk)
	_, err := w.Desk.ChangeSetting(t.Context(), w.Person(w.MSP.Place(), identity.Admin), w.MSP.ID, 0,
		func(s *desk.Setting) { s.DeskIDs = []string{colleague.UserID} })
	w.must(err)
	c := w.assigned()
	w.comment(w.customer, c, "Is anybody there?")
	for _, message := range w.Outbox()[w.handled:] {
		w.must(w.send.Handle(t.Context(), message))
	}
	w.handled = len(w.Outbox())
	late := w.queued()
	w.Revoke(w.agent, w.MSP.Place())
	for _, message := range late {
		w.must(w.send.Handle(t.Context(), message))
	}
	w.sendAll()
	got := w.mails(colleague.Email)
	if len(got) == 0 || !strings.Contains(string(got[len(got)-1].Raw), "Is anybody there?") {
		t.Errorf("the desk got %d mails", len(got))
	}
}

func TestOperatorsHearOfAnUnattendedCaseOnceAnHour(t *testing.T) {
	w := newWorld(t)
	c := w.newCase("No Wi-Fi")
	for range 5 {
		w.comment(w.customer, c, "Hello?")
		w.sendAll()
	}
	if got := w.mails(w.Operator().Email); len(got) != 1 {
		t.Errorf("%d mails to the operator", len(got))
	}
	w.Clock.Pass(61 * time.Minute)
	w.comment(w.customer, c, "Hello?")
	w.sendAll()
	if got := w.mails(w.Operator().Email); len(got) != 2 {
		t.Errorf("%d mails to the operator after an hour", len(got))
	}
}

func TestATaskOfAnExpiredChangeDoesNotVanish(t *testing.T) {
	w := newWorld(t)
	c := w.assigned()
	w.comment(w.customer, c, "Is anybody there?")
	announced := w.Outbox()[w.handled]
	w.Clock.Pass(16 * 24 * time.Hour)
	wantsInvalid(t, "an expired change", w.send.Handle(t.Context(), announced))
}
