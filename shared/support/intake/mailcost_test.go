package intake_test

import (
	"testing"

	"github.com/tenantry/tenantry/shared/apptest"
	"github.com/tenantry/tenantry/shared/change"
	"github.com/tenantry/tenantry/shared/identity"
	"github.com/tenantry/tenantry/shared/store/table/cost"
	"github.com/tenantry/tenantry/shared/support"
	"github.com/tenantry/tenantry/shared/support/intake"
	"github.com/tenantry/tenantry/shared/support/mailthread"
	"github.com/tenantry/tenantry/shared/support/services"
	"github.com/tenantry/tenantry/shared/support/supporttest"
	"github.com/tenantry/tenantry/shared/tenant"
)

// TestWhatAMailCosts counts the requests for the most frequent mails.
func TestWhatAMailCosts(t *testing.T) {
	w := supporttest.NewWorld(t)
	meter := cost.Count(w.Store)
	journal := change.NewJournal(meter, w.Clock.Now)
	desks := services.New(services.Below{
		Journal:    journal,
		Accounts:   identity.NewAccounts(journal, w.Keyring, w.Log),
		Tenants:    tenant.NewTenants(journal),
		Files:      w.Files,
		Index:      w.Index,
		Keyring:    w.Keyring,
		MailDomain: apptest.MailDomain,
	})
	c := w.NewCase(w.Customer, "No Wi-Fi")
	_, err := w.Cases.Change(t.Context(), w.Agent, c.OrgID, c.ID, support.CaseChange{AssigneeID: &w.Agent.UserID})
	w.Must(err)
	address := w.ReplyTo(w.Customer, c, "")
	w.Must(w.Sent(c, w.Customer, "sent@ses.example"))
	for _, test := range []struct {
		name     string
		mail     intake.Mail
		requests int
	}{
		{"an answer", w.Mail("m-1", w.Customer.Email, address), 4},
		{"the same again", w.Mail("m-1", w.Customer.Email, address), 4},
		{"a reply without its reply address", w.Unaddressed(w.Customer, func(m *intake.Mail) { m.InReplyTo = "sent@ses.example" }), 6},
		{"a request", w.Unaddressed(w.Customer, func(m *intake.Mail) { m.Subject = "Something else" }), 8},
		{"a stranger's", w.Unaddressed(identity.Principal{Email: "x@y.example"}, func(m *intake.Mail) { m.Subject = "Something else" }), 3},
	} {
		meter.Reset()
		outcome, err := desks.Intake.Take(t.Context(), test.mail)
		w.Must(err)
		units := meter.Snapshot()
		t.Logf("%s: %s%s, %+v", test.name, outcome.Kind, outcome.Reason, units)
		if units.Requests > test.requests {
			t.Errorf("%s takes %v requests, want %d", test.name, units.Requests, test.requests)
		}
	}
	meter.Reset()
	w.Must(
		desks.Threads.Sent(
			t.Context(),
			mailthread.SentMail{OrgID: c.OrgID, CaseID: c.ID, UserID: w.Customer.UserID, MessageID: "again@ses.example"},
		),
	)
	if units := meter.Snapshot(); units.Requests > 2 {
		t.Errorf("recording a sent mail takes %+v", units)
	}
}
