package search

import (
	"context"
	"fmt"
	"strconv"
	"strings"

	"github.com/tenantry/tenantry/shared/fault"
	"github.com/tenantry/tenantry/shared/store/table"
)

// This file has what callers need who walk a whole order themselves, because a page by number or a
// phrase that very many documents have is beyond Find.

// OrderKey is the place of a document in an order.
type OrderKey struct {
	// Value is what the document is sorted by, as far as it is compared: 300 bytes.
	Value  string
	Number int64
}

// Cut reports whether the value may be only the beginning of the document's.
func (k OrderKey) Cut() bool { return len(k.Value) > maxOrderBytes-utf8Most }

// utf8Most is the length of the longest letter in bytes.
const utf8Most = 4

// Keys returns some places of an order from a row on, and the row to go on after; "" at the end. It takes
// two requests, and R 1 for about 60 of them.
func (x *Index) Keys(
	ctx context.Context, space, order string, descending bool, limit int, after string,
) (keys []OrderKey, next string, err error) {
	stored, err := x.load(ctx, x.store, root{space: space})
	if err != nil {
		return nil, "", err
	}
	page, err := x.store.Query(ctx, table.Query{
		Table: table.Derived, Partition: stored.generation().order(order), Descending: descending, Limit: limit, After: after,
	})
	if err != nil {
		return nil, "", err
	}
	keys = make([]OrderKey, len(page.Items))
	for i, row := range page.Items {
		if keys[i], err = orderKeyOf(row.Sort); err != nil {
			return nil, "", err
		}
	}
	return keys, page.Next, nil
}

// orderKeyOf is the inverse of orderSort.
func orderKeyOf(sort string) (OrderKey, error) {
	number, err := numberOf(sort)
	if err != nil {
		return OrderKey{}, err
	}
	escaped := sort[:strings.LastIndex(sort, orderEnd)]
	var value strings.Builder
	for i := 0; i < len(escaped); i++ {
		if escaped[i] != orderEscape {
			value.WriteByte(escaped[i])
			continue
		}
		if len(escaped) < i+3 {
			return OrderKey{}, fmt.Errorf("search: the row %q of an order cannot be read", sort)
		}
		letter, err := strconv.ParseUint(escaped[i+1:i+3], 16, 8)
		if err != nil {
			return OrderKey{}, fmt.Errorf("search: the row %q of an order cannot be read: %w", sort, err)
		}
		value.WriteByte(byte(letter))
		i += 2
	}
	return OrderKey{Value: value.String(), Number: number}, nil
}

// SortAfter returns the row of an order that a key stands for, as the after of Keys.
func (k OrderKey) SortAfter() string { return orderSort(k.Value, k.Number) }

// After returns the After of a Query in this order, for Find, that continues after the key.
func (k OrderKey) After() string { return cursor{Sort: k.SortAfter()}.String() }

// Set is a set of documents.
type Set struct {
	stripes map[int64]numbers
	width   int64
	count   int64
}

// Has reports whether a document is in the set.
func (s Set) Has(number int64) bool {
	stripe := s.stripes[number/s.width]
	return stripe != nil && stripe.has(int(number%s.width))
}

// Count returns how many documents are in the set.
func (s Set) Count() int64 { return s.count }

// Matching returns the documents that match all conditions, of which there must be one. It takes one
// request and a bit of memory for every 4,096 numbers of each value; a fault of code Invalid if that is
// beyond the bounds of a search.
func (x *Index) Matching(ctx context.Context, space string, where []Condition) (Set, error) {
	query := Query{Where: where, Limit: 1}
	if err := query.check(); err != nil {
		return Set{}, err
	}
	stored, err := x.load(ctx, x.store, root{space: space})
	if err != nil {
		return Set{}, err
	}
	f := &finder{Index: x, Query: query, generation: stored.generation(), state: stored, store: &budget{Store: x.store}}
	f.Where = make([]Condition, len(where))
	set := Set{stripes: map[int64]numbers{}, width: stored.Grams}
	for i, condition := range where {
		if f.Where[i] = condition.valid(); len(condition.Values) == 0 {
			return set, nil
		}
	}
	f.store.left.Store(int64(x.maxRequests))
	walk, err := f.filter(ctx, true)
	if err != nil {
		return Set{}, err
	}
	_, spent, err := walk.each(ctx, f.firstStripe(), func(found numbers, stripe int64) (bool, error) {
		set.stripes[stripe] = found
		set.count += int64(found.count())
		return true, nil
	})
	if spent {
		return Set{}, fault.InField(OrderField, "cannot be used with so many entries. Filter more narrowly.")
	}
	return set, err
}

// Documents returns those of the documents with these numbers that exist, in the order of the numbers. It
// takes one request for each hundred.
func (x *Index) Documents(ctx context.Context, space string, numbers []int64) ([]Hit, error) {
	stored, err := x.load(ctx, x.store, root{space: space})
	if err != nil {
		return nil, err
	}
	f := &finder{Index: x, generation: stored.generation(), state: stored, store: &budget{Store: x.store}}
	return f.hits(ctx, numbers)
}

// CountsOf returns how many documents have each of the terms, in their order. It takes one request for each
// hundred.
func (x *Index) CountsOf(ctx context.Context, space string, terms []Term) ([]int64, error) {
	stored, err := x.load(ctx, x.store, root{space: space})
	if err != nil {
		return nil, err
	}
	keys := make([]table.Key, len(terms))
	for i, term := range terms {
		keys[i] = stored.generation().counter(valid(term))
	}
	items, err := x.readAll(ctx, keys)
	if err != nil {
		return nil, err
	}
	counts := make([]int64, len(terms))
	for i, item := range items {
		if item.Version == 0 {
			continue
		}
		row, err := decode[counter](item)
		if err != nil {
			return nil, err
		}
		counts[i] = row.Count
	}
	return counts, nil
}
