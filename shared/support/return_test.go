package support_test

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/tenantry/tenantry/shared/fault"
	"github.com/tenantry/tenantry/shared/support"
	"github.com/tenantry/tenantry/shared/support/supporttest"
)

func TestCustomersDoNotSeeTheReturnTime(t *testing.T) {
	w := supporttest.NewWorld(t)
	c := w.NewCase(w.Customer, "No Wi-Fi")
	hold := support.Hold
	before := len(w.Outbox())
	for days, change := range []support.CaseChange{{}, {Status: &hold}, {}} {
		change.ReturnAt = supporttest.Pointer(w.Clock.Now().AddDate(0, 0, days+1).UnixMicro())
		if days == 0 {
			change = support.CaseChange{AssigneeID: &w.Agent.UserID}
		}
		_, err := w.Cases.Change(t.Context(), w.Agent, w.Org.ID, c.ID, change)
		w.Must(err)
	}
	w.Clock.Pass(4 * 24 * time.Hour)
	w.Wake(1)
	count := 0
	for _, notice := range w.Told(before) {
		content, err := w.Notifications.Compose(t.Context(), notice)
		if fault.Is(err, fault.NotFound) {
			continue
		}
		w.Must(err)
		count++
		if _, shown := content.Entries[0].Fields["return_at"]; shown && content.Recipient.ID == w.Customer.UserID {
			t.Errorf("the mail says %+v", content.Entries[0].Fields)
		}
	}
	log, err := w.Audit.At(t.Context(), w.Customer, w.Org.Place(), w.LastDay())
	w.Must(err)
	if text, err := json.Marshal(log); err != nil || strings.Contains(string(text), "return_at") {
		t.Errorf("the log says %s, %v", text, err)
	}
	if count != 4 { // assigned, on hold and reopened to the customer; reopened to the agent
		t.Errorf("%d notifications", count)
	}
}
