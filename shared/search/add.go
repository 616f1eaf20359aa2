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

// addition is a region with numbers to add and the rows to change.
type addition struct {
	region
	head
	row   table.Item  // of the head
	below []table.Key // the rows to read before compacting
}

// addNumbers adds the numbers in rows to the regions. The rows of one region change in one
// transaction.
func (x *Index) addNumbers(ctx context.Context, s *state, regions []region, rows regionNumbers) error {
	changed, err := x.changedRows(ctx, s.layout, regions, rows, false)
	if err != nil {
		return err
	}
	var writes []table.Write
	for _, items := range changed {
		if len(writes)+len(items) > table.MaxWrites {
			if err := x.store.Transact(ctx, writes); err != nil {
				return err
			}
			writes = nil
		}
		for _, item := range items {
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

// changedRows adds the numbers in rows to the regions, and returns for each region that changes the
// rows to write, the head first, with the versions that were read. The rows of fresh regions are
// not there yet, and are not read.
func (x *Index) changedRows(
	ctx context.Context, layout layout, regions []region, rows regionNumbers, fresh bool,
) ([][]table.Item, error) {
	additions, err := x.additions(ctx, regions, rows, fresh)
	if err != nil {
		return nil, err
	}
	var below []table.Key
	for i := range additions {
		if a := &additions[i]; a.full() {
			a.below = a.rowsBelow(a.region, layout)
			below = append(below, a.below...)
		}
	}
	stored, err := x.readAll(ctx, below)
	if err != nil {
		return nil, err
	}
	changed := make([][]table.Item, 0, len(additions))
	for _, a := range additions {
		items := []table.Item{a.row}
		if a.full() {
			compacted, err := a.compact(a.region, layout, stored[:len(a.below)])
			if err != nil {
				return nil, err
			}
			items, stored = append(items, compacted...), stored[len(a.below):]
		}
		items[0].Data = a.encode()
		changed = append(changed, items)
	}
	return changed, nil
}

// additions reads the heads of the regions and returns the regions that change.
func (x *Index) additions(
	ctx context.Context, regions []region, rows regionNumbers, fresh bool,
) (changed []addition, err error) {
	items := make([]table.Item, len(regions))
	keys := make([]table.Key, len(regions))
	for i, region := range regions {
		keys[i] = region.head()
		items[i].Key = keys[i]
	}
	if !fresh {
		if items, err = x.store.BatchGet(ctx, keys); err != nil {
			return nil, err
		}
	}
	for i, item := range items {
		a := addition{region: regions[i], row: item}
		if item.Version != 0 {
			if a.head, err = decodeHead(item.Data); err != nil {
				return nil, err
			}
		}
		if a.add(rows[a.region]) {
			changed = append(changed, a)
		}
	}
	return changed, nil
}

// readAll reads any number of rows, in batches.
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
