package search

import (
	"context"

	"golang.org/x/sync/errgroup"

	"github.com/tenantry/tenantry/shared/store/table"
)

// bulk writes rows without conditions, several batches at a time.
type bulk struct {
	store   table.Store
	parent  context.Context
	ctx     context.Context // canceled by the first failure
	writers *errgroup.Group
	pending []table.Item
}

// writers is the maximum number of concurrent batches.
const writers = 4

func newBulk(ctx context.Context, store table.Store) *bulk {
	b := &bulk{store: store, parent: ctx}
	b.begin()
	return b
}

func (b *bulk) begin() {
	b.writers, b.ctx = errgroup.WithContext(b.parent)
	b.writers.SetLimit(writers)
}

// add schedules a row to be written. Its error may be due to an earlier row.
func (b *bulk) add(item table.Item) error {
	b.pending = append(b.pending, item)
	if len(b.pending) < table.MaxPuts {
		return nil
	}
	b.send()
	return b.ctx.Err()
}

func (b *bulk) send() {
	batch, ctx := b.pending, b.ctx
	b.pending = nil
	if len(batch) > 0 {
		b.writers.Go(func() error { return b.store.BatchPut(ctx, batch) })
	}
}

// flush waits until all rows are written.
func (b *bulk) flush() error {
	err := b.close()
	b.begin()
	return err
}

// close waits until all rows are written and returns the first failure.
func (b *bulk) close() error {
	b.send()
	return b.writers.Wait()
}
