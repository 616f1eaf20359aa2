package support_test

import (
	"fmt"
	"testing"

	"github.com/tenantry/tenantry/shared/identity"
	"github.com/tenantry/tenantry/shared/support"
)

// crowded opens a case of which as many people are told as can be.
func (w *world) crowded(domain string, watchers []string) support.Case {
	w.t.Helper()
	wanted := request("No Wi-Fi")
	wanted.WatcherIDs = watchers
	for i := range support.MaxWatchers / 2 {
		wanted.CC = append(wanted.CC, fmt.Sprintf("guest%d@%s", i, domain))
	}
	c, err := w.Desk.CreateCase(w.t.Context(), w.agent, w.Org.ID, wanted)
	w.must(err)
	return c
}

func TestCasesOfVeryManyPeopleAreLinkedAndMerged(t *testing.T) {
	w := newWorld(t)
	var watchers []string
	for range support.MaxWatchers / 2 {
		watchers = append(watchers, w.Person(w.Org.Place(), identity.Write).UserID)
	}
	first, second := w.crowded("one.example.net", watchers), w.crowded("two.example.net", watchers)
	_, err := w.Desk.LinkCases(t.Context(), w.customer, w.Org.ID, first.ID, second.ID, support.Related)
	w.must(err)
	before := len(w.Outbox())
	_, err = w.Desk.MergeCase(t.Context(), w.agent, w.Org.ID, first.ID, second.ID)
	w.must(err)
	told := map[string]bool{}
	for _, notice := range w.told(before) {
		told[notice.CaseID+notice.UserID] = true
	}
	for _, id := range watchers {
		if !told[first.ID+id] {
			t.Errorf("%s is not told that the case was merged", id)
		}
	}
	if survivor := w.detail(w.agent, second); survivor.Links[0].Kind != support.Merged {
		t.Errorf("survivor %+v", survivor.Links)
	}
}
