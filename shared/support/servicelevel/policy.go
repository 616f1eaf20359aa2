package servicelevel

import (
	"errors"
	"fmt"
	"time"

	"github.com/tenantry/tenantry/shared/fault"
	"github.com/tenantry/tenantry/shared/identity"
)

// Severities is the number of severities of a case; 1 is the worst.
const Severities = 4

// maxMinutes limits a target: a year around the clock.
const maxMinutes = 366 * 24 * 60

// Policy is a set of targets, and the calendar they are measured by.
// A policy in use is not changed but replaced by one with a higher Version, and each open case
// moves to it with Clock.Retarget. So past time stays measured by the policy of that time, and a
// change of hours does not make yesterday's answers late.
type Policy struct {
	ID      string `json:"id"`
	Version int64  `json:"version"`
	Name    string `json:"name"`
	// Calendar is the business time that counts.
	Calendar Calendar `json:"calendar"`
	// Targets are by severity: the first is for severity 1.
	Targets [Severities]Targets `json:"targets"`
}

// Sets reports whether a clock runs by this version of the policy.
func (p Policy) Sets(clock Clock) bool {
	return p.ID == clock.PolicyID && p.Version == clock.PolicyVersion
}

// Targets are the targets for cases of one severity.
type Targets struct {
	FirstAnswer Target `json:"first_answer,omitzero"`
	Solution    Target `json:"solution,omitzero"`
}

// Target is a promised time, and when to warn before it runs out: by percent, by minutes, or not at
// all.
type Target struct {
	// Minutes are minutes of business time; 0 promises nothing.
	Minutes int `json:"minutes,omitempty"`
	// WarnAtPercent warns when this share of the time is used: 1 to 99.
	WarnAtPercent int `json:"warn_at_percent,omitempty"`
	// WarnMinutesBefore warns this many minutes of business time before the target.
	WarnMinutesBefore int `json:"warn_minutes_before,omitempty"`
}

// Check returns a fault about the first invalid field. The name of the field is a path within the
// policy, as in "targets[0].solution.minutes".
func (p Policy) Check() error {
	if err := identity.CheckText("name", p.Name, 1, maxName); err != nil {
		return err
	}
	if err := p.Calendar.Check(); err != nil {
		return within("calendar.", err)
	}
	for i, targets := range p.Targets {
		path := fmt.Sprintf("targets[%d].", i)
		if err := targets.FirstAnswer.check(path + "first_answer."); err != nil {
			return err
		}
		if err := targets.Solution.check(path + "solution."); err != nil {
			return err
		}
		if solution := targets.Solution.Minutes; solution > 0 && solution < targets.FirstAnswer.Minutes {
			return fault.InField(
				path+"solution.minutes",
				"a solution cannot be promised earlier than the first answer, which has %d minutes",
				targets.FirstAnswer.Minutes,
			)
		}
	}
	return nil
}

func (t Target) check(path string) error {
	switch {
	case t.Minutes < 0 || t.Minutes > maxMinutes:
		return fault.InField(path+"minutes", "give 0 to %d minutes", maxMinutes)
	case t.WarnAtPercent < 0 || t.WarnAtPercent > 99:
		return fault.InField(path+"warn_at_percent", "give 1 to 99 percent, or 0 for no warning")
	case t.WarnMinutesBefore < 0 || t.WarnMinutesBefore > 0 && t.WarnMinutesBefore >= t.Minutes:
		return fault.InField(path+"warn_minutes_before", "give fewer minutes than the target has, or 0 for no warning")
	case t.WarnAtPercent > 0 && t.WarnMinutesBefore > 0:
		return fault.InField(path+"warn_minutes_before", "give percent or minutes, not both")
	case t.WarnAtPercent > 0 && t.Minutes == 0:
		return fault.InField(path+"warn_at_percent", "there is no target to warn of")
	}
	return nil
}

// of returns the targets for a severity; an unknown one has none.
func (p Policy) of(severity int) Targets {
	if severity < 1 || severity > Severities {
		return Targets{}
	}
	return p.Targets[severity-1]
}

// length is the promised time in microseconds.
func (t Target) length() int64 { return int64(t.Minutes) * time.Minute.Microseconds() }

// warning is the used time at which to warn, in microseconds; 0 for never.
func (t Target) warning() int64 {
	switch {
	case t.WarnAtPercent > 0:
		return t.length() * int64(t.WarnAtPercent) / 100
	case t.WarnMinutesBefore > 0:
		return t.length() - int64(t.WarnMinutesBefore)*time.Minute.Microseconds()
	}
	return 0
}

// within prefixes the name of the field in a fault with a path.
func within(path string, err error) error {
	problem, ok := errors.AsType[*fault.Error](err)
	if !ok || len(problem.Fields) != 1 {
		return err
	}
	return fault.InField(path+problem.Fields[0].Name, "%s", problem.Fields[0].Message)
}
