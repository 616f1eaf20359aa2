package search

import (
	"slices"
	"testing"

	"github.com/tenantry/tenantry/shared/store/table"
)

// TestAnIndexOfAFormerFormWorksUntilItIsRebuilt covers an upgrade.
func TestAnIndexOfAFormerFormWorksUntilItIsRebuilt(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	const space = "ORG#former"
	_, err := w.change(t.Context(), root{space: space}, func(s *state) ([]table.Write, error) {
		s.Highest, s.Generation = 1, 1
		return nil, nil
	})
	if err != nil {
		t.Fatal(err)
	}
	documents := []Document{
		{Number: 1, Version: 1, Changed: 1, Text: "It’s the Wi–Fi", Data: []byte("{}")},
		{Number: 2, Version: 1, Changed: 2, Text: "it's the wi-fi", Data: []byte("{}")},
	}
	for _, document := range documents {
		if err := w.Put(t.Context(), space, document); err != nil {
			t.Fatal(err)
		}
	}
	find := func(phrase string) (numbers []int64) {
		page, err := w.Find(t.Context(), space, Query{Phrase: phrase, Limit: 10})
		if err != nil {
			t.Fatal(err)
		}
		for _, hit := range page.Hits {
			numbers = append(numbers, hit.Number)
		}
		return numbers
	}
	for phrase, want := range map[string][]int64{"it’s the wi–fi": {1}, "it's the wi-fi": {2}, "the wi": {1, 2}} {
		if got := find(phrase); !slices.Equal(got, want) {
			t.Errorf("before the rebuild %q finds %v, want %v", phrase, got, want)
		}
	}
	outdated, err := w.Outdated(t.Context(), []string{"ORG#none", space})
	if err != nil || !slices.Equal(outdated, []string{space}) {
		t.Errorf("outdated: %v, %v", outdated, err)
	}
	if err := w.Rebuild(t.Context(), space, model{1: documents[0], 2: documents[1]}); err != nil {
		t.Fatal(err)
	}
	for _, phrase := range []string{"it’s the wi–fi", "it's the wi-fi"} {
		if got := find(phrase); !slices.Equal(got, []int64{1, 2}) {
			t.Errorf("after the rebuild %q finds %v", phrase, got)
		}
	}
	if outdated, err = w.Outdated(t.Context(), []string{space}); err != nil || len(outdated) != 0 {
		t.Errorf("outdated after the rebuild: %v, %v", outdated, err)
	}
	if err := w.Put(t.Context(), "ORG#new", documents[0]); err != nil {
		t.Fatal(err)
	}
	if outdated, err = w.Outdated(t.Context(), []string{"ORG#new"}); err != nil || len(outdated) != 0 {
		t.Errorf("a new space is outdated: %v, %v", outdated, err)
	}
}
