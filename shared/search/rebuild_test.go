package search

import (
	"errors"
	"fmt"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/tenantry/tenantry/shared/fault"
	"github.com/tenantry/tenantry/shared/store/table"
)

// someDocuments returns documents with a range of numbers, all of the same version.
func someDocuments(from, to, v int64) model {
	m := model{}
	for number := from; number <= to; number++ {
		m[number] = version(number, v)
	}
	return m
}

func TestARebuiltIndexHasTheGivenDocumentsOnly(t *testing.T) {
	t.Parallel()
	w := newWorld(t).small()
	w.must(t, w.PutAll(t.Context(), "ORG#1", slices.Collect(someDocuments(1, 30, 1).all())))
	for round := range int64(3) {
		m := someDocuments(20, 160+round, round+2)
		w.must(t, w.Rebuild(t.Context(), "ORG#1", m.docs()))
		w.agree(t, "ORG#1", m)
		state, err := w.State(t.Context(), "ORG#1")
		if err != nil || state.Generation != round+2 || state.Obsolete != 0 || state.Documents != int64(len(m)) ||
			!state.Rebuilding.IsZero() {
			t.Errorf("%+v (%v)", state, err)
		}
		w.rowsOf(t, "ORG#1", round+1, 0)
	}
	w.must(t, w.Rebuild(t.Context(), "ORG#1", model{}.docs()))
	w.agree(t, "ORG#1", model{})
}

// rowsOf checks the number of rows of a generation.
func (w *world) rowsOf(t *testing.T, space string, number int64, want int) {
	t.Helper()
	rows := 0
	for _, partition := range (generation{space, number, w.Buckets}).partitions([]string{"title"}) {
		page, err := w.store.Query(t.Context(), table.Query{Table: table.Derived, Partition: partition, Limit: 1000})
		if err != nil {
			t.Fatal(err)
		}
		rows += len(page.Items)
	}
	if rows != want {
		t.Errorf("generation %d has %d rows, want %d", number, rows, want)
	}
}

func TestARebuildKeepsTheOldIndexSearchableAndChangesWait(t *testing.T) {
	t.Parallel()
	w := newWorld(t).small()
	before, after := someDocuments(1, 9, 1), someDocuments(5, 15, 2)
	w.must(t, w.PutAll(t.Context(), "ORG#1", slices.Collect(before.all())))
	seen := 0
	w.must(t, w.Rebuild(t.Context(), "ORG#1", func(yield func(Document, error) bool) {
		for d := range after.docs() {
			if seen++; seen%5 == 1 {
				w.agree(t, "ORG#1", before)
				if err := w.Put(t.Context(), "ORG#1", version(99, 1)); !fault.Is(err, fault.Unavailable) {
					t.Errorf("a put during the rebuild: %v", err)
				}
				if err := w.Remove(t.Context(), "ORG#1", 5, 9); !fault.Is(err, fault.Unavailable) {
					t.Errorf("a removal during the rebuild: %v", err)
				}
				if err := w.Rebuild(t.Context(), "ORG#1", after.docs()); !fault.Is(err, fault.Conflict) {
					t.Errorf("a second rebuild: %v", err)
				}
				state, err := w.State(t.Context(), "ORG#1")
				if err != nil || state.Generation != 1 || !state.Rebuilding.Equal(w.clock.Now()) {
					t.Errorf("%+v (%v)", state, err)
				}
				w.must(t, w.Put(t.Context(), "ORG#2", version(int64(seen), 1))) // other spaces accept changes
			}
			if !yield(d, nil) {
				return
			}
		}
	}))
	w.agree(t, "ORG#1", after)
	w.must(t, w.Remove(t.Context(), "ORG#1", 5, 9))
	delete(after, 5)
	w.agree(t, "ORG#1", after)
}

func TestAFailedRebuildLeavesTheIndexUnchanged(t *testing.T) {
	t.Parallel()
	w := newWorld(t).small()
	before := someDocuments(1, 9, 1)
	w.must(t, w.PutAll(t.Context(), "ORG#1", slices.Collect(before.all())))
	failure := errors.New("no more documents")
	for _, bad := range []Document{doc(3, 1, "twice"), {Number: 4, Version: 1, Data: []byte("{")}} {
		err := w.Rebuild(t.Context(), "ORG#1", func(yield func(Document, error) bool) {
			_ = yield(doc(3, 1, "once"), nil) && yield(bad, nil)
		})
		if !errors.Is(err, table.ErrBadRequest) {
			t.Errorf("document %d of %s: %v", bad.Number, bad.Data, err)
		}
	}
	err := w.Rebuild(t.Context(), "ORG#1", func(yield func(Document, error) bool) {
		_ = yield(doc(3, 1, "once"), nil) && yield(Document{}, failure)
	})
	if !errors.Is(err, failure) {
		t.Errorf("error %v", err)
	}
	before[10] = version(10, 1)
	w.must(t, w.Put(t.Context(), "ORG#1", before[10])) // without waiting for the lease
	w.agree(t, "ORG#1", before)
	w.must(t, w.Clean(t.Context(), "ORG#1"))
	for number := range int64(3) {
		w.rowsOf(t, "ORG#1", number+2, 0)
	}
	w.agree(t, "ORG#1", before)
}

func TestARebuildKilledAtAnyRequestLosesNothingAndCanBeRepeated(t *testing.T) {
	t.Parallel()
	for _, late := range []bool{false, true} {
		w := newWorld(t).small()
		for step := int64(1); ; step += 1 + step/4 {
			space, m := fmt.Sprintf("ORG#%d", step), someDocuments(1, 7, 1)
			w.must(t, w.PutAll(t.Context(), space, slices.Collect(m.all())))
			dying := *w.Index
			store := &killed{Store: w.store, late: late}
			store.left.Store(step)
			dying.store = store
			err := dying.Rebuild(t.Context(), space, m.docs())
			w.agree(t, space, m)
			w.clock.Advance(w.lease)
			m[8], m[1] = version(8, 1), version(1, 2)
			w.must(t, w.PutAll(t.Context(), space, []Document{m[8], m[1]}))
			w.agree(t, space, m)
			w.must(t, w.Rebuild(t.Context(), space, m.docs()))
			w.agree(t, space, m)
			state, stateErr := w.State(t.Context(), space)
			if stateErr != nil || state.Obsolete != 0 {
				t.Fatalf("%+v (%v)", state, stateErr)
			}
			for number := range state.Generation {
				w.rowsOf(t, space, number, 0)
			}
			if err == nil {
				break
			}
		}
	}
}

func TestABuilderPresumedDeadCannotSwitch(t *testing.T) {
	t.Parallel()
	w := newWorld(t).small()
	m := someDocuments(1, 5, 1)
	w.must(t, w.PutAll(t.Context(), "ORG#1", slices.Collect(m.all())))
	err := w.Rebuild(t.Context(), "ORG#1", func(yield func(Document, error) bool) {
		if !yield(m[1], nil) {
			return
		}
		w.clock.Advance(w.lease + time.Second)
		m[2] = version(2, 2)
		w.must(t, w.Put(t.Context(), "ORG#1", m[2]))
		yield(version(2, 1), nil) // read before the change
	})
	if !fault.Is(err, fault.Conflict) {
		t.Errorf("error %v, want a conflict", err)
	}
	w.agree(t, "ORG#1", m)
}

func TestRebuildsAndRepeatedConcurrentPutsLoseNothing(t *testing.T) {
	t.Parallel()
	w := newWorld(t).small()
	w.must(t, w.PutAll(t.Context(), "ORG#1", slices.Collect(someDocuments(1, 40, 1).all())))
	var source sync.Mutex
	current := someDocuments(1, 40, 1)
	read := func(yield func(Document, error) bool) {
		for number := int64(1); number <= 40; number++ {
			source.Lock()
			d := current[number]
			source.Unlock()
			if !yield(d, nil) {
				return
			}
		}
	}
	var workers sync.WaitGroup
	workers.Go(func() {
		for range 3 {
			if err := w.Rebuild(t.Context(), "ORG#1", read); err != nil {
				t.Error(err)
			}
		}
	})
	for worker := range int64(2) {
		workers.Go(func() {
			for v := int64(2); v <= 5; v++ {
				for number := 1 + worker; number <= 40; number += 2 {
					source.Lock()
					current[number] = version(number, v)
					source.Unlock()
					for {
						err := w.Put(t.Context(), "ORG#1", version(number, v))
						if err == nil {
							break
						}
						if !fault.Is(err, fault.Unavailable) {
							t.Error(err)
							return
						}
						time.Sleep(time.Millisecond)
					}
				}
			}
		})
	}
	workers.Wait()
	w.agree(t, "ORG#1", someDocuments(1, 40, 5))
}
