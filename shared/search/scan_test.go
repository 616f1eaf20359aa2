package search

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

// TestAWalkOverAnOrderAgreesWithAList compares what callers walk over with a plain map of documents.
func TestAWalkOverAnOrderAgreesWithAList(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(rt *rapid.T) {
		w := newWorld(t).small()
		m := model{}
		for range rapid.IntRange(1, 25).Draw(rt, "documents") {
			d := drawDocument(rt, rapid.Int64Range(1, 300))
			if m[d.Number].Version >= d.Version {
				continue
			}
			m[d.Number] = d
			w.must(rt, w.Put(t.Context(), "ORG#1", d))
		}
		descending := rapid.Bool().Draw(rt, "descending")
		var want, got []string
		for _, d := range m {
			want = append(want, orderSort(d.Orders["title"], d.Number))
		}
		slices.Sort(want)
		if descending {
			slices.Reverse(want)
		}
		for after := ""; ; {
			keys, next, err := w.Keys(t.Context(), "ORG#1", "title", descending, rapid.IntRange(1, 9).Draw(rt, "limit"), after)
			w.must(rt, err)
			for _, key := range keys {
				got = append(got, key.SortAfter())
				value := m[key.Number].Orders["title"]
				if key.Value != value && (!key.Cut() || !strings.HasPrefix(value, key.Value)) {
					rt.Errorf("document %d has the key %q, want %q", key.Number, key.Value, value)
				}
			}
			if after = next; next == "" {
				break
			}
			if page, err := w.Find(t.Context(), "ORG#1", Query{
				Order: "title", Descending: descending, Limit: 1, After: keys[len(keys)-1].After(),
			}); err != nil || len(page.Hits) != 1 ||
				orderSort(m[page.Hits[0].Number].Orders["title"], page.Hits[0].Number) != want[len(got)] {
				rt.Errorf("after %q: %+v, %v", keys[len(keys)-1].Value, page, err)
			}
		}
		if diff := cmp.Diff(want, got); diff != "" {
			rt.Error(diff)
		}
		where := []Condition{{Field: "state", Values: []string{"1", "2"}}}
		set, err := w.Matching(t.Context(), "ORG#1", where)
		w.must(rt, err)
		var terms []Term
		counts := map[Term]int64{}
		matching := int64(0)
		for number, d := range m {
			r, _ := recordOf(d)
			if set.Has(number) != holds(where, &r) {
				rt.Errorf("document %d: %v", number, set.Has(number))
			}
			if holds(where, &r) {
				matching++
			}
			for term := range r.uses() {
				if counts[term]++; counts[term] == 1 {
					terms = append(terms, term)
				}
			}
		}
		if set.Count() != matching || set.Has(301) {
			rt.Errorf("%d documents match, want %d", set.Count(), matching)
		}
		counted, err := w.CountsOf(t.Context(), "ORG#1", append(terms, Term{"state", "none has it"}))
		w.must(rt, err)
		for i, term := range terms {
			if counted[i] != counts[term] {
				rt.Errorf("%d documents have %+v, want %d", counted[i], term, counts[term])
			}
		}
		if last := counted[len(counted)-1]; last != 0 {
			rt.Errorf("%d documents have a term that none has", last)
		}
		hits, err := w.Documents(t.Context(), "ORG#1", []int64{301, set.first(), 302})
		w.must(rt, err)
		if found := len(hits) == 1; found != (set.Count() > 0) {
			rt.Errorf("%+v", hits)
		}
	})
}

// first returns a number of the set; 999 if it is empty.
func (s Set) first() int64 {
	for number := range int64(400) {
		if s.Count() > 0 && s.Has(number) {
			return number
		}
	}
	return 999
}
