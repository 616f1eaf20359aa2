package search

import (
	"context"
	"fmt"

	"github.com/tenantry/tenantry/shared/store/table"
)

// Count is the number of documents that have a value.
type Count struct {
	Value string
	Count int64
}

// Totals counts the documents for each value of a field, in the order of the encoded values. It
// returns a page of up to limit (1 to 1000) values. To get the next page, pass next as after; next
// is empty on the last page.
func (x *Index) Totals(ctx context.Context, space, field string, limit int, after string) (
	counts []Count, next string, err error,
) {
	if limit < 1 || limit > table.MaxPage {
		return nil, "", fmt.Errorf("%w: a limit of %d counts", table.ErrBadRequest, limit)
	}
	stored, err := x.load(ctx, x.store, root{space: space})
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
		counts = append(counts, Count{Value: row.Value, Count: row.Count})
	}
	return counts, page.Next, nil
}
