package schedule_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/tenantry/tenantry/shared/store/queue"
	"github.com/tenantry/tenantry/shared/support"
	"github.com/tenantry/tenantry/shared/support/supporttest"
)

// queuedDue sweeps once, and returns the messages about due cases that it enqueued, by their id.
func queuedDue(w *supporttest.World) map[string]queue.Message {
	w.T.Helper()
	before := len(w.Outbox())
	count, err := w.Schedule.QueueDue(w.T.Context())
	w.Must(err)
	messages := map[string]queue.Message{}
	for _, message := range w.Outbox()[before:] {
		if message.Queue == queue.CasesDue {
			messages[message.ID] = message
		}
	}
	if len(messages) != count {
		w.T.Errorf("%d messages with distinct ids, but %d cases were due", len(messages), count)
	}
	return messages
}

func TestDueCasesAreQueuedOnceAndAgainIfTheyStayDue(t *testing.T) {
	w := supporttest.NewWorld(t)
	const cases = 100 // more than fit in one transaction
	for number := range cases {
		c := w.NewCase(w.Customer, fmt.Sprint("No Wi-Fi ", number))
		_, err := w.Cases.Change(t.Context(), w.Agent, c.OrgID, c.ID, support.CaseChange{
			Status: supporttest.Pointer(support.Hold), ReturnAt: supporttest.Pointer(w.Clock.Now().Add(time.Hour).UnixMicro()),
		})
		w.Must(err)
	}
	if early := queuedDue(w); len(early) > 0 {
		t.Errorf("%d were due early", len(early))
	}
	w.Clock.Pass(2 * time.Hour)
	first := queuedDue(w)
	if len(first) != cases {
		t.Errorf("%d were due, want %d", len(first), cases)
	}
	for _, message := range first {
		if message.Group != "ORG#"+w.Org.ID {
			t.Errorf("the message is in the group %q", message.Group)
		}
	}
	w.Clock.Pass(time.Minute)
	if again := queuedDue(w); len(again) > 0 {
		t.Errorf("%d were queued again at once", len(again))
	}
	late := w.NewCase(w.Customer, "Another")
	_, err := w.Cases.Change(t.Context(), w.Agent, late.OrgID, late.ID, support.CaseChange{
		Status: supporttest.Pointer(support.Hold), ReturnAt: supporttest.Pointer(w.Clock.Now().Add(time.Minute).UnixMicro()),
	})
	w.Must(err)
	w.Clock.Pass(2 * time.Minute)
	if next := queuedDue(w); len(next) != 1 {
		t.Errorf("%d of one that became due were queued", len(next))
	}
	w.Clock.Pass(10 * time.Minute)
	for id := range queuedDue(w) {
		if delete(first, id); len(first) == 0 {
			return
		}
	}
	t.Errorf("%d were not queued again under the same id", len(first))
}
