// Package tabletest is the contract of table.Store: Run tests every sentence of the port against
// one store, and Play runs random operations against two stores and compares the results. It
// depends on no particular store.
package tabletest

import (
	"bytes"
	"crypto/rand"
	"fmt"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/tenantry/tenantry/shared/store/table"
)

// Clock is a clock that stands still until it is advanced. It is safe for concurrent use.
type Clock struct{ seconds atomic.Int64 }

// NewClock returns a clock set to the beginning of 2100: an item that expires by this clock has not
// expired by the wall clock, so no store removes it by itself.
func NewClock() *Clock {
	clock := new(Clock)
	clock.seconds.Store(time.Date(2100, 1, 1, 0, 0, 0, 0, time.UTC).Unix())
	return clock
}

// Now returns the clock's time.
func (c *Clock) Now() time.Time { return time.Unix(c.seconds.Load(), 0).UTC() }

// Advance moves the clock by whole seconds.
func (c *Clock) Advance(by time.Duration) { c.seconds.Add(int64(by / time.Second)) }

// rule tests one sentence of the port.
type rule struct {
	name string
	test func(f *fixture)
}

// Options describes how a store is known to differ from the port.
type Options struct {
	// LargestItem is the maximum size of an item in bytes; in the port it is table.MaxItemBytes.
	LargestItem int
}

// Run tests the contract. Open returns a store that uses the given clock. It may return the same
// tables each time, because every rule keeps to its own partitions.
func Run(t *testing.T, open func(t *testing.T, now func() time.Time) table.Store) {
	RunWith(t, Options{LargestItem: table.MaxItemBytes}, open)
}

// RunWith tests the contract for a store that is known to differ.
func RunWith(t *testing.T, options Options, open func(t *testing.T, now func() time.Time) table.Store) {
	for _, group := range [][]rule{writeRules(), putRules(), limitRules(), readRules(), queryRules(), expiryRules(),
		counterRules(), concurrencyRules()} {
		for _, rule := range group {
			t.Run(rule.name, func(t *testing.T) {
				clock := NewClock()
				store := open(t, clock.Now)
				rule.test(
					&fixture{T: t, Options: options, store: store, clock: clock, partition: "TEST#" + rand.Text()})
			})
		}
	}
}

// fixture is what a rule works with.
type fixture struct {
	*testing.T
	Options
	store     table.Store
	clock     *Clock
	partition string
}

func (f *fixture) key(sort string) table.Key {
	return table.Key{Table: table.Core, Partition: f.partition, Sort: sort}
}

func (f *fixture) item(sort, data string) table.Item {
	return table.Item{Key: f.key(sort), Data: []byte(data)}
}

// do executes writes whose conditions must hold.
func (f *fixture) do(writes ...table.Write) {
	f.Helper()
	if err := f.store.Transact(f.Context(), writes); err != nil {
		f.Fatalf("transact: %v", err)
	}
}

// fill creates an item under each sort key, in as many transactions as necessary.
func (f *fixture) fill(sorts ...string) {
	f.Helper()
	for len(sorts) > 0 {
		count := min(len(sorts), table.MaxWrites)
		writes := make([]table.Write, count)
		for i, sort := range sorts[:count] {
			writes[i] = table.Create(f.item(sort, fmt.Sprintf("%q", sort)))
		}
		f.do(writes...)
		sorts = sorts[count:]
	}
}

// stored returns the item under a key, or Version 0 if there is none.
func (f *fixture) stored(key table.Key) table.Item {
	f.Helper()
	items, err := f.store.BatchGet(f.Context(), []table.Key{key})
	if err != nil {
		f.Fatalf("read %q: %v", key.Sort, err)
	}
	return items[0]
}

// wantStored compares the item under a key with what should be stored.
func (f *fixture) wantStored(want table.Item) {
	f.Helper()
	if diff := cmp.Diff(want, f.stored(want.Key), cmp.Comparer(bytes.Equal)); diff != "" {
		f.Errorf("stored under %q (-want +got):\n%s", want.Sort, diff)
	}
}

// sorts runs a query and returns the sort keys of its page, and Next.
func (f *fixture) sorts(query table.Query) ([]string, string) {
	f.Helper()
	page, err := f.store.Query(f.Context(), query)
	if err != nil {
		f.Fatalf("query: %v", err)
	}
	keys := make([]string, len(page.Items))
	for i, item := range page.Items {
		keys[i] = item.Sort
	}
	return keys, page.Next
}

func (f *fixture) query() table.Query {
	return table.Query{Table: table.Core, Partition: f.partition, Limit: table.MaxPage}
}

// wantSorts compares the sort keys of a query that has only one page.
func (f *fixture) wantSorts(query table.Query, want ...string) {
	f.Helper()
	got, next := f.sorts(query)
	if diff := cmp.Diff(want, got, cmpopts.EquateEmpty()); diff != "" {
		f.Errorf("query %+v (-want +got):\n%s", query, diff)
	}
	if next != "" {
		f.Errorf("query %+v: Next is %q after the last item", query, next)
	}
}
