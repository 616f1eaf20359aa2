package tabletest

import (
	"errors"
	"fmt"
	"strings"

	"github.com/tenantry/tenantry/shared/store/table"
)

func limitRules() []rule {
	return []rule{
		{"WhatBreaksALimitIsABadRequestAndChangesNothing", overLimits},
		{"WhatIsAtALimitIsTaken", atLimits},
		{"TenItemsOfTheLargestSizeFitOneTransaction", largestTransaction},
	}
}

func (f *fixture) wantBadRequest(err error) {
	f.Helper()
	if !errors.Is(err, table.ErrBadRequest) {
		f.Errorf("error %v, want ErrBadRequest", err)
	}
}

// sized returns an item of the given size, as counted by the limits.
func (f *fixture) sized(sort string, bytes int) table.Item {
	item := f.item(sort, "")
	item.Data = fmt.Appendf(nil, "%q", strings.Repeat("x", bytes-item.Bytes()-2))
	return item
}

func overLimits(f *fixture) {
	many := make([]table.Write, table.MaxWrites+1)
	for i := range many {
		many[i] = table.Create(f.item(fmt.Sprintf("many%03d", i), `{}`))
	}
	heavy := make([]table.Write, 11)
	for i := range heavy {
		heavy[i] = table.Create(f.sized(fmt.Sprintf("heavy%02d", i), table.MaxItemBytes))
	}
	large := f.sized("large", table.MaxItemBytes+1)
	create := func(partition, sort, data string) []table.Write {
		return []table.Write{
			table.Create(table.Item{Key: table.Key{Partition: partition, Sort: sort}, Data: []byte(data)}),
		}
	}
	unknown := f.item("unknown", `{}`)
	unknown.Table = 3
	for name, writes := range map[string][]table.Write{
		"no writes":              {},
		"too many writes":        many,
		"too heavy together":     heavy,
		"too large an item":      {table.Create(large)},
		"no partition":           create("", "a", `{}`),
		"no sort":                create(f.partition, "", `{}`),
		"long partition":         create(strings.Repeat("p", table.MaxPartitionBytes+1), "a", `{}`),
		"long sort":              create(f.partition, strings.Repeat("s", table.MaxSortBytes+1), `{}`),
		"sort is not UTF-8":      create(f.partition, "\xff", `{}`),
		"partition is not UTF-8": create("\xff", "a", `{}`),
		"data is not UTF-8":      create(f.partition, "a", "\xff"),
		"unknown table":          {table.Create(unknown)},
		"unknown kind":           {{Item: f.item("a", `{}`)}},
		"one key twice":          {table.Create(f.item("a", `{}`)), table.Require(f.key("a"), 0)},
		"update without version": {table.Update(f.item("a", `{}`))},
		"delete without version": {table.Delete(f.key("a"), 0)},
	} {
		if err := f.store.Transact(f.Context(), writes); !errors.Is(err, table.ErrBadRequest) {
			f.Errorf("%s: error %v, want ErrBadRequest", name, err)
		}
	}
	f.wantSorts(f.query())

	_, err := f.store.Get(f.Context(), f.key(""))
	f.wantBadRequest(err)
	_, err = f.store.Count(f.Context(), f.key(""), 1, 0)
	f.wantBadRequest(err)
	for _, keys := range [][]table.Key{nil, {f.key("a"), f.key("a")}, {f.key("")}, f.keys(table.MaxBatch + 1)} {
		_, err = f.store.BatchGet(f.Context(), keys)
		f.wantBadRequest(err)
	}
	for _, query := range []table.Query{
		{Partition: f.partition}, {Partition: f.partition, Limit: table.MaxPage + 1}, {Limit: 1},
		{Partition: f.partition, Limit: 1, From: "b", To: "a"}, {Partition: f.partition, Limit: 1, From: "a", To: "a"},
		{Table: 3, Partition: f.partition, Limit: 1},
	} {
		_, err = f.store.Query(f.Context(), query)
		f.wantBadRequest(err)
	}
}

func (f *fixture) keys(count int) []table.Key {
	keys := make([]table.Key, count)
	for i := range keys {
		keys[i] = f.key(fmt.Sprintf("item%04d", i))
	}
	return keys
}

func atLimits(f *fixture) {
	keys := f.keys(table.MaxPage)
	sorts := make([]string, len(keys))
	for i, key := range keys {
		sorts[i] = key.Sort
	}
	f.fill(sorts...)
	f.wantSorts(f.query(), sorts...)
	items, err := f.store.BatchGet(f.Context(), keys[:table.MaxBatch])
	if err != nil {
		f.Fatal(err)
	}
	for i, item := range items {
		if item.Key != keys[i] || item.Version != 1 {
			f.Errorf("index %d: %q, version %d", i, item.Sort, item.Version)
		}
	}
	longest := table.Item{Data: []byte(`{}`), Key: table.Key{
		Partition: f.partition + strings.Repeat("p", table.MaxPartitionBytes-len(f.partition)),
		Sort:      strings.Repeat("s", table.MaxSortBytes),
	}}
	f.do(table.Create(longest))
	longest.Version = 1
	f.wantStored(longest)
}

func largestTransaction(f *fixture) {
	var writes []table.Write
	for i := range 10 {
		writes = append(writes, table.Create(f.sized(fmt.Sprint(i), f.LargestItem)))
	}
	f.do(writes...)
	for _, write := range writes {
		f.wantStored(write.Item)
	}
	// Some stores need several responses for such a page.
	f.wantSorts(f.query(), "0", "1", "2", "3", "4", "5", "6", "7", "8", "9")
	query := f.query()
	query.Descending, query.Limit = true, 9
	sorts, next := f.sorts(query)
	if len(sorts) != 9 || next != "1" {
		f.Errorf("page %v, Next %q", sorts, next)
	}
	query.After = next
	f.wantSorts(query, "0")
}
