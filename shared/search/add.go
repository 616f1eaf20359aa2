package search

import (
	"cmp"
	"context"
	"strings"

	"github.com/tenantry/tenantry/shared/store/table"
)

func compareRegions(a, b region) int {
	return cmp.Or(
		strings.Compare(a.partition, b.partition),
		strings.Compare(a.prefix, b.prefix),
		cmp.Compare(a.number, b.number),
	)
}

// addition is what becomes of the rows of one region.
type addition struct {
	region
	head
	row   table.Item // of the head
	below []table.Key
}

// addNumbers adds numbers to some regions, those of one region in one transaction.
func (x *Index) addNumbers(ctx context.Context, s *state, regions []region, rows regionNumbers) error {
	additions, err := x.additions(ctx, regions, rows)
	if err != nil {
		return err
	}
	var below []table.Key
	for i := range additions {
		if one := &additions[i]; one.full() {
			one.below = one.rowsBelow(one.region, s.layout)
			below = append(below, one.below...)
		}
	}
	stored, err := x.readAll(ctx, below)
	if err != nil {
		return err
	}
	var writes []table.Write
	for _, one := range additions {
		next := []table.Item{one.row}
		if one.full() {
			more, err := one.compact(one.region, s.layout, stored[:len(one.below)])
			if err != nil {
				return err
			}
			next, stored = append(next, more...), stored[len(one.below):]
		}
		next[0].Data = one.encode()
		if len(writes)+len(next) > table.MaxWrites {
			if err := x.store.Transact(ctx, writes); err != nil {
				return err
			}
			writes = nil
		}
		for _, item := range next {
			if item.Version == 0 {
				writes = append(writes, table.Create(item))
			} else {
				writes = append(writes, table.Update(item))
			}
		}
	}
	if len(writes) == 0 {
		return nil
	}
	return x.store.Transact(ctx, writes)
}

// additions reads the heads, and gives those that change.
func (x *Index) additions(ctx context.Context, regions []region, rows regionNumbers) (changed []addition, err error) {
	keys := make([]table.Key, len(regions))
	for i, region := range regions {
		keys[i] = region.head()
	}
	items, err := x.store.BatchGet(ctx, keys)
	if err != nil {
		return nil, err
	}
	for i, item := range items {
		one := addition{region: regions[i], row: item}
		if item.Version != 0 {
			if one.head, err = decodeHead(item.Data); err != nil {
				return nil, err
			}
		}
		if one.add(rows[one.region]) {
			changed = append(changed, one)
		}
	}
	return changed, nil
}

// readAll reads any number of rows.
func (x *Index) readAll(ctx context.Context, keys []table.Key) (items []table.Item, err error) {
	for from := 0; from < len(keys); from += table.MaxBatch {
		batch, err := x.store.BatchGet(ctx, keys[from:min(from+table.MaxBatch, len(keys))])
		if err != nil {
			return nil, err
		}
		items = append(items, batch...)
	}
	return items, nil
}
