package search

import (
	"context"
	"fmt"

	"github.com/tenantry/tenantry/shared/store/table"
)

// Count is how many documents have a value.
type Count struct {
	Value string
	Count int64
}

// Totals returns how many documents have each value of a field, by the order of the values' bytes
// as they stand in keys, a page of up to limit (1 to 1000) values at a time. Next is given as after
// to go on; it is empty where nothing follows.
func (x *Index) Totals(ctx context.Context, space, field string, limit int, after string) (
	counts []Count, next string, err error,
) {
	if limit < 1 || limit > table.MaxPage {
		return nil, "", fmt.Errorf("%w: %d counts", table.ErrBadRequest, limit)
	}
	stored, err := x.load(ctx, x.store, space)
	if err != nil {
		return nil, "", err
	}
	query := table.WithPrefix(table.Derived, stored.generation().counters(), short(field)+"#")
	query.Limit, query.After = limit, after
	page, err := x.store.Query(ctx, query)
	if err != nil {
		return nil, "", err
	}
	for _, item := range page.Items {
		row, err := decode[counter](item)
		if err != nil {
			return nil, "", err
		}
		counts = append(counts, Count(row))
	}
	return counts, page.Next, nil
}
