package tabletest

import (
	"fmt"
	"time"

	"github.com/tenantry/tenantry/shared/store/table"
)

func counterRules() []rule {
	return []rule{
		{"ACounterBeginsAtZeroAndGivesItsNewValue", counts},
		{"ACounterIsReadAsADecimalNumber", counterRead},
		{"AnExpiredCounterBeginsAgain", counterExpires},
		{"AnItemThatIsNoCounterIsNotCounted", countItem},
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
