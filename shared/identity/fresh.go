package identity

import (
	"time"

	"github.com/tenantry/tenantry/shared/fault"
)

// freshSession is how long after log-in, or after the password was given again, a session may do
// what an unattended or stolen session must not.
const freshSession = 15 * time.Minute

// CheckFresh returns a fault of code StepUp if the principal came with a session whose last proof of
// the password is too old. A session says nothing about other doors: they have rules of their own.
func (p Principal) CheckFresh(now time.Time) error {
	if p.SessionID == "" || now.Unix()-p.Proven <= int64(freshSession/time.Second) {
		return nil
	}
	return fault.New(fault.StepUp,
		"This needs your password again, because it is more than %d minutes since you gave it.",
		int(freshSession/time.Minute)).Calling("Use POST /login/step_up.")
}
