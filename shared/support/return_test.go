package support_test

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/tenantry/tenantry/shared/fault"
	"github.com/tenantry/tenantry/shared/support"
)

func TestWhenAnAgentMeansToLookAgainReachesNoCustomer(t *testing.T) {
	w := newWorld(t)
	c := w.newCase(w.customer, "No Wi-Fi")
	hold := support.Hold
	before := len(w.Outbox())
	for days, change := range []support.CaseChange{{}, {Status: &hold}, {}} {
		change.ReturnAt = pointer(w.Clock.Now().AddDate(0, 0, days+1).UnixMicro())
		if days == 0 {
			change = support.CaseChange{AssigneeID: &w.agent.UserID}
		}
		_, err := w.Desk.ChangeCase(t.Context(), w.agent, w.Org.ID, c.ID, change)
		w.must(err)
	}
	w.Clock.Pass(4 * 24 * time.Hour)
	w.wake(1)
	letters := 0
	for _, notice := range w.told(before) {
		letter, err := w.Desk.Letter(t.Context(), notice)
		if fault.Is(err, fault.NotFound) {
			continue
		}
		w.must(err)
		letters++
		if _, shown := letter.Notice.Fields["return_at"]; shown && letter.Recipient.ID == w.customer.UserID {
			t.Errorf("the mail says %+v", letter.Notice.Fields)
		}
	}
	log, err := w.Audit.At(t.Context(), w.customer, w.Org.Place(), w.LastDay())
	w.must(err)
	if text, err := json.Marshal(log); err != nil || strings.Contains(string(text), "return_at") {
		t.Errorf("the log says %s, %v", text, err)
	}
	if letters != 4 { // assigned, on hold, and open again: to the customer, and the last to the agent as well
		t.Errorf("%d letters", letters)
	}
}
