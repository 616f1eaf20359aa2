package support

import (
	"context"
	"errors"
	"math/rand/v2"
	"time"

	"github.com/tenantry/tenantry/shared/fault"
)

const (
	// retries is the maximum number of retries after concurrent changes, for a change that does not
	// depend on the present state of the case.
	retries = 30
	// longestPause limits the pause before a retry. Pauses are random, so that changes that
	// collided once do not collide again.
	longestPause = 64 * time.Millisecond
)

// Again reports whether to retry after err, the error of an attempt: only if the change lost a
// race. It pauses before it returns true.
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

// lostRace reports whether err says that the case changed in the meantime.
func lostRace(err error) bool {
	failure, ok := errors.AsType[*fault.Error](err)
	return ok && failure.Code == fault.Conflict && failure.Present > 0
}

// Busy returns the fault for a change that lost every race.
func Busy(err error) error {
	if !lostRace(err) {
		return err
	}
	return fault.Wrap(err, fault.Unavailable, "Many others are changing the case. Try again.")
}
