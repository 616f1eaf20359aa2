package servicelevel

import "time"

// Clock measures the targets of one case. It is stored with the case: a few hundred bytes of JSON.
// The calendar is not part of it; the caller passes the calendar of the policy whose ID and version
// the clock has. Due and Tick need none.
// Every operation may be repeated. An instant before the latest operation counts as the instant of
// that operation, because the clocks of computers differ. Operations return the events that came
// due before them, each event once.
type Clock struct {
	PolicyID      string `json:"policy_id"`
	PolicyVersion int64  `json:"policy_version"`
	Severity      int    `json:"severity"`
	FirstAnswer   Timer  `json:"first_answer"`
	Solution      Timer  `json:"solution"`
	// Paused is the time since which the clock is paused, in microseconds since 1970; 0 while it
	// runs.
	Paused int64 `json:"paused,omitempty"`
}

// Promise is one of the two promised targets.
type Promise string

// The promises.
const (
	FirstAnswer Promise = "first_answer"
	Solution    Promise = "solution"
)

// EventKind is the kind of an event.
type EventKind string

// The kinds of event.
const (
	// Warning says that most of the promised time is used.
	Warning EventKind = "warning"
	// Breach says that all of the promised time is used: what is done at that very instant is late.
	Breach EventKind = "breach"
)

// Event is something to act on.
type Event struct {
	Promise Promise   `json:"promise"`
	Kind    EventKind `json:"kind"`
	// At is the time of the event, which may be before it was noticed.
	At time.Time `json:"at"`
}

// Start returns the clock of a new case.
func Start(policy Policy, severity int, at time.Time) Clock {
	c := Clock{}
	c.aim(policy, severity)
	c.FirstAnswer.run(policy.Calendar, at.UnixMicro())
	c.Solution.run(policy.Calendar, at.UnixMicro())
	return c
}

// Pause stops the clock, as while the customer has to reply.
func (c *Clock) Pause(calendar Calendar, at time.Time) []Event {
	if c.Paused != 0 || c.Solution.Met != 0 {
		return nil
	}
	now := c.notBefore(at)
	events := c.tick(now)
	c.FirstAnswer.halt(calendar, now)
	c.Solution.halt(calendar, now)
	c.Paused = now
	return events
}

// Resume continues the clock.
func (c *Clock) Resume(calendar Calendar, at time.Time) {
	if c.Paused == 0 {
		return
	}
	now := c.notBefore(at)
	c.Paused = 0
	if c.FirstAnswer.Met == 0 {
		c.FirstAnswer.run(calendar, now)
	}
	c.Solution.run(calendar, now)
}

// Answered records the first answer; later ones change nothing.
func (c *Clock) Answered(calendar Calendar, at time.Time) []Event {
	if c.FirstAnswer.Met != 0 {
		return nil
	}
	now := c.notBefore(at)
	events := c.tick(now)
	c.FirstAnswer.halt(calendar, now)
	c.FirstAnswer.Met = now
	return events
}

// Solved records the solution, which ends a pause, and counts as an answer too.
func (c *Clock) Solved(calendar Calendar, at time.Time) []Event {
	if c.Solution.Met != 0 {
		return nil
	}
	now := c.notBefore(at)
	events := c.tick(now)
	c.Answered(calendar, at)
	c.Solution.halt(calendar, now)
	c.Solution.Met, c.Paused = now, 0
	return events
}

// Reopened revokes the solution: its time continues where it was, and an earlier breach remains.
func (c *Clock) Reopened(calendar Calendar, at time.Time) {
	if c.Solution.Met == 0 {
		return
	}
	now := c.notBefore(at)
	c.Solution.Met = 0
	c.Solution.run(calendar, now)
}

// Retarget sets new targets, because the case's severity or the policy changed. The used time
// stays, measured by the calendar that applied so far; further time is measured by the new
// policy's. Open targets are evaluated again: a breach or warning is revoked if the used time is
// within the new target, and occurs now if it is not. Met targets keep their result.
func (c *Clock) Retarget(calendar Calendar, policy Policy, severity int, at time.Time) []Event {
	if c.PolicyID == policy.ID && c.PolicyVersion == policy.Version && c.Severity == severity {
		return nil
	}
	now := c.notBefore(at)
	events := c.tick(now)
	running := c.Solution.Since != 0
	c.FirstAnswer.halt(calendar, now)
	c.Solution.halt(calendar, now)
	c.aim(policy, severity)
	for _, timer := range []*Timer{&c.FirstAnswer, &c.Solution} {
		if timer.Met != 0 {
			continue
		}
		if timer.Used < timer.Target || timer.Target == 0 {
			timer.Breached = 0
		}
		if timer.Used < timer.WarnAfter || timer.WarnAfter == 0 {
			timer.Warned = 0
		}
		if running {
			timer.run(policy.Calendar, now)
		}
	}
	return append(events, c.tick(now)...)
}

// aim sets the targets of a policy. An answered case keeps the target of its first answer.
func (c *Clock) aim(policy Policy, severity int) {
	c.PolicyID, c.PolicyVersion, c.Severity = policy.ID, policy.Version, severity
	targets := policy.of(severity)
	if c.FirstAnswer.Met == 0 {
		c.FirstAnswer.Target, c.FirstAnswer.WarnAfter = targets.FirstAnswer.length(), targets.FirstAnswer.warning()
	}
	c.Solution.Target, c.Solution.WarnAfter = targets.Solution.length(), targets.Solution.warning()
}

// Due returns the next instant at which Tick will return an event; the zero time if there is none
// unless the clock is changed.
func (c *Clock) Due() time.Time {
	next := c.FirstAnswer.next()
	if solution := c.Solution.next(); next == 0 || solution != 0 && solution < next {
		next = solution
	}
	if next == 0 {
		return time.Time{}
	}
	return time.UnixMicro(next).UTC()
}

// Tick returns the events that came due since the last call: each warning and each breach once.
func (c *Clock) Tick(at time.Time) []Event { return c.tick(at.UnixMicro()) }

func (c *Clock) tick(at int64) []Event {
	return append(c.FirstAnswer.tick(FirstAnswer, at), c.Solution.tick(Solution, at)...)
}

// Used returns how much of the promised time is used at an instant.
func (c *Clock) Used(calendar Calendar, promise Promise, at time.Time) time.Duration {
	timer := &c.Solution
	if promise == FirstAnswer {
		timer = &c.FirstAnswer
	}
	return time.Duration(timer.used(calendar, at.UnixMicro())) * time.Microsecond
}

// notBefore returns at, but not an instant before the latest operation.
func (c *Clock) notBefore(at time.Time) int64 {
	return max(at.UnixMicro(), c.Paused, c.FirstAnswer.Since, c.FirstAnswer.Met, c.Solution.Since, c.Solution.Met)
}
