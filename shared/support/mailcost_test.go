package support_test

import (
	"testing"

	"github.com/tenantry/tenantry/shared/apptest"
	"github.com/tenantry/tenantry/shared/change"
	"github.com/tenantry/tenantry/shared/identity"
	"github.com/tenantry/tenantry/shared/store/table/cost"
	"github.com/tenantry/tenantry/shared/support"
	"github.com/tenantry/tenantry/shared/tenant"
)

// TestWhatAMailCosts counts the requests of the mails that come most.
func TestWhatAMailCosts(t *testing.T) {
	w := newWorld(t)
	meter := cost.Count(w.Store)
	journal := change.NewJournal(meter, w.Clock.Now)
	desk := support.NewDesk(journal, identity.NewAccounts(journal, w.Keyring, w.Log), tenant.NewTenants(journal), w.Files, w.Index, w.Keyring, apptest.MailDomain)
	c := w.newCase(w.customer, "No Wi-Fi")
	_, err := w.Desk.ChangeCase(t.Context(), w.agent, c.OrgID, c.ID, support.CaseChange{AssigneeID: &w.agent.UserID})
	w.must(err)
	address := w.replyTo(w.customer, c, "")
	w.must(w.sent(c, w.customer, "sent@ses.example"))
	for _, test := range []struct {
		name     string
		mail     support.Mail
		requests int
	}{
		{"an answer", w.mail("m-1", w.customer.Email, address), 4},
		{"the same again", w.mail("m-1", w.customer.Email, address), 4},
		{"an answer that lost its address", w.unaddressed(w.customer, func(m *support.Mail) { m.InReplyTo = "sent@ses.example" }), 6},
		{"a request", w.unaddressed(w.customer, func(m *support.Mail) { m.Subject = "Something else" }), 8},
		{"a stranger's", w.unaddressed(identity.Principal{Email: "x@y.example"}, func(m *support.Mail) { m.Subject = "Something else" }), 3},
	} {
		meter.Reset()
		outcome, err := desk.Intake(t.Context(), test.mail)
		w.must(err)
		units := meter.Snapshot()
		t.Logf("%s: %s%s, %+v", test.name, outcome.Kind, outcome.Reason, units)
		if units.Requests > test.requests {
			t.Errorf("%s takes %v requests, not %d", test.name, units.Requests, test.requests)
		}
	}
	meter.Reset()
	w.must(desk.Sent(t.Context(), support.Notice{OrgID: c.OrgID, CaseID: c.ID, UserID: w.customer.UserID}, "again@ses.example"))
	if units := meter.Snapshot(); units.Requests > 2 {
		t.Errorf("noting a mail that was sent takes %+v", units)
	}
}
