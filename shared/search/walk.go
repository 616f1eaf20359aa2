package search

import (
	"context"
	"errors"
	"slices"
)

// walk visits the candidates of a query in the order of their numbers.
type walk struct {
	direction
	main   *intersection
	stripe int64
	// known are the documents with a fresh text that match, in the order of the walk. verdicts says
	// of each document with a fresh text whether it matches.
	known    []int64
	verdicts map[int64]bool
}

// visit is called with the numbers of each stripe. It returns false to end the walk.
type visit func(set numbers, stripe int64) (more bool, err error)

// each visits the stripes from the target on. If it runs out of requests, spent is true and reached
// is the stripe at which to continue.
func (w *walk) each(ctx context.Context, target int64, visit visit) (reached int64, spent bool, err error) {
	for {
		next, ok, err := w.main.seek(ctx, target)
		if spent = errors.Is(err, errSpent); spent {
			next = w.main.reached
		} else if err != nil {
			return 0, false, err
		}
		// First visit the stripes before next that have known documents only.
		for {
			stripe, known := w.knownFrom(target)
			if !known || (ok || spent) && !w.before(stripe, next) {
				break
			}
			set := newNumbers(w.stripe)
			w.addKnown(set, stripe)
			if more, err := visit(set, stripe); err != nil || !more {
				return 0, false, err
			}
			target = w.next(stripe)
		}
		if spent {
			return next, true, nil
		}
		if !ok {
			return 0, false, nil
		}
		set := newNumbers(w.stripe)
		if err := w.main.into(ctx, set); err != nil {
			return 0, false, err
		}
		w.addKnown(set, next)
		if more, err := visit(set, next); err != nil || !more {
			return 0, false, err
		}
		if target = w.next(next); target < 0 {
			return 0, false, nil
		}
	}
}

// knownFrom returns the first stripe at or after the target that has a known document.
func (w *walk) knownFrom(target int64) (int64, bool) {
	for _, number := range w.known {
		if stripe := number / w.stripe; !w.before(stripe, target) {
			return stripe, true
		}
	}
	return 0, false
}

// addKnown adds the known documents of a stripe to set.
func (w *walk) addKnown(set numbers, stripe int64) {
	for _, number := range w.known {
		if number/w.stripe == stripe {
			set.add(int(number % w.stripe))
		}
	}
}

// numbersOf returns the numbers of a stripe in the order of the walk.
func (w *walk) numbersOf(set numbers, stripe int64) []int64 {
	places := set.places()
	numbers := make([]int64, len(places))
	for i, place := range places {
		numbers[i] = stripe*w.stripe + int64(place)
	}
	if w.descending {
		slices.Reverse(numbers)
	}
	return numbers
}

// start returns the number for a cursor after which a walk continues with a stripe.
func (w *walk) start(stripe int64) int64 {
	if w.descending {
		return (stripe + 1) * w.stripe
	}
	return stripe*w.stripe - 1
}
