package servicelevel

import "time"

// Clock is how the targets of one case stand. It is kept with the case: a few hundred bytes of
// JSON.
//
// The calendar is not in it; the caller gives the one that the clock runs by, which is that of the
// policy whose ID and version the clock names. Due and Tick need none.
//
// Every operation may be repeated. An instant before the operation that came last counts as that
// operation's, as clocks of computers differ. Operations return what came due before them, each
// event once.
type Clock struct {
	PolicyID      string `json:"policy_id"`
	PolicyVersion int64  `json:"policy_version"`
	Severity      int    `json:"severity"`
	FirstAnswer   Timer  `json:"first_answer"`
	Solution      Timer  `json:"solution"`
	// Paused is since when the time does not count, in microseconds since 1970; 0 while it does.
	Paused int64 `json:"paused,omitempty"`
}

// Promise is one of the two things that are promised.
type Promise string

// The promises.
const (
	FirstAnswer Promise = "first_answer"
	Solution    Promise = "solution"
)

// EventKind is what came about.
type EventKind string

// The kinds of event.
const (
	// Warning says that most of the promised time is used.
	Warning EventKind = "warning"
	// Breach says that all of it is: what is done at that very instant is late.
	Breach EventKind = "breach"
)

// Event is something to act on.
type Event struct {
	Promise Promise   `json:"promise"`
	Kind    EventKind `json:"kind"`
	// At is when it came about, which may be before it was noticed.
	At time.Time `json:"at"`
}

// Start gives the clock of a case that is opened.
func Start(policy Policy, severity int, at time.Time) Clock {
	c := Clock{}
	c.aim(policy, severity)
	c.FirstAnswer.run(policy.Calendar, at.UnixMicro())
	c.Solution.run(policy.Calendar, at.UnixMicro())
	return c
}

// Pause stops the time, as while the customer has to answer.
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

// Resume lets the time go on.
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

// Answered notes the first answer; later ones change nothing.
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

// Solved notes the solution, which ends a pause, and is an answer too.
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

// Reopened takes the solution back: its time goes on where it was, and a breach of before stays.
func (c *Clock) Reopened(calendar Calendar, at time.Time) {
	if c.Solution.Met == 0 {
		return
	}
	now := c.notBefore(at)
	c.Solution.Met = 0
	c.Solution.run(calendar, now)
}

// Retarget sets the targets anew, because the case's severity or the policy changed. The used time
// stays, measured by the calendar that the clock ran by up to now; further time is measured by the
// new policy's. What is not done yet is judged anew: a breach or warning is taken back if the used
// time is within the new target, and comes about now if it is not. What is done keeps its
// judgement.
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

// aim takes the targets of a policy. A first answer that was given keeps the target that it was
// given under.
func (c *Clock) aim(policy Policy, severity int) {
	c.PolicyID, c.PolicyVersion, c.Severity = policy.ID, policy.Version, severity
	targets := policy.of(severity)
	if c.FirstAnswer.Met == 0 {
		c.FirstAnswer.Target, c.FirstAnswer.WarnAfter = targets.FirstAnswer.length(), targets.FirstAnswer.warning()
	}
	c.Solution.Target, c.Solution.WarnAfter = targets.Solution.length(), targets.Solution.warning()
}

// Due gives the next instant at which Tick will have something to tell; the zero time if there is
// none, unless the clock is changed.
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

// Tick gives what has come due since it was last asked: each warning and each breach once.
func (c *Clock) Tick(at time.Time) []Event { return c.tick(at.UnixMicro()) }

func (c *Clock) tick(at int64) []Event {
	return append(c.FirstAnswer.tick(FirstAnswer, at), c.Solution.tick(Solution, at)...)
}

// Used gives how much of the promised time is used at an instant.
func (c *Clock) Used(calendar Calendar, promise Promise, at time.Time) time.Duration {
	timer := &c.Solution
	if promise == FirstAnswer {
		timer = &c.FirstAnswer
	}
	return time.Duration(timer.used(calendar, at.UnixMicro())) * time.Microsecond
}

// notBefore gives an instant that is not before the last operation.
func (c *Clock) notBefore(at time.Time) int64 {
	return max(at.UnixMicro(), c.Paused, c.FirstAnswer.Since, c.FirstAnswer.Met, c.Solution.Since, c.Solution.Met)
}
