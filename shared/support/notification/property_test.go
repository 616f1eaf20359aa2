package notification_test

import (
	"math/rand/v2"
	"testing"

	"github.com/tenantry/tenantry/shared/identity"
	"github.com/tenantry/tenantry/shared/support"
	"github.com/tenantry/tenantry/shared/support/desk"
	"github.com/tenantry/tenantry/shared/support/supporttest"
)

// TestSomebodyOfTheProviderIsAlwaysNotified draws who works for a provider, who of them left or
// cannot be reached by mail, and who is on the case and the desk. A comment of the customer must
// reach somebody who can be reached, each person once, and nobody else.
func TestSomebodyOfTheProviderIsAlwaysNotified(t *testing.T) {
	w := supporttest.NewWorld(t)
	random := rand.New(rand.NewPCG(7, 11))
	const agents = 4
	for round := range 25 {
		staff := make([]identity.Principal, agents)
		roles := []identity.Role{identity.Helpdesk, identity.Admin, identity.Write, identity.Helpdesk}
		for i := range staff {
			staff[i] = w.Another(w.MSP.Place(), roles[i])
		}
		c := w.NewCase(w.Customer, "No Wi-Fi")
		if random.IntN(3) > 0 {
			assign(w, c, staff[random.IntN(agents)])
		}
		watchers := []string{staff[random.IntN(agents)].UserID, w.Customer.UserID}
		cc := []string{staff[random.IntN(agents)].Email, w.Customer.Email, "friend@elsewhere.example.net"}
		_, err := w.Cases.Change(t.Context(), staff[0], c.OrgID, c.ID, support.CaseChange{WatcherIDs: &watchers, CC: &cc})
		w.Must(err)
		setDeskIDs(w, staff[random.IntN(agents)].UserID, staff[random.IntN(agents)].UserID)
		reachable := map[string]bool{}
		for _, agent := range staff {
			switch random.IntN(3) {
			case 0:
				w.Revoke(agent, w.MSP.Place())
			case 1:
				w.Must(w.Accounts.MailFails(t.Context(), agent.UserID, "5.1.1"))
			default:
				reachable[agent.UserID] = true
			}
		}
		before := len(w.Outbox())
		w.Comment(w.Customer, c, "Any news?")
		provider, seen := 0, map[string]bool{}
		for _, recipient := range w.Recipients(before) {
			if seen[recipient.ID] || recipient.ID == w.Customer.UserID {
				t.Errorf("round %d: %s is notified twice, or of their own comment", round, recipient.ID)
			}
			seen[recipient.ID] = true
			for _, agent := range staff {
				if recipient.ID == agent.UserID && !reachable[agent.UserID] {
					t.Errorf("round %d: somebody who cannot be reached is notified", round)
				}
			}
			if reachable[recipient.ID] || recipient.Operator {
				provider++
			}
		}
		if provider == 0 {
			t.Errorf("round %d: nobody of the provider is notified", round)
		}
		for _, agent := range staff {
			if reachable[agent.UserID] {
				w.Revoke(agent, w.MSP.Place()) // the next round has other people
			}
		}
	}
}

func setDeskIDs(w *supporttest.World, ids ...string) {
	w.T.Helper()
	_, err := w.Desk.ChangeSetting(w.T.Context(), w.Operator(), w.MSP.ID, 0, func(s *desk.Setting) {
		s.DeskIDs = support.Distinct(ids)
	})
	w.Must(err)
}
