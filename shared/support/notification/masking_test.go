package notification_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/tenantry/tenantry/shared/fault"
	"github.com/tenantry/tenantry/shared/identity"
	"github.com/tenantry/tenantry/shared/support"
	"github.com/tenantry/tenantry/shared/support/supporttest"
)

// TestAgentsAreNotifiedWithMaskedNamesWithoutTheConsent holds for who acted and for the changed fields;
// the organization's own people read them whole.
func TestAgentsAreNotifiedWithMaskedNamesWithoutTheConsent(t *testing.T) {
	w := supporttest.NewWorld(t)
	watcher := w.Invited(w.Org.Place(), identity.Read, "wanda@rialto.example.net", "Wanda", "Wójcik")
	c := w.NewCase(w.Customer, "No Wi-Fi")
	_, err := w.Cases.Change(t.Context(), w.Agent, c.OrgID, c.ID, support.CaseChange{AssigneeID: &w.Agent.UserID})
	w.Must(err)
	w.Decide(w.Org, identity.PersonalData, false)
	before := len(w.Outbox())
	w.Comment(w.Customer, c, "It is worse now.")
	_, err = w.Cases.Change(t.Context(), w.Customer, c.OrgID, c.ID,
		support.CaseChange{WatcherIDs: &[]string{watcher.UserID}})
	w.Must(err)
	told := map[string]int{}
	for _, notice := range w.Told(before) {
		content, err := w.Notifications.Compose(t.Context(), notice)
		if fault.Is(err, fault.NotFound) {
			continue
		}
		w.Must(err)
		text := fmt.Sprint(content.Case.Submitter, content.Case.Watchers)
		for _, entry := range content.Entries {
			text += fmt.Sprint(entry.ActorName, entry.Fields)
		}
		told[notice.UserID]++
		whole := strings.Contains(text, "Carlo Conti")
		if agent := notice.UserID == w.Agent.UserID; agent && (whole || strings.Contains(text, "Wanda")) || !agent && !whole {
			t.Errorf("%s is told %s", content.Recipient.Email, text)
		}
	}
	if told[w.Agent.UserID] != 2 || told[watcher.UserID] == 0 {
		t.Errorf("told %v", told)
	}
}
