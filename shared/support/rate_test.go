package support_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/tenantry/tenantry/shared/identity"
	"github.com/tenantry/tenantry/shared/support"
)

func TestWhoWritesMoreThanPeopleDoIsKeptOut(t *testing.T) {
	w := newWorld(t)
	c := w.newCase(w.customer, "No Wi-Fi")
	address := w.replyTo(w.customer, c, "")
	sent := 0
	send := func() support.Outcome {
		sent++
		return w.intake(w.mail(fmt.Sprint("m-", sent), w.customer.Email, address))
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
		{600 * time.Minute, 10}, // all is forgotten
	} {
		w.Clock.Pass(step.pass)
		for i := range step.taken {
			if outcome := send(); outcome.Kind != "comment" {
				t.Fatalf("after %v, mail %d: %+v", step.pass, i, outcome)
			}
		}
		if outcome := send(); outcome.Reason != support.Rate {
			t.Fatalf("after %v: %+v", step.pass, outcome)
		}
	}
	// Others, and other cases, are not concerned.
	if outcome := w.intake(w.mail("agent", w.agent.Email, w.replyTo(w.agent, c, ""))); outcome.Kind != "comment" {
		t.Errorf("%+v", outcome)
	}
	if outcome := w.intake(w.mail("other", w.customer.Email, w.replyTo(w.customer, w.newCase(w.customer, "Other"), ""))); outcome.Kind != "comment" {
		t.Errorf("%+v", outcome)
	}
}

func TestAMailCountsOnceHoweverOftenItComes(t *testing.T) {
	w := newWorld(t)
	c := w.newCase(w.customer, "No Wi-Fi")
	mail := w.mail("m-1", w.customer.Email, w.replyTo(w.customer, c, ""))
	for range 12 {
		w.intake(mail)
	}
	if outcome := w.intake(w.mail("m-2", w.customer.Email, w.replyTo(w.customer, c, ""))); outcome.Kind != "comment" {
		t.Errorf("%+v", outcome)
	}
}

func TestASenderHasALimitOverAllCases(t *testing.T) {
	w := newWorld(t)
	var outcome support.Outcome
	for i := range 41 {
		mail := w.mail(fmt.Sprint("m-", i), w.customer.Email, supportAddress)
		mail.Text = fmt.Sprint("Alarm ", i)
		if outcome = w.intake(mail); i < 40 && outcome.Kind != "case" {
			t.Fatalf("mail %d: %+v", i, outcome)
		}
	}
	if outcome.Reason != support.Rate {
		t.Errorf("%+v", outcome)
	}
	kept := w.quarantine()[0]
	w.must(w.Desk.ReleaseQuarantined(t.Context(), w.Operator(), kept.ID))
	colleague := w.Another(w.Org.Place(), identity.Write)
	if outcome := w.intake(w.mail("colleague", colleague.Email, supportAddress)); outcome.Kind != "case" {
		t.Errorf("%+v", outcome)
	}
}

func TestMailsAtTheSameMomentAreAllTaken(t *testing.T) {
	w := newWorld(t)
	var addresses []string
	for i := range 4 {
		addresses = append(addresses, w.replyTo(w.customer, w.newCase(w.customer, fmt.Sprint(i)), ""))
	}
	done := make(chan string)
	for i, address := range append(addresses, addresses...) {
		mail := w.mail(fmt.Sprint("m-", i), w.customer.Email, address)
		go func() {
			outcome, err := w.Desk.Intake(t.Context(), mail)
			done <- fmt.Sprint(outcome.Kind, err)
		}()
	}
	for range 8 {
		if got := <-done; got != "comment<nil>" {
			t.Error(got)
		}
	}
}
