package search

import (
	"context"
	"errors"

	"golang.org/x/sync/errgroup"
)

// walker goes over the stripes of a set in the order of its direction. Seek may be asked
// for targets in their order only; it returns errSpent when the requests are used up.
type walker interface {
	// seek returns the first stripe, at the target or behind it, that has numbers.
	seek(ctx context.Context, target int64) (stripe int64, ok bool, err error)
	// into adds the numbers of the stripe that seek has given last.
	into(ctx context.Context, set numbers) error
}

// errSpent says that a walk has stopped since its requests are used up.
var errSpent = errors.New("search: no requests left")

// union is the numbers of any of some sets.
type union struct {
	direction
	parts []walker
	at    []walker // those that are at the stripe
}

func (u *union) seek(ctx context.Context, target int64) (stripe int64, ok bool, err error) {
	u.at = u.at[:0]
	for _, part := range u.parts {
		at, some, err := part.seek(ctx, target)
		switch {
		case err != nil:
			return 0, false, err
		case !some:
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

// intersection is the numbers that all of some sets have. It seeks from set to set: where
// one has nothing, the others are not read.
type intersection struct {
	direction
	store *budget
	parts []walker
	// more are sets that need not be looked at, since what is found is verified; they are
	// where the parts leave many numbers.
	more   []*postings
	stripe int64 // numbers of a stripe
	// reached is the stripe up to which the walk has come.
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

// enough is how many numbers of a stripe are too few to read another row for: it is as
// large as some texts.
const fewEnough = 3

func (i *intersection) into(ctx context.Context, set numbers) error {
	all := newNumbers(i.stripe)
	if err := i.parts[0].into(ctx, all); err != nil {
		return err
	}
	for _, part := range i.parts[1:] {
		if err := i.and(ctx, all, part); err != nil {
			return err
		}
	}
	for _, part := range i.more {
		if !part.ready(i.reached) && all.count() <= fewEnough {
			continue
		}
		at, ok, err := part.seek(ctx, i.reached)
		if err != nil {
			return err
		}
		if !ok || at != i.reached {
			return nil
		}
		if err := i.and(ctx, all, part); err != nil {
			return err
		}
	}
	set.or(all)
	return nil
}

// and takes out of a set what is not in the stripe of a part.
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

// prefetch reads the first pages of some sets at the same time.
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
