package search

import (
	"context"
	"errors"

	"golang.org/x/sync/errgroup"
)

// walker visits the stripes of a set in its direction. Its seek returns errSpent when no requests
// are left.
type walker interface {
	// seek returns the first stripe at or after the target that has numbers. Targets must not go
	// backwards.
	seek(ctx context.Context, target int64) (stripe int64, ok bool, err error)
	// into adds the numbers of the stripe that seek returned last to set.
	into(ctx context.Context, set numbers) error
}

// errSpent says that a walk stopped because no requests are left.
var errSpent = errors.New("search: no requests left")

// union is the set of numbers that are in any of its parts.
type union struct {
	direction
	parts []walker
	at    []walker // the parts that have the current stripe
}

func (u *union) seek(ctx context.Context, target int64) (stripe int64, ok bool, err error) {
	u.at = u.at[:0]
	for _, part := range u.parts {
		at, more, err := part.seek(ctx, target)
		switch {
		case err != nil:
			return 0, false, err
		case !more:
		case !ok || u.before(at, stripe):
			stripe, ok, u.at = at, true, append(u.at[:0], part)
		case at == stripe:
			u.at = append(u.at, part)
		}
	}
	return stripe, ok, nil
}

func (u *union) into(ctx context.Context, set numbers) error {
	for _, part := range u.at {
		if err := part.into(ctx, set); err != nil {
			return err
		}
	}
	return nil
}

// intersection is the set of numbers that are in all of its parts. It skips from part to part:
// where one has no numbers, the others are not read.
type intersection struct {
	direction
	store *budget
	parts []walker
	// more are optional parts, because every candidate is verified. They are read only where the
	// other parts leave many numbers.
	more   []*postings
	stripe int64 // numbers in a stripe
	// reached is the stripe that the walk has reached.
	reached int64
	scratch numbers
}

func (i *intersection) seek(ctx context.Context, target int64) (int64, bool, error) {
	i.reached = target
	for agreed := 0; agreed < len(i.parts); {
		if i.store.spent() {
			return 0, false, errSpent
		}
		agreed = 0
		for _, part := range i.parts {
			at, ok, err := part.seek(ctx, i.reached)
			if err != nil || !ok {
				return 0, false, err
			}
			if at != i.reached {
				i.reached = at
				break
			}
			agreed++
		}
	}
	return i.reached, true, nil
}

// fewEnough is the number of candidates in a stripe for which it is cheaper to read the texts than
// another row of an n-gram.
const fewEnough = 3

func (i *intersection) into(ctx context.Context, set numbers) error {
	common := newNumbers(i.stripe)
	if err := i.parts[0].into(ctx, common); err != nil {
		return err
	}
	for _, part := range i.parts[1:] {
		if err := i.and(ctx, common, part); err != nil {
			return err
		}
	}
	for _, part := range i.more {
		if !part.ready(i.reached) && common.count() <= fewEnough {
			continue
		}
		at, ok, err := part.seek(ctx, i.reached)
		if err != nil {
			return err
		}
		if !ok || at != i.reached {
			return nil
		}
		if err := i.and(ctx, common, part); err != nil {
			return err
		}
	}
	set.or(common)
	return nil
}

// and removes the numbers from set that are not in the current stripe of part.
func (i *intersection) and(ctx context.Context, set numbers, part walker) error {
	if i.scratch == nil {
		i.scratch = newNumbers(i.stripe)
	}
	clear(i.scratch)
	if err := part.into(ctx, i.scratch); err != nil {
		return err
	}
	set.and(i.scratch)
	return nil
}

// prefetch reads the first pages of the lists concurrently.
func prefetch(ctx context.Context, lists []*list, target int64) error {
	if len(lists) < 2 {
		return nil
	}
	reads, ctx := errgroup.WithContext(ctx)
	reads.SetLimit(8)
	for _, list := range lists {
		reads.Go(func() error {
			_, _, err := list.seek(ctx, target)
			return err
		})
	}
	return reads.Wait()
}
