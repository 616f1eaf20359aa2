package tabletest

import (
	"fmt"
	"strings"
	"sync"
	"time"

	"github.com/tenantry/tenantry/shared/store/table"
)

func putRules() []rule {
	return []rule{
		{"APutItemIsStoredAsGivenWhateverWasThere", putsWhatever},
		{"APutItemOfVersion0IsRemoved", putsRemove},
		{"PutsAreForTheDerivedTableOnly", putsOfDerivedOnly},
		{"ItemsOfTheCoreTableAreRemovedWithoutACondition", putsRemoveOfCore},
		{"AsManyPutsAsThePortAllowsAreDone", putsAtLimit},
		{"AWriteOnAPutItemIsConditionalOnItsVersion", putsHaveVersions},
		{"ConcurrentPutsOfOneItemLeaveOneOfThem", concurrentPuts},
	}
}

func (f *fixture) derived(sort, data string, version int64) table.Item {
	item := f.item(sort, data)
	item.Table, item.Version = table.Derived, version
	return item
}

func (f *fixture) put(items ...table.Item) {
	f.Helper()
	if err := f.store.BatchPut(f.Context(), items); err != nil {
		f.Fatalf("batch put: %v", err)
	}
}

func (f *fixture) wantAbsent(key table.Key) {
	f.Helper()
	f.wantStored(table.Item{Key: key})
}

func putsWhatever(f *fixture) {
	absent, present := f.derived("absent", `1`, 1), f.derived("present", `2`, 7)
	expired, counter := f.derived("expired", `"é"`, 1), f.derived("counter", `{}`, 3)
	old := f.derived("present", `"old"`, 1)
	dead := f.derived("expired", `"old"`, 1)
	dead.Expires = f.clock.Now().Unix() + 10
	f.do(table.Create(old), table.Create(dead))
	if _, err := f.store.Count(f.Context(), counter.Key, 5, 0); err != nil {
		f.Fatal(err)
	}
	f.clock.Advance(10 * time.Second)
	absent.Expires = f.clock.Now().Unix() + 100
	for range 2 { // a repetition changes nothing
		f.put(absent, present, expired, counter)
		for _, item := range []table.Item{absent, present, expired, counter} {
			f.wantStored(item)
		}
	}
	f.clock.Advance(100 * time.Second)
	f.wantAbsent(absent.Key)
}

func putsRemove(f *fixture) {
	kept, removed := f.derived("kept", `1`, 1), f.derived("removed", `2`, 4)
	f.put(kept, removed)
	removed.Version = 0
	f.put(removed, f.derived("never there", ``, 0))
	f.wantAbsent(removed.Key)
	f.wantStored(kept)
	query := f.query()
	query.Table = table.Derived
	f.wantSorts(query, "kept")
}

func putsRemoveOfCore(f *fixture) {
	kept, removed, audit := f.item("kept", `1`), f.item("removed", `2`), f.item("kept", `3`)
	f.do(table.Create(kept), table.Create(removed))
	removed.Version = 0
	for range 2 { // a repetition changes nothing
		f.put(removed, f.item("never there", ``))
	}
	f.wantAbsent(removed.Key)
	f.wantSorts(f.query(), "kept")
	audit.Table = table.Audit
	f.wantBadRequest(f.store.BatchPut(f.Context(), []table.Item{audit}))
}

func putsOfDerivedOnly(f *fixture) {
	core, audit := f.item("item", `{}`), f.item("item", `{}`)
	core.Version, audit.Version, audit.Table = 1, 1, table.Audit
	negative := f.derived("item", `{}`, -1)
	good := f.derived("item", `{}`, 1)
	large := f.derived("item", strings.Repeat("x", table.MaxItemBytes), 1)
	many := make([]table.Item, table.MaxPuts+1)
	for i := range many {
		many[i] = f.derived(fmt.Sprint(i), `{}`, 1)
	}
	for name, items := range map[string][]table.Item{
		"core": {core}, "two tables": {good, f.item("removed", ``)}, "audit": {good, audit}, "version": {negative}, "twice": {good, good}, "none": {},
		"no UTF-8": {f.derived("item", "\xff", 1)}, "no key": {f.derived("", `{}`, 1)}, "too large": {large},
		"too many": many,
	} {
		f.Logf("case: %s", name)
		f.wantBadRequest(f.store.BatchPut(f.Context(), items))
	}
	f.wantAbsent(good.Key)
	f.wantAbsent(core.Key)
}

func putsAtLimit(f *fixture) {
	items := make([]table.Item, table.MaxPuts)
	sorts := make([]string, len(items))
	for i := range items {
		sorts[i] = fmt.Sprintf("item%04d", i)
		items[i] = f.derived(sorts[i], fmt.Sprintf(`%q`, strings.Repeat("x", i)), 1)
	}
	f.put(items...)
	query := f.query()
	query.Table = table.Derived
	f.wantSorts(query, sorts...)
	f.wantStored(items[len(items)-1])
}

func putsHaveVersions(f *fixture) {
	item := f.derived("item", `1`, 5)
	f.put(item)
	stale := item
	stale.Version = 4
	f.wantConflict(f.store.Transact(f.Context(), []table.Write{table.Update(stale)}), 0, item.Key)
	f.do(table.Update(item))
	item.Version = 6
	f.wantStored(item)
}

func concurrentPuts(f *fixture) {
	var all sync.WaitGroup
	for worker := range workers {
		all.Go(func() {
			err := f.store.BatchPut(f.Context(), []table.Item{
				f.derived("item", fmt.Sprint(worker), int64(worker)+1),
				f.derived(fmt.Sprint("own", worker), `{}`, 1),
			})
			if err != nil {
				f.Error(err)
			}
		})
	}
	all.Wait()
	item := f.stored(f.derived("item", "", 0).Key)
	if string(item.Data) != fmt.Sprint(item.Version-1) {
		f.Errorf("version %d with data %s", item.Version, item.Data)
	}
	for worker := range workers {
		f.wantStored(f.derived(fmt.Sprint("own", worker), `{}`, 1))
	}
}
