package intake_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/tenantry/tenantry/shared/identity"
	"github.com/tenantry/tenantry/shared/support/intake"
	"github.com/tenantry/tenantry/shared/support/supporttest"
)

func TestWhoWritesMoreThanPeopleDoIsKeptOut(t *testing.T) {
	w := supporttest.NewWorld(t)
	c := w.NewCase(w.Customer, "No Wi-Fi")
	address := w.ReplyTo(w.Customer, c, "")
	sent := 0
	send := func() intake.Outcome {
		sent++
		return w.Receive(w.Mail(fmt.Sprint("m-", sent), w.Customer.Email, address))
	}
	for _, step := range []struct {
		pass  time.Duration
		taken int
	}{
		{0, 10},               // 10 in 10 minutes
		{10 * time.Minute, 5}, // 15 in 30
		{5 * time.Minute, 0},
		{15 * time.Minute, 10}, // 25 in 60
		{11 * time.Minute, 0},
		{50 * time.Minute, 10},
		{600 * time.Minute, 10}, // everything is forgotten
	} {
		w.Clock.Pass(step.pass)
		for i := range step.taken {
			if outcome := send(); outcome.Kind != "comment" {
				t.Fatalf("after %v, mail %d: %+v", step.pass, i, outcome)
			}
		}
		if outcome := send(); outcome.Reason != intake.Rate {
			t.Fatalf("after %v: %+v", step.pass, outcome)
		}
	}
	// Others, and other cases, are not affected.
	if outcome := w.Receive(w.Mail("agent", w.Agent.Email, w.ReplyTo(w.Agent, c, ""))); outcome.Kind != "comment" {
		t.Errorf("%+v", outcome)
	}
	if outcome := w.Receive(
		w.Mail("other", w.Customer.Email, w.ReplyTo(w.Customer, w.NewCase(w.Customer, "Other"), "")),
	); outcome.Kind != "comment" {
		t.Errorf("%+v", outcome)
	}
}

func TestAMailCountsOnceHoweverOftenItComes(t *testing.T) {
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
	var outcome intake.Outcome
	for i := range 41 {
		mail := w.Mail(fmt.Sprint("m-", i), w.Customer.Email, supporttest.SupportAddress)
		mail.Text = fmt.Sprint("Alarm ", i)
		if outcome = w.Receive(mail); i < 40 && outcome.Kind != "case" {
			t.Fatalf("mail %d: %+v", i, outcome)
		}
	}
	if outcome.Reason != intake.Rate {
		t.Errorf("%+v", outcome)
	}
	entry := w.Quarantine()[0]
	w.Must(w.Intake.ReleaseQuarantined(t.Context(), w.Operator(), entry.ID))
	colleague := w.Another(w.Org.Place(), identity.Write)
	if outcome := w.Receive(w.Mail("colleague", colleague.Email, supporttest.SupportAddress)); outcome.Kind != "case" {
		t.Errorf("%+v", outcome)
	}
}

func TestMailsAtTheSameMomentAreAllTaken(t *testing.T) {
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
