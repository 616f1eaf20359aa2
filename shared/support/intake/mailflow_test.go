package intake_test

import (
	"testing"
	"time"

	"github.com/tenantry/tenantry/shared/fault"
	"github.com/tenantry/tenantry/shared/identity"
	"github.com/tenantry/tenantry/shared/mail/flow"
	"github.com/tenantry/tenantry/shared/support/supporttest"
)

func TestMailsAreCountedByDayAndWhatBecameOfThem(t *testing.T) {
	w := supporttest.NewWorld(t)
	operator := w.Operator()
	c := w.NewCase(w.Customer, "No Wi-Fi")
	to := w.ReplyTo(w.Customer, c, "")
	answer := w.Mail("m-1", w.Customer.Email, to)
	unknown := w.Mail(w.Journal.NewID(), "stranger@example.org", to)
	report := w.Failed("m-3", w.BounceOf(w.Customer.UserID, c), w.Customer.Email)
	for range 2 { // a mail that arrives again counts once
		w.Receive(answer)
		w.Receive(unknown)
		w.Receive(report)
	}
	w.Clock.Pass(48 * time.Hour)
	w.Receive(w.Mail("m-4", w.Customer.Email, to))
	days, err := w.Intake.MailFlow(t.Context(), operator, 4)
	w.Must(err)
	want := []map[flow.Kind]int64{
		{}, {flow.Accepted: 1, flow.Quarantined: 1, flow.Bounced: 1}, {}, {flow.Accepted: 1},
	}
	if len(days) != len(want) {
		t.Fatalf("%d days", len(days))
	}
	for i, day := range days {
		if name := w.Clock.Now().UTC().AddDate(0, 0, i-3).Format(time.DateOnly); day.Day != name {
			t.Errorf("day %d is %s, want %s", i, day.Day, name)
		}
		for _, kind := range flow.Kinds() {
			if day.Mails[kind] != want[i][kind] {
				t.Errorf("%s: %d mails %s, want %d", day.Day, day.Mails[kind], kind, want[i][kind])
			}
		}
	}
}

func TestTheFlowOfMailsIsForOperators(t *testing.T) {
	w := supporttest.NewWorld(t)
	for _, by := range []identity.Principal{w.Customer, w.Agent, w.SupportAgent()} {
		_, err := w.Intake.MailFlow(t.Context(), by, 30)
		if !fault.Is(err, fault.Forbidden) && !fault.Is(err, fault.NotFound) {
			t.Errorf("%s: %v", by.Email, err)
		}
	}
	for _, days := range []int{0, -1, flow.MaxDays + 1} {
		_, err := w.Intake.MailFlow(t.Context(), w.Operator(), days)
		w.Wants(fault.Invalid, err)
	}
}
