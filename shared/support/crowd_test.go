package support_test

import (
	"fmt"
	"testing"

	"github.com/tenantry/tenantry/shared/change"
	"github.com/tenantry/tenantry/shared/identity"
	"github.com/tenantry/tenantry/shared/store/queue"
	"github.com/tenantry/tenantry/shared/store/table"
	"github.com/tenantry/tenantry/shared/support"
	"github.com/tenantry/tenantry/shared/support/supporttest"
)

func TestCasesOfVeryManyPeopleAreLinkedAndMerged(t *testing.T) {
	w := supporttest.NewWorld(t)
	var watchers []string
	for range support.MaxWatchers / 2 {
		watchers = append(watchers, w.Person(w.Org.Place(), identity.Write).UserID)
	}
	first, second := w.Crowded("one.example.net", watchers), w.Crowded("two.example.net", watchers)
	_, err := w.Cases.Link(t.Context(), w.Customer, w.Org.ID, first.ID, second.ID, support.Related)
	w.Must(err)
	before := len(w.Outbox())
	_, err = w.Cases.Merge(t.Context(), w.Agent, w.Org.ID, first.ID, second.ID)
	w.Must(err)
	notified := map[string]bool{}
	for _, notice := range w.Told(before) {
		notified[notice.CaseID+notice.UserID] = true
	}
	for _, id := range watchers {
		if !notified[first.ID+id] {
			t.Errorf("%s is not told that the case was merged", id)
		}
	}
	if survivor := w.Detail(w.Agent, second); survivor.Links[0].Kind != support.Merged {
		t.Errorf("survivor %+v", survivor.Links)
	}
}

func TestAChangeWithTooManyRecipientsSucceedsAndSaysWhoWasNotTold(t *testing.T) {
	w := supporttest.NewWorld(t)
	before := w.NewCase(w.Customer, "No Wi-Fi")
	after := before
	after.Subject = "No Wi-Fi in the lobby"
	recipients := len(w.Outbox())
	messages := make([]queue.Message, 2*table.MaxWrites)
	for i := range messages {
		messages[i] = queue.Message{Queue: queue.MailSend, Group: "ORG#" + before.OrgID, Body: []byte("{}")}
	}
	_, err := w.Cases.CommitAll(t.Context(), w.Agent, change.Record{Action: "cases.change", Message: "Changed a case"},
		support.Update{Before: &before, After: after, Record: change.Record{Messages: messages}})
	w.Must(err)
	sent := len(w.Outbox()) - recipients
	if sent == 0 || sent >= len(messages) {
		t.Errorf("%d of %d messages were sent", sent, len(messages))
	}
	history := w.Detail(w.Agent, after).History
	want := fmt.Sprintf("%d people were not notified: too many recipients", len(messages)-sent)
	if len(history) != 1 || history[0].Fields["notifications"].After != want || !history[0].Internal {
		t.Errorf("history %+v, want %q", history, want)
	}
	if shown := w.Detail(w.Customer, after).History; len(shown) != 0 {
		t.Errorf("the customer sees %+v", shown)
	}
}
