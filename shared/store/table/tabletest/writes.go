package tabletest

import (
	"fmt"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/tenantry/tenantry/shared/store/table"
)

func writeRules() []rule {
	return append(conditionRules(),
		rule{"ACreatedItemHasVersion1AndEachUpdateAddsOne", versionsGrow},
		rule{"AConflictNamesTheFirstWriteWhoseConditionDoesNotHold", firstConflict},
		rule{"ATransactionDoesAllWritesOrNoneInAllTables", allOrNothing},
		rule{"AnUpdateReplacesDataAndExpiry", updateReplaces},
		rule{"TheSameKeyInTwoTablesIsTwoItems", tablesApart},
		rule{"TheAuditTableMayOnlyBeAddedTo", auditOnlyGrows},
	)
}

// conditionRules tests every kind of write on every state of its item, alone and with another
// write, because stores may use different requests for the two.
func conditionRules() []rule {
	states := []string{"absent", "version 1", "version 2", "expired"}
	kinds := []struct {
		name  string
		write func(key table.Key) table.Write
		holds map[string]int64 // by state: the version afterwards; no entry if the condition does not hold
	}{
		{"Create", func(key table.Key) table.Write { return table.Create(table.Item{Key: key, Data: []byte(`"new"`)}) },
			map[string]int64{"absent": 1, "expired": 1}},
		{"UpdateOfVersion1", func(key table.Key) table.Write {
			return table.Update(table.Item{Key: key, Version: 1, Data: []byte(`"new"`)})
		}, map[string]int64{"version 1": 2}},
		{"DeleteOfVersion1", func(key table.Key) table.Write { return table.Delete(key, 1) },
			map[string]int64{"version 1": 0}},
		{"RequireVersion1", func(key table.Key) table.Write { return table.Require(key, 1) },
			map[string]int64{"version 1": 1}},
		{"Require of version 0", func(key table.Key) table.Write { return table.Require(key, 0) },
			map[string]int64{"absent": 0, "expired": 0}},
	}
	var rules []rule
	for _, kind := range kinds {
		for _, state := range states {
			after, holds := kind.holds[state]
			for _, alone := range []bool{true, false} {
				name := fmt.Sprintf("Condition/%s/%s/alone=%v", kind.name, state, alone)
				rules = append(rules, rule{name, func(f *fixture) {
					key, other := f.key("item"), f.item("other", `"other"`)
					f.bring(key, state)
					before := f.stored(key)
					writes := []table.Write{kind.write(key)}
					if !alone {
						writes = append(writes, table.Create(other))
					}
					err := f.store.Transact(f.Context(), writes)
					if !holds {
						f.wantConflict(err, 0, key)
						f.wantStored(before)
						f.wantStored(table.Item{Key: other.Key})
						return
					}
					if err != nil {
						f.Fatalf("the condition holds, but the write failed: %v", err)
					}
					if got := f.stored(key).Version; got != after {
						f.Errorf("version %d afterwards, want %d", got, after)
					}
				}})
			}
		}
	}
	return rules
}

// bring puts an item into a state.
func (f *fixture) bring(key table.Key, state string) {
	f.Helper()
	item := table.Item{Key: key, Data: []byte(`"old"`)}
	switch state {
	case "absent":
	case "version 1":
		f.do(table.Create(item))
	case "version 2":
		f.do(table.Create(item))
		item.Version = 1
		f.do(table.Update(item))
	case "expired":
		item.Expires = f.clock.Now().Unix() + 10
		f.do(table.Create(item))
		f.clock.Advance(10 * time.Second)
	}
}

func (f *fixture) wantConflict(err error, index int, key table.Key) {
	f.Helper()
	want := &table.ConflictError{Index: index, Key: key}
	got, _ := err.(*table.ConflictError)
	if diff := cmp.Diff(want, got); diff != "" {
		f.Fatalf("error %v, want a conflict (-want +got):\n%s", err, diff)
	}
}

func versionsGrow(f *fixture) {
	item := f.item("item", `"same"`)
	f.do(table.Create(item))
	for version := int64(1); version < 5; version++ {
		item.Version = version
		f.wantStored(item)
		f.do(table.Update(item))
	}
}

func firstConflict(f *fixture) {
	f.fill("present", "another")
	writes := []table.Write{
		table.Create(f.item("new", `{}`)),
		table.Require(f.key("absent"), 0),
		table.Create(f.item("present", `{}`)),
		table.Require(f.key("another"), 1),
		table.Delete(f.key("nothing"), 3),
	}
	f.wantConflict(f.store.Transact(f.Context(), writes), 2, f.key("present"))
	writes[2], writes[4] = writes[4], writes[2]
	f.wantConflict(f.store.Transact(f.Context(), writes), 2, f.key("nothing"))
	writes[0], writes[2] = writes[2], writes[0]
	f.wantConflict(f.store.Transact(f.Context(), writes), 0, f.key("nothing"))
	f.wantSorts(f.query(), "another", "present")
}

func allOrNothing(f *fixture) {
	f.fill("changed", "deleted", "required")
	in := func(where table.Table) table.Write {
		item := f.item("new", `{}`)
		item.Table = where
		return table.Create(item)
	}
	changed := f.stored(f.key("changed"))
	writes := []table.Write{
		in(table.Core), in(table.Audit), in(table.Derived), table.Update(changed),
		table.Delete(f.key("deleted"), 1), table.Require(f.key("required"), 2),
	}
	f.wantConflict(f.store.Transact(f.Context(), writes), 5, f.key("required"))
	for _, where := range []table.Table{table.Audit, table.Derived} {
		f.wantStored(table.Item{Key: in(where).Item.Key})
	}
	f.wantSorts(f.query(), "changed", "deleted", "required")
	f.wantStored(changed)

	writes[5] = table.Require(f.key("required"), 1)
	f.do(writes...)
	for _, where := range []table.Table{table.Audit, table.Derived} {
		f.wantStored(in(where).Item)
	}
	f.wantSorts(f.query(), "changed", "new", "required")
}

func updateReplaces(f *fixture) {
	item := f.item("item", `{"much": "more text than there will be"}`)
	item.Expires = f.clock.Now().Unix() + 100
	f.do(table.Create(item))
	item.Version, item.Expires, item.Data = 1, 0, []byte(`{}`)
	f.do(table.Update(item))
	item.Version = 2
	f.wantStored(item)
}

func tablesApart(f *fixture) {
	for where := table.Core; where <= table.Derived; where++ {
		item := f.item("item", fmt.Sprintf("%d", where))
		item.Table = where
		f.do(table.Create(item))
	}
	for where := table.Core; where <= table.Derived; where++ {
		want := f.item("item", fmt.Sprintf("%d", where))
		want.Table, want.Version = where, 1
		f.wantStored(want)
		query := f.query()
		query.Table = where
		f.wantSorts(query, "item")
	}
}

func auditOnlyGrows(f *fixture) {
	item := f.item("entry", `{}`)
	item.Table = table.Audit
	f.do(table.Create(item))
	item.Version = 1
	for _, write := range []table.Write{
		table.Update(item), table.Delete(item.Key, 1), table.Require(item.Key, 1), table.Require(item.Key, 0),
	} {
		f.wantBadRequest(f.store.Transact(f.Context(), []table.Write{write}))
	}
	counter := item.Key
	counter.Sort = "counter"
	_, err := f.store.Count(f.Context(), counter, 1, 0)
	f.wantBadRequest(err)
	f.wantStored(item)
}
