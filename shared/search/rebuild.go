package search

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"slices"
	"time"

	"github.com/tenantry/tenantry/shared/fault"
	"github.com/tenantry/tenantry/shared/store/table"
)

// Rebuild builds the index of a space anew and removes the former one. docs yields all documents of
// the space in the order of their numbers. It must read them only when Rebuild iterates over it:
// until Rebuild is done, Put and Remove return a fault of code Unavailable and have to be repeated,
// and searches use the former index.
//
// Rebuild needs up to 700 MB of memory, however many documents there are. If the process ends, five
// minutes later changes go to the former index again and Rebuild may be called again; the next
// Rebuild or Clean removes the rows left behind. Rebuild returns a fault of code Conflict if
// another rebuild is running, or if it paused for so long that it was presumed dead.
func (x *Index) Rebuild(ctx context.Context, space string, docs iter.Seq2[Document, error]) error {
	started, err := x.begin(ctx, space)
	if err != nil {
		return err
	}
	b := newBuilder(ctx, x, &started)
	if err := b.all(docs); err != nil {
		return errors.Join(err, x.giveUp(ctx, space, b.number))
	}
	switched, err := x.switchTo(ctx, space, b)
	if err != nil || len(switched.Old) == 0 {
		return err
	}
	if err := sleep(ctx, x.grace); err != nil {
		return err
	}
	return x.Clean(ctx, space)
}

// sleep waits for the given time.
func sleep(ctx context.Context, length time.Duration) error {
	if length == 0 {
		return ctx.Err()
	}
	timer := time.NewTimer(length)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// begin starts a new generation. From now on the current one does not change.
func (x *Index) begin(ctx context.Context, space string) (state, error) {
	return x.change(ctx, space, func(s *state) ([]table.Write, error) {
		now := x.now()
		if s.beingRebuilt(now) {
			return nil, fault.New(fault.Conflict, "The search index is being rebuilt already.")
		}
		s.retire()
		s.Highest++
		s.Rebuild = &rebuild{
			Generation: s.Highest,
			Since:      now.UnixMicro(),
			Until:      now.Add(x.lease).UnixMicro(),
			Buckets:    x.Buckets,
		}
		return nil, nil
	})
}

// errLeaseLost returns the error of a builder that was presumed dead: changes may have gone to the
// former generation since, and its own lacks them.
func errLeaseLost() error {
	return fault.New(fault.Conflict, "The rebuild of the search index stalled and was given up. Start it again.")
}

// renew extends the lease of the builder, and stores the names of its orders before their rows are
// written.
func (x *Index) renew(ctx context.Context, space string, number int64, orders []string) error {
	_, err := x.change(ctx, space, func(s *state) ([]table.Write, error) {
		if s.Rebuild == nil || s.Rebuild.Generation != number {
			return nil, errLeaseLost()
		}
		s.Rebuild.Until = x.now().Add(x.lease).UnixMicro()
		s.Rebuild.Orders = orders
		return nil, nil
	})
	return err
}

// switchTo makes the new generation the current one.
func (x *Index) switchTo(ctx context.Context, space string, b *builder) (state, error) {
	return x.change(ctx, space, func(s *state) ([]table.Write, error) {
		if s.Rebuild == nil || s.Rebuild.Generation != b.number {
			return nil, errLeaseLost()
		}
		if s.Generation != 0 {
			s.Old = append(s.Old, obsolete{s.Generation, s.Orders, s.Buckets})
		}
		s.Generation, s.Rebuild, s.layout = b.number, nil, b.layout
		s.Documents, s.Fresh, s.Changed, s.Orders = b.count, 0, max(s.Changed, b.changed), b.orders
		s.Last, s.Folding = b.last, Form
		s.Packing = 0
		return nil, nil
	})
}

// giveUp ends a failed rebuild, so that changes need not wait for its lease to expire.
func (x *Index) giveUp(ctx context.Context, space string, number int64) error {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), 10*time.Second)
	defer cancel()
	_, err := x.change(ctx, space, func(s *state) ([]table.Write, error) {
		if s.Rebuild == nil || s.Rebuild.Generation != number {
			return nil, errSkip
		}
		s.retire()
		return nil, nil
	})
	if errors.Is(err, errSkip) {
		return nil
	}
	return err
}

// Clean removes the rows of former generations. Rebuild calls it at its end; after an interrupted
// rebuild it may be called at any time. It is idempotent.
func (x *Index) Clean(ctx context.Context, space string) error {
	stored, err := x.load(ctx, x.store, space)
	if err != nil {
		return err
	}
	for _, old := range stored.Old {
		for _, partition := range (generation{space, old.Generation, old.Buckets}).partitions(old.Orders) {
			if err := x.deleteAll(ctx, partition); err != nil {
				return fmt.Errorf("search: delete generation %d: %w", old.Generation, err)
			}
		}
		_, err := x.change(ctx, space, func(s *state) ([]table.Write, error) {
			s.Old = slices.DeleteFunc(s.Old, func(o obsolete) bool { return o.Generation == old.Generation })
			return nil, nil
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// deleteAll deletes all rows of a partition.
func (x *Index) deleteAll(ctx context.Context, partition string) error {
	for {
		page, err := x.store.Query(ctx, table.Query{Table: table.Derived, Partition: partition, Limit: table.MaxPuts})
		if err != nil || len(page.Items) == 0 {
			return err
		}
		for i := range page.Items {
			page.Items[i] = table.Item{Key: page.Items[i].Key}
		}
		if err := x.store.BatchPut(ctx, page.Items); err != nil {
			return err
		}
		if page.Next == "" {
			return nil
		}
	}
}
