package support_test

import (
	"testing"

	"github.com/tenantry/tenantry/shared/identity"
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
			t.Errorf("%s is not notified of the merge", id)
		}
	}
	if survivor := w.Detail(w.Agent, second); survivor.Links[0].Kind != support.Merged {
		t.Errorf("survivor %+v", survivor.Links)
	}
}
