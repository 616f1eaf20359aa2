package search

import (
	"context"
	"maps"
	"slices"

	"github.com/tenantry/tenantry/shared/store/table"
)

// collectNumbers reads the numbers of the documents from a cursor on until time is over, and stores
// them as sets. It reports whether it came to the end. A part that is collected twice does no harm.
func (r *rebuilder) collectNumbers(ctx context.Context, cursor string) (done bool, err error) {
	sets := map[int64]numbers{}
	for !done {
		var some []int64
		if some, cursor, err = r.source.Numbers(ctx, cursor); err != nil {
			return false, err
		}
		for _, number := range some {
			block := number / r.Grams
			if sets[block] == nil {
				sets[block] = newNumbers(r.Grams)
			}
			sets[block].add(int(number % r.Grams))
		}
		if err := r.renew(ctx); err != nil {
			return false, err
		}
		if done = cursor == ""; r.over() {
			break
		}
	}
	if err := r.storeNumbers(ctx, sets); err != nil {
		return false, err
	}
	return done, r.note(ctx, func(to *rebuild) { to.Cursor, to.Collected = cursor, done })
}

func (r *rebuilder) storeNumbers(ctx context.Context, sets map[int64]numbers) error {
	out := newBulk(ctx, r.store)
	for batch := range slices.Chunk(slices.Sorted(maps.Keys(sets)), table.MaxBatch) {
		keys := make([]table.Key, len(batch))
		for i, block := range batch {
			keys[i] = derived(r.numbers(), ordered(block))
		}
		stored, err := r.store.BatchGet(ctx, keys)
		if err != nil {
			return err
		}
		for i, block := range batch {
			if stored[i].Version != 0 {
				if err := sets[block].decode(stored[i].Data, 0); err != nil {
					return err
				}
			}
			item := table.Item{Key: keys[i], Version: stored[i].Version + 1, Data: sets[block].encode()}
			if err := out.add(item); err != nil {
				return err
			}
		}
	}
	return out.close()
}

// eachBlock calls do with the numbers of each block of a term, from a number on, until it returns
// false or an error. It reports whether it came to the end.
func (r *rebuilder) eachBlock(
	ctx context.Context, from int64, do func(block int64, numbers []int64) (bool, error),
) (bool, error) {
	query := table.Query{
		Table: table.Derived, Partition: r.numbers(), From: ordered(from / r.Grams), Limit: table.MaxBatch / 10,
	}
	for {
		page, err := r.store.Query(ctx, query)
		if err != nil {
			return false, err
		}
		for _, item := range page.Items {
			found, err := numbersOf(item, r.Grams)
			if err != nil {
				return false, err
			}
			found = found[position(found, from):]
			for len(found) > 0 {
				block := found[0] / r.Terms
				size := position(found, (block+1)*r.Terms)
				if more, err := do(block, found[:size]); err != nil || !more {
					return false, err
				}
				found = found[size:]
			}
		}
		if query.After = page.Next; page.Next == "" {
			return true, nil
		}
	}
}

// position returns the place of the first number that is not less than from.
func position(ascending []int64, from int64) int {
	place, _ := slices.BinarySearch(ascending, from)
	return place
}

// numbersOf returns the numbers of a row in ascending order.
func numbersOf(item table.Item, width int64) ([]int64, error) {
	block, err := parseOrdered(item.Sort)
	if err != nil {
		return nil, err
	}
	set := newNumbers(width)
	if err := set.decode(item.Data, 0); err != nil {
		return nil, err
	}
	places := set.places()
	found := make([]int64, len(places))
	for i, place := range places {
		found[i] = block*width + int64(place)
	}
	return found, nil
}
