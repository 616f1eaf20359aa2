package support

import (
	"context"
	"errors"
	"math/rand/v2"
	"time"

	"github.com/tenantry/tenantry/shared/fault"
)

const (
	// retries is how often a change that does not depend on the case's present state is tried again
	// when others change the case at the same moment.
	retries = 30
	// longestPause bounds the pause before a retry; the pauses are random, so that those who met
	// once do not meet again.
	longestPause = 64 * time.Millisecond
)

// again reports whether to try once more after err, the attempt's result: only when the change lost
// a race. It waits a moment before it says so.
func Again(ctx context.Context, err error, attempt int) bool {
	if !lostRace(err) || attempt >= retries {
		return false
	}
	pause := min(time.Millisecond<<min(attempt, 6), longestPause)
	select {
	case <-ctx.Done():
		return false
	case <-time.After(rand.N(pause)):
		return true
	}
}

// lostRace reports whether err says that the case was changed meanwhile.
func lostRace(err error) bool {
	failure, ok := errors.AsType[*fault.Error](err)
	return ok && failure.Code == fault.Conflict && failure.Present > 0
}

// busy is the answer when a change lost every race.
func Busy(err error) error {
	if !lostRace(err) {
		return err
	}
	return fault.Wrap(err, fault.Unavailable, "The case is being changed by many others. Try again.")
}
