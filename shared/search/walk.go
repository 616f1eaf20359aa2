package search

import (
	"context"
	"errors"
	"slices"
)

// walk goes over the documents that may be hits, in the order of their numbers.
type walk struct {
	direction
	main   *intersection
	stripe int64
	// known are documents that are hits for certain, in the order of the walk: those with a
	// fresh text. What was found of the others with a fresh text is in verdicts.
	known    []int64
	verdicts map[int64]bool
}

// visit is called with the numbers of each stripe; it returns false to end the walk.
type visit func(set numbers, stripe int64) (more bool, err error)

// each visits the stripes from the target on. It gives the stripe at which the walk would go
// on if the requests were not used up, and reports whether they were.
func (w *walk) each(ctx context.Context, target int64, visit visit) (reached int64, spent bool, err error) {
	for {
		at, some, err := w.main.seek(ctx, target)
		if spent = errors.Is(err, errSpent); spent {
			at = w.main.reached
		} else if err != nil {
			return 0, false, err
		}
		// Stripes that only known documents have come before those of the others.
		for stripe, is := w.knownFrom(target); is && (!some && !spent || w.before(stripe, at)); stripe, is = w.knownFrom(target) {
			set := newNumbers(w.stripe)
			w.addKnown(set, stripe)
			if more, err := visit(set, stripe); err != nil || !more {
				return 0, false, err
			}
			target = w.next(stripe)
		}
		if spent {
			return at, true, nil
		}
		if !some {
			return 0, false, nil
		}
		set := newNumbers(w.stripe)
		if err := w.main.into(ctx, set); err != nil {
			return 0, false, err
		}
		w.addKnown(set, at)
		if more, err := visit(set, at); err != nil || !more {
			return 0, false, err
		}
		if target = w.next(at); target < 0 {
			return 0, false, nil
		}
	}
}

// knownFrom returns the first stripe of a known document that is not before the target.
func (w *walk) knownFrom(target int64) (int64, bool) {
	for _, number := range w.known {
		if stripe := number / w.stripe; !w.before(stripe, target) {
			return stripe, true
		}
	}
	return 0, false
}

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
	all := make([]int64, len(places))
	for i, place := range places {
		all[i] = stripe*w.stripe + int64(place)
	}
	if w.descending {
		slices.Reverse(all)
	}
	return all
}

// start returns the number behind which a walk must go on to begin with a stripe.
func (w *walk) start(stripe int64) int64 {
	if w.descending {
		return (stripe + 1) * w.stripe
	}
	return stripe*w.stripe - 1
}
