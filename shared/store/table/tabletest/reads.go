package tabletest

import (
	"errors"
	"fmt"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/tenantry/tenantry/shared/store/table"
)

func readRules() []rule {
	return []rule{
		{"GetGivesErrAbsentWhereThereIsNoItem", getAbsent},
		{"AnItemIsReadAsItWasWritten", readAsWritten},
		{"BatchGetKeepsTheOrderAndMarksAbsentItems", batchKeepsOrder},
		{"ReadsSeeEveryAcknowledgedTransaction", readsSeeWrites},
	}
}

func getAbsent(f *fixture) {
	f.fill("a", "b")
	f.do(table.Delete(f.key("b"), 1))
	for _, sort := range []string{"b", "c", "A", "a\x00"} {
		item, err := f.store.Get(f.Context(), f.key(sort))
		if !errors.Is(err, table.ErrAbsent) {
			f.Errorf("%q: item %v, error %v, want ErrAbsent", sort, item, err)
		}
	}
}

func readAsWritten(f *fixture) {
	for i, data := range []string{``, `0`, `{"text":"Grüße, 世界 🌍"}`, "\"a\\\"b\\\\c\"\n\t", "\"\u2028\x7f<>&\"",
		`{"number":12345678901234567890}`} {
		item := f.item(fmt.Sprintf("item #%d/é", i), data)
		item.Expires = f.clock.Now().Unix() + int64(i)*1000
		if i == 0 {
			item.Expires = 0
		}
		f.do(table.Create(item))
		item.Version = 1
		got, err := f.store.Get(f.Context(), item.Key)
		if err != nil {
			f.Fatal(err)
		}
		if diff := cmp.Diff(item, got, cmpopts.EquateEmpty()); diff != "" {
			f.Errorf("Get (-want +got):\n%s", diff)
		}
		f.wantStored(item)
		query := f.query()
		query.From = item.Sort
		page, err := f.store.Query(f.Context(), query)
		if err != nil {
			f.Fatal(err)
		}
		if diff := cmp.Diff([]table.Item{item}, page.Items, cmpopts.EquateEmpty()); diff != "" {
			f.Errorf("Query (-want +got):\n%s", diff)
		}
	}
}

func batchKeepsOrder(f *fixture) {
	f.fill("a", "b", "c")
	derived := f.item("a", `"derived"`)
	derived.Table = table.Derived
	f.do(table.Create(derived))
	keys := []table.Key{f.key("c"), f.key("nothing"), derived.Key, f.key("a"), f.key("b")}
	items, err := f.store.BatchGet(f.Context(), keys)
	if err != nil {
		f.Fatal(err)
	}
	var got []string
	for i, item := range items {
		if item.Version == 0 {
			got = append(got, "absent")
			continue
		}
		if item.Key != keys[i] {
			f.Errorf("index %d has %v, want %v", i, item.Key, keys[i])
		}
		got = append(got, string(item.Data))
	}
	if diff := cmp.Diff([]string{`"c"`, "absent", `"derived"`, `"a"`, `"b"`}, got); diff != "" {
		f.Errorf("(-want +got):\n%s", diff)
	}
}

func readsSeeWrites(f *fixture) {
	item := f.item("item", `{}`)
	f.do(table.Create(item))
	for version := int64(1); version <= 30; version++ {
		item.Version = version
		got, err := f.store.Get(f.Context(), item.Key)
		if err != nil || got.Version != version {
			f.Errorf("Get: version %d (%v), want %d", got.Version, err, version)
		}
		f.wantStored(item)
		page, err := f.store.Query(f.Context(), f.query())
		if err != nil || len(page.Items) != 1 || page.Items[0].Version != version {
			f.Errorf("Query: %v (%v), want version %d", page.Items, err, version)
		}
		f.do(table.Update(item))
	}
}
