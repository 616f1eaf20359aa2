package search

import (
	"cmp"
	"context"
	"maps"
	"slices"
	"strings"

	"github.com/tenantry/tenantry/shared/store/table"
)

// counter is the row with the number of documents that have a term.
type counter struct {
	Value string `json:"value"`
	Count int64  `json:"count"`
	// Part is the first number of the part of a rebuild that wrote the counter last, and Before the
	// count before that part. They allow an interrupted part to be undone.
	Part   int64 `json:"part,omitempty"`
	Before int64 `json:"before,omitempty"`
}

// allWrites reads the planned sets and counters and returns all writes of the transaction. There
// are none if nothing changes.
func (p *plan) allWrites(ctx context.Context, store table.Store) ([]table.Write, error) {
	if p.failure != nil || !p.changed {
		return nil, p.failure
	}
	keys := slices.Collect(maps.Keys(p.sets))
	keys = slices.AppendSeq(keys, maps.Keys(p.counters))
	slices.SortFunc(keys, compareKeys)
	if len(keys) > 0 {
		items, err := store.BatchGet(ctx, keys)
		if err != nil {
			return nil, err
		}
		for _, item := range items {
			if err := p.edit(item); err != nil {
				return nil, err
			}
		}
	}
	write, err := p.state.write()
	if err != nil {
		return nil, err
	}
	return append(p.writes, write), p.failure
}

func compareKeys(a, b table.Key) int {
	return cmp.Or(strings.Compare(a.Partition, b.Partition), strings.Compare(a.Sort, b.Sort))
}

// edit plans the write of a set or counter that has been read.
func (p *plan) edit(item table.Item) error {
	if counting, ok := p.counters[item.Key]; ok {
		return p.count(item, counting)
	}
	set := newNumbers(p.state.Terms)
	if item.Version != 0 {
		if err := set.decode(item.Data, 0); err != nil {
			return err
		}
	}
	for place, member := range p.sets[item.Key] {
		if member {
			set.add(place)
		} else {
			set.remove(place)
		}
	}
	if set.count() == 0 {
		p.remove(item)
		return nil
	}
	p.store(item, set.encode())
	return nil
}

func (p *plan) count(item table.Item, counting *counting) error {
	total := counter{Value: counting.term.Value}
	if item.Version != 0 {
		var err error
		if total, err = decode[counter](item); err != nil {
			return err
		}
	}
	total.Count += counting.add
	switch {
	case counting.add == 0:
		return nil
	case total.Count == 0:
		p.remove(item)
		return nil
	}
	data, err := encode(total)
	p.store(item, data)
	return err
}

// store plans a write that replaces the row that has been read.
func (p *plan) store(item table.Item, data []byte) {
	item.Data = data
	if item.Version == 0 {
		p.writes = append(p.writes, table.Create(item))
	} else {
		p.writes = append(p.writes, table.Update(item))
	}
}

// remove plans the deletion of a row that has become empty.
func (p *plan) remove(item table.Item) {
	if item.Version != 0 {
		p.writes = append(p.writes, table.Delete(item.Key, item.Version))
	}
}
