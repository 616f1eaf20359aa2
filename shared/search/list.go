package search

import (
	"context"
	"sync/atomic"

	"github.com/tenantry/tenantry/shared/store/table"
)

// budget is the store of one call of Find. It counts down the requests that the call may make.
type budget struct {
	table.Store
	left atomic.Int64
}

func (b *budget) spent() bool { return b.left.Load() <= 0 }

func (b *budget) Get(ctx context.Context, key table.Key) (table.Item, error) {
	b.left.Add(-1)
	return b.Store.Get(ctx, key)
}

func (b *budget) BatchGet(ctx context.Context, keys []table.Key) ([]table.Item, error) {
	b.left.Add(-1)
	return b.Store.BatchGet(ctx, keys)
}

func (b *budget) Query(ctx context.Context, query table.Query) (table.Page, error) {
	b.left.Add(-1)
	return b.Store.Query(ctx, query)
}

// direction is the order in which a walk visits stripes and the numbers in them. A stripe is the
// range of numbers that a block of an n-gram covers; it spans several rows of a term.
type direction struct{ descending bool }

// before reports whether a comes before b.
func (d direction) before(a, b int64) bool {
	if d.descending {
		return a > b
	}
	return a < b
}

// next returns the number that comes after n.
func (d direction) next(n int64) int64 {
	if d.descending {
		return n - 1
	}
	return n + 1
}

// list walks over the rows of a term, a page at a time.
type list struct {
	direction
	store *budget
	place
	width  int64 // numbers in a row
	stripe int64 // numbers in a stripe
	limit  int   // rows on the next page
	growth int   // factor by which limit grows with each page

	rows []listRow // read and not yet passed
	end  bool      // there are no rows after these
}

type listRow struct {
	block int64
	set   []byte
}

func (l *list) stripeOf(row listRow) int64 { return row.block * l.width / l.stripe }

// seek moves to the first stripe at or after the target that has numbers. Targets must not go
// backwards.
func (l *list) seek(ctx context.Context, target int64) (stripe int64, ok bool, err error) {
	for len(l.rows) > 0 && l.before(l.stripeOf(l.rows[0]), target) {
		l.rows = l.rows[1:]
	}
	if len(l.rows) == 0 {
		if l.end {
			return 0, false, nil
		}
		if err := l.read(ctx, l.edge(target)); err != nil || len(l.rows) == 0 {
			return 0, false, err
		}
	}
	stripe = l.stripeOf(l.rows[0])
	// The stripe may continue on the next page.
	for !l.end && l.stripe > l.width && l.stripeOf(l.rows[len(l.rows)-1]) == stripe {
		last := l.rows[len(l.rows)-1].block
		if last == l.lastOf(stripe) {
			break
		}
		if err := l.read(ctx, l.next(last)); err != nil {
			return 0, false, err
		}
	}
	return stripe, true, nil
}

// edge returns the first block of a stripe in the direction of the walk.
func (l *list) edge(stripe int64) int64 {
	if l.descending {
		return (stripe+1)*(l.stripe/l.width) - 1
	}
	return stripe * (l.stripe / l.width)
}

// lastOf returns the last block of a stripe in the direction of the walk.
func (l *list) lastOf(stripe int64) int64 {
	if l.descending {
		return stripe * (l.stripe / l.width)
	}
	return (stripe+1)*(l.stripe/l.width) - 1
}

// read appends a page of rows, starting at a block.
func (l *list) read(ctx context.Context, from int64) error {
	if from < 0 {
		l.end = true
		return nil
	}
	limit := max(l.limit, int(l.stripe/l.width))
	query := table.WithPrefix(table.Derived, l.partition, l.prefix)
	query.Limit, query.Descending = min(limit, table.MaxPage), l.descending
	if l.descending {
		query.To = l.prefix + ordered(from+1)
	} else {
		query.From = l.prefix + ordered(from)
	}
	page, err := l.store.Query(ctx, query)
	if err != nil {
		return err
	}
	for _, item := range page.Items {
		block, err := parseOrdered(item.Sort[len(l.prefix):])
		if err != nil {
			return err
		}
		l.rows = append(l.rows, listRow{block, item.Data})
	}
	l.end = page.Next == ""
	l.limit *= l.growth
	return nil
}

// into adds the numbers of the current stripe to set.
func (l *list) into(_ context.Context, set numbers) error {
	if len(l.rows) == 0 {
		return nil
	}
	stripe := l.stripeOf(l.rows[0])
	for _, row := range l.rows {
		if l.stripeOf(row) != stripe {
			break
		}
		if err := set.decode(row.set, int(row.block*l.width-stripe*l.stripe)); err != nil {
			return err
		}
	}
	return nil
}
