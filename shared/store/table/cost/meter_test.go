package cost_test

import (
	"errors"
	"fmt"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/tenantry/tenantry/shared/store/embedded"
	"github.com/tenantry/tenantry/shared/store/table"
	"github.com/tenantry/tenantry/shared/store/table/cost"
	"github.com/tenantry/tenantry/shared/store/table/sqlite"
	"github.com/tenantry/tenantry/shared/store/table/tabletest"
)

func meter(t *testing.T, now func() time.Time) *cost.Meter {
	t.Helper()
	database, err := embedded.Open(t.Context(), filepath.Join(t.TempDir(), "test.db"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = database.Close() })
	store, err := sqlite.New(t.Context(), database, sqlite.Options{Now: now})
	if err != nil {
		t.Fatal(err)
	}
	return cost.Count(store)
}

// sized returns an item of the given size, as the service counts it.
func sized(sort string, bytes int) table.Item {
	// The names of the attributes are partition, sort, version and data; a version of
	// one digit takes two bytes.
	rest := len("partition") + len("P") + len("sort") + len(sort) + len("version") + 2 + len("data")
	return table.Item{Key: key(sort), Data: []byte(strings.Repeat("x", bytes-rest))}
}

func key(sort string) table.Key { return table.Key{Partition: "P", Sort: sort} }

func version(item table.Item, version int64) table.Item {
	item.Version = version
	return item
}

func TestUnitsAreThoseOfTheDocumentedRules(t *testing.T) {
	get := func(sort string) func(*testing.T, *cost.Meter) error {
		return func(t *testing.T, meter *cost.Meter) error {
			_, err := meter.Get(t.Context(), key(sort))
			return err
		}
	}
	transact := func(writes ...table.Write) func(*testing.T, *cost.Meter) error {
		return func(t *testing.T, meter *cost.Meter) error { return meter.Transact(t.Context(), writes) }
	}
	query := func(from, to string, limit int) func(*testing.T, *cost.Meter) error {
		return func(t *testing.T, meter *cost.Meter) error {
			_, err := meter.Query(t.Context(), table.Query{Partition: "P", From: from, To: to, Limit: limit})
			return err
		}
	}
	// Stored are: "1" to "4" of 1,024 bytes each, "big" of 4,097, "huge0" to "huge3" of 400,000.
	for _, test := range []struct {
		name string
		do   func(*testing.T, *cost.Meter) error
		want cost.Units
	}{
		{"a read of 1 KB takes a unit", get("1"), cost.Units{Requests: 1, Read: 1}},
		{"a read of 4 KB and a byte takes two", get("big"), cost.Units{Requests: 1, Read: 2}},
		{"a read of nothing takes one", get("nothing"), cost.Units{Requests: 1, Read: 1}},
		{"a batch rounds up each item", func(t *testing.T, meter *cost.Meter) error {
			_, err := meter.BatchGet(t.Context(), []table.Key{key("1"), key("2"), key("big"), key("nothing")})
			return err
		}, cost.Units{Requests: 1, Read: 5}},
		{"a query rounds up the sum of its items", query("1", "5", 10), cost.Units{Requests: 1, Read: 1}},
		{"a query reads one item beyond its page", query("4", "c", 1), cost.Units{Requests: 1, Read: 2}},
		{"a query that finds nothing takes a unit", query("a", "b", 10), cost.Units{Requests: 1, Read: 1}},
		{"a query of more than 1 MB takes two requests", query("huge", "i", 10), cost.Units{Requests: 2, Read: 391}},
		{"a write of 1 KB takes a unit", transact(table.Create(sized("new", 1024))), cost.Units{Requests: 1, Write: 1}},
		{"a write of 1 KB and a byte takes two", transact(table.Create(sized("new", 1025))),
			cost.Units{Requests: 1, Write: 2}},
		{"an update takes the larger size", transact(table.Update(version(sized("big", 100), 1))),
			cost.Units{Requests: 1, Write: 5}},
		{"a deletion takes the size of what was there", transact(table.Delete(key("big"), 1)),
			cost.Units{Requests: 1, Write: 5}},
		{"a transaction takes twice", transact(table.Create(sized("new", 1025)),
			table.Update(version(sized("1", 1024), 1))),
			cost.Units{Requests: 1, Write: 6}},
		{"a condition in a transaction takes its item's size",
			transact(table.Create(sized("new", 100)), table.Require(key("big"), 1)),
			cost.Units{Requests: 1, Write: 12}},
		{"absence in a transaction takes a unit", transact(table.Create(sized("new", 100)), table.Require(key("x"), 0)),
			cost.Units{Requests: 1, Write: 4}},
		{"a condition alone is a read", transact(table.Require(key("big"), 1)), cost.Units{Requests: 1, Read: 2}},
		{"a failed condition takes the same", transact(table.Create(sized("1", 1025))),
			cost.Units{Requests: 1, Write: 2}},
		{"a bad request takes nothing", transact(), cost.Units{}},
		{"items put without a condition take no more than alone", func(t *testing.T, meter *cost.Meter) error {
			items := []table.Item{version(sized("new", 1025), 7), {Key: key("gone")}}
			for i := range 24 {
				items = append(items, version(sized(fmt.Sprint("small", i), 100), 1))
			}
			for i := range items {
				items[i].Table = table.Derived
			}
			return meter.BatchPut(t.Context(), items)
		}, cost.Units{Requests: 2, Write: 2 + 1 + 24}},
		{"a count takes a unit", func(t *testing.T, meter *cost.Meter) error {
			_, err := meter.Count(t.Context(), key("counter"), 1, 0)
			return err
		}, cost.Units{Requests: 1, Write: 1}},
	} {
		t.Run(test.name, func(t *testing.T) {
			meter := meter(t, tabletest.NewClock().Now)
			stored := []table.Write{table.Create(sized("big", 4097))}
			for i := range 4 {
				stored = append(stored, table.Create(sized(fmt.Sprint(i+1), 1024)),
					table.Create(sized(fmt.Sprint("huge", i), 400_000)))
			}
			if err := meter.Transact(t.Context(), stored); err != nil {
				t.Fatal(err)
			}
			meter.Reset()
			err := test.do(t, meter)
			if _, conflict := errors.AsType[*table.ConflictError](err); err != nil && !conflict &&
				!errors.Is(err, table.ErrBadRequest) && !errors.Is(err, table.ErrAbsent) {
				t.Fatal(err)
			}
			if diff := cmp.Diff(test.want, meter.Snapshot()); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

func TestTheMeterCountsConcurrentRequests(t *testing.T) {
	meter := meter(t, tabletest.NewClock().Now)
	var all sync.WaitGroup
	for worker := range 8 {
		all.Go(func() {
			for i := range 20 {
				err := meter.Transact(t.Context(), []table.Write{table.Create(sized(fmt.Sprint(worker, "#", i), 100))})
				if err != nil {
					t.Error(err)
				}
			}
		})
	}
	all.Wait()
	if diff := cmp.Diff(cost.Units{Requests: 160, Write: 160}, meter.Snapshot()); diff != "" {
		t.Error(diff)
	}
}

func TestTheMeterKeepsTheContractOfTheStoreBehindIt(t *testing.T) {
	tabletest.Run(t, func(t *testing.T, now func() time.Time) table.Store { return meter(t, now) })
}
