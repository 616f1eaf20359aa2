package search

import (
	"errors"
	"fmt"
	"slices"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/tenantry/tenantry/shared/fault"
)

// agree compares the answers of the index with those of the model.
func (w *world) agree(t *testing.T, space string, m model) {
	t.Helper()
	for _, q := range []Query{
		{Limit: 7},
		{Limit: 1000, Descending: true},
		{Limit: 5, Order: "title"},
		{Limit: 1000, Order: "title", Descending: true},
		{Limit: 1000, Phrase: "word"},
		{Limit: 3, Phrase: "word1", Descending: true},
		{Limit: 1000, Phrase: "changed"},
		{Limit: 10, Phrase: "rd"},
		{Limit: 1000, Where: []Condition{{"state", []string{"open"}}}},
		{Limit: 4, Where: []Condition{{"state", []string{"open", "closed"}}, {"third", []string{"0"}}}},
	} {
		got, first := w.pages(t, space, q)
		want := m.find(q)
		if diff := cmp.Diff(want, got, cmpopts.EquateEmpty()); diff != "" {
			t.Fatalf("%+v (-want +got):\n%s", q, diff)
		}
		if q.Phrase == "" && first.Total != int64(len(want)) {
			t.Fatalf("%+v: total %d, want %d", q, first.Total, len(want))
		}
	}
	for _, field := range []string{"state", "third", "open/third"} {
		if diff := cmp.Diff(m.counts(field), w.counts(t, space, field)); diff != "" {
			t.Fatalf("counts of %s (-want +got):\n%s", field, diff)
		}
	}
}

// version returns a document whose text, state and orders depend on its version.
func version(number, version int64) Document {
	text, state := fmt.Sprintf("word%d of document %d", number%20, number), "open"
	if version%2 == 0 {
		text, state = text+" changed", "closed"
	}
	d := doc(number, version, text, "state="+state, fmt.Sprintf("third=%d", number%3))
	d.Counted = []Term{{"open/third", fmt.Sprint(number % 3)}}
	d.Orders["title"], d.Changed = fmt.Sprintf("%03d", (number*version)%17), number+version
	return d
}

func TestPutsMayRepeatAndArriveInAnyOrder(t *testing.T) {
	t.Parallel()
	w, m := newWorld(t).small(), model{}
	for _, v := range []int64{3, 1, 2, 3, 1, 5, 4, 5} {
		for number := int64(1); number <= 20; number++ {
			w.must(t, w.Put(t.Context(), "ORG#1", version(number, v)))
			if v > m[number].Version {
				m[number] = version(number, v)
			}
		}
		w.agree(t, "ORG#1", m)
	}
	for number := int64(1); number <= 20; number += 2 {
		w.must(t, w.Remove(t.Context(), "ORG#1", number, 5)) // not newer than the stored version
		w.agree(t, "ORG#1", m)
		w.must(t, w.Remove(t.Context(), "ORG#1", number, 7))
		delete(m, number)
		w.must(t, w.Put(t.Context(), "ORG#1", version(number, 6))) // arrives late
	}
	w.agree(t, "ORG#1", m)
	w.must(t, w.Put(t.Context(), "ORG#1", version(1, 8)))
	m[1] = version(1, 8)
	w.agree(t, "ORG#1", m)
	if other, _ := w.pages(t, "ORG#2", Query{Limit: 10}); len(other) > 0 {
		t.Errorf("the other space has %v", other)
	}
}

func TestConcurrentWritersLoseNothing(t *testing.T) {
	t.Parallel()
	w, m := newWorld(t).small(), model{}
	w.maxAttempts = 40
	second := New(w.meter, w.clock.Now) // another process on the same table
	second.options = w.options
	var workers sync.WaitGroup
	for worker := range int64(6) {
		x := []*Index{w.Index, second}[worker%2]
		workers.Go(func() {
			for number := int64(1); number <= 30; number++ {
				v := 1 + (number+worker)%6
				for {
					err := x.PutAll(t.Context(), "ORG#1", []Document{version(number, v), version(number+30, v)})
					if err == nil {
						break
					}
					if !fault.Is(err, fault.Unavailable) {
						t.Error(err)
						return
					}
				}
			}
		})
	}
	workers.Wait()
	for number := int64(1); number <= 30; number++ {
		m[number], m[number+30] = version(number, 6), version(number+30, 6)
	}
	w.agree(t, "ORG#1", m)
}

func TestAProcessKilledAtAnyRequestOfAPutLosesNothing(t *testing.T) {
	t.Parallel()
	for _, late := range []bool{false, true} {
		w := newWorld(t).small()
		for step := int64(1); ; step += 1 + step/8 {
			space, m := fmt.Sprintf("ORG#%d", step), model{}
			for number := int64(1); number <= 9; number++ {
				m[number] = version(number, 2)
			}
			w.must(t, w.PutAll(t.Context(), space, []Document{version(1, 1), version(2, 1), version(3, 2)}))
			dying := *w.Index
			store := &killed{Store: w.store, late: late}
			store.left.Store(step)
			dying.store = store
			err := dying.PutAll(t.Context(), space, slices.Collect(m.all()))
			if err != nil && !errors.Is(err, errKilled) {
				t.Fatal(err)
			}
			// The message is soon delivered again, to another process.
			w.must(t, w.PutAll(t.Context(), space, slices.Collect(m.all())))
			w.agree(t, space, m)
			w.clock.Advance(w.lease) // the lease of the packer expires
			for number := int64(10); number <= 20; number++ {
				m[number] = version(number, 1)
				w.must(t, w.Put(t.Context(), space, m[number]))
			}
			w.agree(t, space, m)
			if state, err := w.State(t.Context(), space); err != nil || state.Fresh >= int64(w.packSize) {
				t.Fatalf("step %d: %+v (%v): the texts are not packed", step, state, err)
			}
			if err == nil {
				break
			}
		}
	}
}

func TestALargeChangeTakesSeveralTransactions(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	d := version(1, 1)
	for i := range 300 {
		d.Terms = append(d.Terms, Term{"tag", fmt.Sprint(i)})
		d.Counted = append(d.Counted, Term{"mark", fmt.Sprint(i)})
	}
	other := version(1, 2)
	for i := range 300 {
		other.Terms = append(other.Terms, Term{"tag", fmt.Sprint(i + 150)})
	}
	for _, next := range []Document{d, other} {
		w.must(t, w.PutAll(t.Context(), "ORG#1", []Document{next, version(2, 1)}))
		m := model{1: next, 2: version(2, 1)}
		w.agree(t, "ORG#1", m)
		for _, field := range []string{"tag", "mark"} {
			if diff := cmp.Diff(m.counts(field), w.counts(t, "ORG#1", field)); diff != "" {
				t.Fatal(diff)
			}
		}
	}
	w.must(t, w.Remove(t.Context(), "ORG#1", 1, 3))
	w.agree(t, "ORG#1", model{2: version(2, 1)})
	if counts := w.counts(t, "ORG#1", "tag"); len(counts) > 0 {
		t.Errorf("counts of a removed document: %v", counts)
	}
}
