package intake_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/tenantry/tenantry/shared/identity"
	"github.com/tenantry/tenantry/shared/support"
	"github.com/tenantry/tenantry/shared/support/intake"
	"github.com/tenantry/tenantry/shared/support/supporttest"
)

func TestNotificationsOfMailsToACaseAreLimited(t *testing.T) {
	w := supporttest.NewWorld(t)
	c := w.NewCase(w.Customer, "No Wi-Fi")
	_, err := w.Cases.Change(t.Context(), w.Agent, c.OrgID, c.ID, support.CaseChange{AssigneeID: &w.Agent.UserID})
	w.Must(err)
	address := w.ReplyTo(w.Customer, c, "")
	sent := 0
	notified := func() bool {
		t.Helper()
		sent++
		before := len(w.Outbox())
		if outcome := w.Receive(w.Mail(fmt.Sprint("m-", sent), w.Customer.Email, address)); outcome.Kind != "comment" {
			t.Fatalf("mail %d: %+v", sent, outcome)
		}
		return len(w.Told(before)) > 0
	}
	for _, step := range []struct {
		pass  time.Duration
		count int
	}{
		{0, 10},               // 10 in 10 minutes
		{10 * time.Minute, 4}, // 15 in 30, including one without a notification
		{5 * time.Minute, 0},
		{600 * time.Minute, 10}, // all earlier mails have expired
	} {
		w.Clock.Pass(step.pass)
		for i := range step.count {
			if !notified() {
				t.Fatalf("after %v, nobody is notified of mail %d", step.pass, i)
			}
		}
		if notified() {
			t.Fatalf("after %v, somebody is notified of one more mail", step.pass)
		}
	}
	if got := w.Detail(w.Agent, c); len(got.Comments) != sent {
		t.Errorf("%d comments of %d mails", len(got.Comments), sent)
	}
	// Others, and other cases, are not affected.
	before := len(w.Outbox())
	w.Receive(w.Mail("agent", w.Agent.Email, w.ReplyTo(w.Agent, c, "")))
	w.Receive(w.Mail("other", w.Customer.Email, w.ReplyTo(w.Customer, w.NewCase(w.Customer, "Other"), "")))
	if len(w.Told(before)) == 0 {
		t.Errorf("notified %+v", w.Told(before))
	}
}

func TestMailsFarAboveTheLimitAreQuarantined(t *testing.T) {
	w := supporttest.NewWorld(t)
	c := w.NewCase(w.Customer, "No Wi-Fi")
	address := w.ReplyTo(w.Customer, c, "")
	for i := range 100 {
		if outcome := w.Receive(w.Mail(fmt.Sprint("m-", i), w.Customer.Email, address)); outcome.Kind != "comment" {
			t.Fatalf("mail %d: %+v", i, outcome)
		}
	}
	mail := w.Mail("m-100", w.Customer.Email, address)
	mail = w.Release(mail, intake.Rate)
	if outcome := w.Receive(mail); outcome.Kind != "comment" {
		t.Errorf("%+v", outcome)
	}
	w.Clock.Pass(10 * time.Minute)
	if outcome := w.Receive(w.Mail("m-101", w.Customer.Email, address)); outcome.Kind != "comment" {
		t.Errorf("%+v", outcome)
	}
}

func TestAMailCountsOnceHoweverOftenItArrives(t *testing.T) {
	w := supporttest.NewWorld(t)
	c := w.NewCase(w.Customer, "No Wi-Fi")
	mail := w.Mail("m-1", w.Customer.Email, w.ReplyTo(w.Customer, c, ""))
	for range 12 {
		w.Receive(mail)
	}
	if outcome := w.Receive(w.Mail("m-2", w.Customer.Email, w.ReplyTo(w.Customer, c, ""))); outcome.Kind != "comment" {
		t.Errorf("%+v", outcome)
	}
}

func TestASenderHasALimitOverAllCases(t *testing.T) {
	w := supporttest.NewWorld(t)
	open := func(i int) (intake.Outcome, int) {
		mail := w.Mail(fmt.Sprint("m-", i), w.Customer.Email, supporttest.SupportAddress)
		mail.Text = fmt.Sprint("Alarm ", i)
		before := len(w.Outbox())
		outcome := w.Receive(mail)
		return outcome, len(w.Told(before))
	}
	for i := range 41 {
		if outcome, notified := open(i); outcome.Kind != "case" || (notified > 0) != (i < 40) {
			t.Fatalf("mail %d: %+v, %d notified", i, outcome, notified)
		}
	}
	colleague := w.Another(w.Org.Place(), identity.Write)
	before := len(w.Outbox())
	if outcome := w.Receive(w.Mail("colleague", colleague.Email, supporttest.SupportAddress)); outcome.Kind != "case" ||
		len(w.Told(before)) == 0 {
		t.Errorf("%+v", outcome)
	}
}

func TestConcurrentMailsAreAllAccepted(t *testing.T) {
	w := supporttest.NewWorld(t)
	var addresses []string
	for i := range 4 {
		addresses = append(addresses, w.ReplyTo(w.Customer, w.NewCase(w.Customer, fmt.Sprint(i)), ""))
	}
	done := make(chan string)
	for i, address := range append(addresses, addresses...) {
		mail := w.Mail(fmt.Sprint("m-", i), w.Customer.Email, address)
		go func() {
			outcome, err := w.Intake.Take(t.Context(), mail)
			done <- fmt.Sprint(outcome.Kind, err)
		}()
	}
	for range 8 {
		if got := <-done; got != "comment<nil>" {
			t.Error(got)
		}
	}
}
