package tabletest

import (
	"fmt"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"github.com/tenantry/tenantry/shared/store/table"
)

func counterRules() []rule {
	return []rule{
		{"ACounterBeginsAtZeroAndGivesItsNewValue", counts},
		{"ACounterIsReadAsADecimalNumber", counterRead},
		{"AnExpiredCounterBeginsAgain", counterExpires},
		{"AnItemThatIsNoCounterIsNotCounted", countItem},
		{"ATransactionAddsToCountersWithinTheirLimits", addsWithin},
		{"ATransactionBeginsAnExpiredCounterAgain", addsToExpired},
		{"ATransactionOverALimitChangesNothing", addsNothingBeyond},
		{"ATransactionDoesNotCountAnItem", addsToNoItem},
		{"ManyTransactionsDoNotExceedALimitTogether", addsTogether},
	}
}

func (f *fixture) count(sort string, add, expires, want int64) {
	f.Helper()
	got, err := f.store.Count(f.Context(), f.key(sort), add, expires)
	if err != nil || got != want {
		f.Fatalf("count %q by %d: %d (%v), want %d", sort, add, got, err, want)
	}
}

func counts(f *fixture) {
	f.count("a", 1, 0, 1)
	f.count("a", 41, 0, 42)
	f.count("a", -43, 0, -1)
	f.count("a", 0, 0, -1)
	f.count("b", 1<<53+1, 0, 1<<53+1)
	f.count("b", 1<<62, 0, 1<<62+1<<53+1)
	f.count("b", -(1 << 62), 0, 1<<53+1)
}

func counterRead(f *fixture) {
	f.count("a", 123, f.clock.Now().Unix()+100, 123)
	item, err := f.store.Get(f.Context(), f.key("a"))
	if err != nil || string(item.Data) != "123" || item.Version == 0 || item.Expires != f.clock.Now().Unix()+100 {
		f.Errorf("Get: %+v %q (%v)", item, item.Data, err)
	}
	f.count("a", -125, 0, -2)
	if item := f.stored(f.key("a")); string(item.Data) != "-2" || item.Version == 0 || item.Expires != 0 {
		f.Errorf("BatchGet: %+v %q", item, item.Data)
	}
	f.wantSorts(f.query(), "a")
}

func counterExpires(f *fixture) {
	expires := f.clock.Now().Unix() + 10
	f.count("a", 5, expires, 5)
	f.clock.Advance(9 * time.Second)
	f.count("a", 1, expires, 6)
	f.clock.Advance(time.Second)
	f.wantSorts(f.query())
	f.count("a", 1, expires+10, 1)
	f.count("a", 1, 0, 2) // no longer expires
	f.clock.Advance(time.Hour)
	f.count("a", 1, 0, 3)
}

func countItem(f *fixture) {
	item := f.item("item", fmt.Sprint(7))
	f.do(table.Create(item))
	_, err := f.store.Count(f.Context(), item.Key, 1, 0)
	f.wantBadRequest(err)
	item.Version = 1
	f.wantStored(item)
}

// wantTotal checks a counter's value and expiry.
func (f *fixture) wantTotal(sort string, total, expires int64) {
	f.Helper()
	item := f.stored(f.key(sort))
	if string(item.Data) != fmt.Sprint(total) || item.Expires != expires {
		f.Fatalf("counter %q is %s until %d, want %d until %d", sort, item.Data, item.Expires, total, expires)
	}
}

func addsWithin(f *fixture) {
	f.do(table.Add(f.key("a"), 3, 10, 0), table.Create(f.item("x", `{}`)))
	f.do(table.Add(f.key("a"), 7, 10, 0))
	f.wantTotal("a", 10, 0)
	f.do(table.Add(f.key("a"), -14, 0, 0), table.Add(f.key("b"), 5, table.Unlimited, 0))
	f.do(table.Add(f.key("a"), 9, 5, 0))
	f.wantTotal("a", 5, 0)
	f.count("a", 1, 0, 6)
	f.do(table.Add(f.key("a"), 100, table.Unlimited, 0))
	f.wantTotal("a", 106, 0)
	f.wantTotal("b", 5, 0)
}

func addsToExpired(f *fixture) {
	until := f.clock.Now().Unix() + 10
	f.do(table.Add(f.key("a"), 8, 10, until))
	f.do(table.Add(f.key("a"), 2, 10, until))
	f.wantTotal("a", 10, until)
	f.clock.Advance(10 * time.Second)
	f.wantConflict(f.store.Transact(f.Context(), []table.Write{table.Add(f.key("a"), 11, 10, 0)}), 0, f.key("a"))
	f.do(table.Create(f.item("x", `{}`)), table.Add(f.key("a"), 4, 10, until+10))
	f.wantTotal("a", 4, until+10)
	f.do(table.Add(f.key("a"), 1, 10, 0))
	f.wantTotal("a", 5, 0)
}

func addsNothingBeyond(f *fixture) {
	f.do(table.Add(f.key("a"), 8, 10, 0), table.Add(f.key("b"), 1, 10, 0))
	for _, writes := range [][]table.Write{
		{table.Add(f.key("a"), 3, 10, 0)},
		{table.Create(f.item("x", `{}`)), table.Add(f.key("b"), 1, 10, 0), table.Add(f.key("a"), 3, 10, 0)},
		{table.Add(f.key("absent"), 11, 10, 0), table.Create(f.item("x", `{}`))},
	} {
		err := f.store.Transact(f.Context(), writes)
		at := slices.IndexFunc(writes, func(w table.Write) bool { return w.Add > 1 })
		f.wantConflict(err, at, writes[at].Item.Key)
	}
	f.wantSorts(f.query(), "a", "b")
	f.wantTotal("a", 8, 0)
	f.wantTotal("b", 1, 0)
}

func addsToNoItem(f *fixture) {
	f.fill("item")
	for _, most := range []int64{10, table.Unlimited} {
		f.wantBadRequest(f.store.Transact(f.Context(), []table.Write{table.Add(f.key("item"), 1, most, 0)}))
	}
	audit := f.key("counter")
	audit.Table = table.Audit
	f.wantBadRequest(f.store.Transact(f.Context(), []table.Write{table.Add(audit, 1, 10, 0)}))
}

func addsTogether(f *fixture) {
	var all sync.WaitGroup
	var within atomic.Int64
	for i := range 12 {
		all.Go(func() {
			err := f.store.Transact(f.Context(), []table.Write{
				table.Create(f.item(fmt.Sprint("item ", i), `{}`)), table.Add(f.key("counter"), 10, 75, 0),
			})
			if err == nil {
				within.Add(1)
			} else if !table.ConflictAt(err, f.key("counter")) {
				f.Error(err)
			}
		})
	}
	all.Wait()
	if within.Load() != 7 {
		f.Errorf("%d of 12 were within the limit, want 7", within.Load())
	}
	f.wantTotal("counter", 70, 0)
}
