package search

import (
	"context"
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
		w.must(t, w.Rebuild(t.Context(), "ORG#1", m))
		w.agree(t, "ORG#1", m)
		state, err := w.State(t.Context(), "ORG#1")
		if err != nil || state.Generation != round+2 || state.Obsolete != 0 || state.Documents != int64(len(m)) ||
			!state.Rebuilding.IsZero() {
			t.Errorf("%+v (%v)", state, err)
		}
		w.rowsOf(t, "ORG#1", round+1, 0)
	}
	w.must(t, w.Rebuild(t.Context(), "ORG#1", model{}))
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

func TestDuringARebuildTheFormerIndexTakesChangesAndIsSearched(t *testing.T) {
	t.Parallel()
	w := newWorld(t).small()
	m := someDocuments(1, 150, 1)
	w.must(t, w.PutAll(t.Context(), "ORG#1", slices.Collect(m.all())))
	changes := int64(0)
	source := sourceFunc{m, func([]int64) error {
		if changes++; changes > 3 {
			return nil
		}
		m[changes] = version(changes, 2)
		w.must(t, w.Put(t.Context(), "ORG#1", m[changes]))
		m[149+changes] = version(149+changes, 4) // one exists already, the others are new
		w.must(t, w.Put(t.Context(), "ORG#1", m[149+changes]))
		w.must(t, w.Remove(t.Context(), "ORG#1", 60+changes, 2))
		delete(m, 60+changes)
		w.agree(t, "ORG#1", m)
		state, err := w.State(t.Context(), "ORG#1")
		if err != nil || state.Generation != 1 || !state.Rebuilding.Equal(w.clock.Now()) {
			t.Errorf("%+v (%v)", state, err)
		}
		return nil
	}}
	w.must(t, w.Rebuild(t.Context(), "ORG#1", source))
	w.agree(t, "ORG#1", m)
	w.must(t, w.Remove(t.Context(), "ORG#1", 5, 9))
	delete(m, 5)
	w.agree(t, "ORG#1", m)
	if state, err := w.State(t.Context(), "ORG#1"); err != nil || state.Generation != 2 || state.Obsolete != 0 {
		t.Errorf("%+v (%v)", state, err)
	}
}

func TestARebuildContinuesInPartsAndEachIsWrittenOnce(t *testing.T) {
	t.Parallel()
	w := newWorld(t).small()
	m := someDocuments(1, 600, 1)
	w.must(t, w.PutAll(t.Context(), "ORG#1", slices.Collect(someDocuments(1, 600, 1).all())))
	read := map[int64]int{}
	source := sourceFunc{m, func(numbers []int64) error {
		for _, number := range numbers {
			read[number]++
		}
		return nil
	}}
	calls := 0
	for done := false; !done; calls++ {
		var err error
		done, err = w.Advance(t.Context(), "ORG#1", "1", source, w.clock.Now()) // time is over at once
		w.must(t, err)
		if calls%30 == 0 {
			w.agree(t, "ORG#1", m)
		}
	}
	w.agree(t, "ORG#1", m)
	for number, times := range read {
		if times != 1 {
			t.Errorf("document %d was read %d times", number, times)
		}
	}
	// Collecting the numbers takes 120 calls, five in each, and there are ten blocks.
	if len(read) != len(m) || calls < 130 {
		t.Errorf("%d documents in %d calls", len(read), calls)
	}
	for range 2 { // the message is delivered again
		if done, err := w.Advance(t.Context(), "ORG#1", "1", source, w.clock.Now()); err != nil || !done {
			t.Errorf("done again: %v, %v", done, err)
		}
	}
	if state, err := w.State(t.Context(), "ORG#1"); err != nil || state.Generation != 2 {
		t.Errorf("%+v (%v)", state, err)
	}
}

func TestOnlyOneWorkerRebuildsASpace(t *testing.T) {
	t.Parallel()
	w := newWorld(t).small()
	m := someDocuments(1, 9, 1)
	w.must(t, w.PutAll(t.Context(), "ORG#1", slices.Collect(m.all())))
	asked := 0
	source := sourceFunc{m, func([]int64) error {
		asked++
		if _, err := w.Advance(t.Context(), "ORG#1", "5", m, w.clock.Now()); !fault.Is(err, fault.Unavailable) {
			t.Errorf("the same request: %v", err)
		}
		for _, other := range []string{"4", "6"} {
			if done, err := w.Advance(t.Context(), "ORG#1", other, m, w.clock.Now()); err != nil || !done {
				t.Errorf("request %s: %v, %v", other, done, err)
			}
		}
		w.must(t, w.Put(t.Context(), "ORG#2", version(1, 1))) // other spaces are not concerned
		return nil
	}}
	if done, err := w.Advance(t.Context(), "ORG#1", "5", source, w.clock.Now().Add(time.Minute)); err != nil || !done {
		t.Errorf("done: %v, %v", done, err)
	}
	w.agree(t, "ORG#1", m)
	if asked != 1 {
		t.Errorf("asked %d times", asked)
	}
}

func TestAFailedRebuildLeavesTheIndexUnchanged(t *testing.T) {
	t.Parallel()
	w := newWorld(t).small()
	before := someDocuments(1, 9, 1)
	w.must(t, w.PutAll(t.Context(), "ORG#1", slices.Collect(before.all())))
	failure := errors.New("no more documents")
	for request, source := range map[string]Source{
		"1": model{3: {Number: 3, Version: 1, Data: []byte("{")}},
		"2": model{3: {Number: 0, Version: 1, Data: []byte("{}")}},
		"3": model{3: {Number: 4, Version: 1, Data: []byte("{}")}},
	} {
		if _, err := w.Advance(t.Context(), "ORG#1", request, source, w.clock.Now()); request == "3" &&
			!errors.Is(err, table.ErrBadRequest) {
			t.Errorf("request %s: %v", request, err)
		}
	}
	failing := sourceFunc{before, func([]int64) error { return failure }}
	if _, err := w.Advance(t.Context(), "ORG#1", "4", failing, w.clock.Now().Add(time.Minute)); !errors.Is(err, failure) {
		t.Errorf("error %v", err)
	}
	before[10] = version(10, 1)
	w.must(t, w.Put(t.Context(), "ORG#1", before[10]))
	w.agree(t, "ORG#1", before)
	if done, err := w.Advance(t.Context(), "ORG#1", "5", before, w.clock.Now().Add(time.Minute)); err != nil || !done {
		t.Errorf("a later request: %v, %v", done, err)
	}
	w.agree(t, "ORG#1", before)
	state, err := w.State(t.Context(), "ORG#1")
	if err != nil || state.Obsolete != 0 {
		t.Errorf("%+v (%v)", state, err)
	}
	for number := range state.Generation {
		w.rowsOf(t, "ORG#1", number, 0)
	}
}

func TestARebuildKilledAtAnyRequestContinuesAndLosesNothing(t *testing.T) {
	t.Parallel()
	for _, late := range []bool{false, true} {
		w := newWorld(t).small()
		for step := int64(1); ; step += 1 + step/4 {
			space, m := fmt.Sprintf("ORG#%d", step), someDocuments(1, 140, 1)
			w.must(t, w.Rebuild(t.Context(), space, m))
			first, err := w.State(t.Context(), space)
			w.must(t, err)
			dying := *w.Index
			store := &killed{Store: w.store, late: late}
			store.left.Store(step)
			dying.store = store
			_, died := dying.Advance(t.Context(), space, "9", m, w.clock.Now().Add(time.Second))
			w.agree(t, space, m)
			m[8], m[1] = version(8, 1), version(1, 2) // the second one changes after it may have been read
			delete(m, 70)
			w.must(t, w.PutAll(t.Context(), space, []Document{m[8], m[1]}))
			w.must(t, w.Remove(t.Context(), space, 70, 3))
			w.agree(t, space, m)
			w.clock.Advance(w.lease + time.Second)
			for done := false; !done; {
				done, err = w.Advance(t.Context(), space, "9", m, w.clock.Now())
				w.must(t, err)
			}
			w.agree(t, space, m)
			state, err := w.State(t.Context(), space)
			if err != nil || state.Obsolete != 0 || state.Generation != first.Generation+1 || state.Documents != int64(len(m)) {
				t.Fatalf("step %d: %+v (%v)", step, state, err)
			}
			w.rowsOf(t, space, first.Generation, 0)
			w.rowsAgree(t, space, state.Generation, m)
			if died == nil {
				break
			}
		}
	}
}

// rowsAgree compares the rows of a generation's orders and texts with the model: none is left of an
// earlier version.
func (w *world) rowsAgree(t *testing.T, space string, number int64, m model) {
	t.Helper()
	g := generation{space, number, w.Buckets}
	for _, partition := range []string{g.documents(), g.texts(), g.order("title")} {
		page, err := w.store.Query(t.Context(), table.Query{Table: table.Derived, Partition: partition, Limit: 1000})
		if err != nil || len(page.Items) != len(m) {
			t.Errorf("%s has %d rows (%v), want %d", partition, len(page.Items), err, len(m))
		}
	}
}

func TestAWorkerThatStalledCannotGoOn(t *testing.T) {
	t.Parallel()
	w := newWorld(t).small()
	m := someDocuments(1, 150, 1)
	w.must(t, w.PutAll(t.Context(), "ORG#1", slices.Collect(m.all())))
	stalled := false
	source := sourceFunc{m, func([]int64) error {
		if stalled {
			return nil
		}
		stalled = true
		w.clock.Advance(w.lease + time.Second)
		for done := false; !done; {
			var err error
			done, err = w.Advance(t.Context(), "ORG#1", "1", m, w.clock.Now())
			w.must(t, err)
		}
		return nil
	}}
	if _, err := w.Advance(t.Context(), "ORG#1", "1", source, w.clock.Now().Add(time.Hour)); !fault.Is(err, fault.Unavailable) {
		t.Errorf("error %v", err)
	}
	w.agree(t, "ORG#1", m)
}

func TestRebuildsAndRepeatedConcurrentPutsLoseNothing(t *testing.T) {
	t.Parallel()
	w := newWorld(t).small()
	w.must(t, w.PutAll(t.Context(), "ORG#1", slices.Collect(someDocuments(1, 40, 1).all())))
	source := &shared{current: someDocuments(1, 40, 1)}
	var workers sync.WaitGroup
	workers.Go(func() {
		for range 3 {
			err := w.Rebuild(t.Context(), "ORG#1", source)
			for fault.Is(err, fault.Unavailable) { // too many changes at once
				err = w.Rebuild(t.Context(), "ORG#1", source)
			}
			if err != nil {
				t.Error(err)
			}
		}
	})
	for worker := range int64(2) {
		workers.Go(func() {
			for v := int64(2); v <= 5; v++ {
				for number := 1 + worker; number <= 40; number += 2 {
					source.set(version(number, v))
					for {
						err := w.Put(t.Context(), "ORG#1", version(number, v))
						if err == nil {
							break
						}
						if !fault.Is(err, fault.Unavailable) {
							t.Error(err)
							return
						}
						w.clock.Advance(time.Second) // changes are refused for some seconds at the end
					}
				}
			}
		})
	}
	workers.Wait()
	w.agree(t, "ORG#1", someDocuments(1, 40, 5))
}

// shared is a source that changes while it is read.
type shared struct {
	mutex   sync.Mutex
	current model
}

func (s *shared) set(doc Document) {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	s.current[doc.Number] = doc
}

// Numbers returns the numbers of the documents as they are now.
func (s *shared) Numbers(ctx context.Context, cursor string) ([]int64, string, error) {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	return s.current.Numbers(ctx, cursor)
}

// Documents returns the documents as they are now.
func (s *shared) Documents(ctx context.Context, numbers []int64) ([]Document, error) {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	return s.current.Documents(ctx, numbers)
}
