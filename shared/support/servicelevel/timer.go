package servicelevel

import "time"

// Timer is how one target of a case stands. Instants are microseconds since 1970, lengths
// microseconds of business time; 0 is none. It runs for a case without a target too, so that one
// can be set later.
type Timer struct {
	Target int64 `json:"target,omitempty"`
	// WarnAfter is the used time at which to warn.
	WarnAfter int64 `json:"warn_after,omitempty"`
	// Used is the time used before Since.
	Used int64 `json:"used,omitempty"`
	// Since is since when it runs; 0 while it does not.
	Since int64 `json:"since,omitempty"`
	// WarnAt and DueAt are when the warning and the target come while it runs. They are kept, so
	// that a clock can be looked at without its calendar.
	WarnAt int64 `json:"warn_at,omitempty"`
	DueAt  int64 `json:"due_at,omitempty"`
	// Met is when what was promised was done, in time or not; Warned and Breached when those events
	// came.
	Met      int64 `json:"met,omitempty"`
	Warned   int64 `json:"warned,omitempty"`
	Breached int64 `json:"breached,omitempty"`
}

// run begins or goes on at an instant.
func (t *Timer) run(calendar Calendar, at int64) {
	t.Since = at
	t.plan(calendar)
}

// plan finds when the running timer's events come.
func (t *Timer) plan(calendar Calendar) {
	t.WarnAt, t.DueAt = 0, 0
	if t.Target == 0 || t.Breached != 0 {
		return
	}
	t.DueAt = t.when(calendar, t.Target)
	if t.WarnAfter > 0 && t.Warned == 0 {
		t.WarnAt = t.when(calendar, t.WarnAfter)
	}
}

// when gives the instant at which so much time will be used, if the timer runs on.
func (t *Timer) when(calendar Calendar, used int64) int64 {
	reached := calendar.Add(time.UnixMicro(t.Since), time.Duration(used-t.Used)*time.Microsecond)
	if reached.IsZero() {
		return 0
	}
	return reached.UnixMicro()
}

// halt adds up what was used and stops.
func (t *Timer) halt(calendar Calendar, at int64) {
	if t.Since == 0 {
		return
	}
	t.Used = t.used(calendar, at)
	t.Since, t.WarnAt, t.DueAt = 0, 0, 0
}

func (t *Timer) used(calendar Calendar, at int64) int64 {
	if t.Since == 0 {
		return t.Used
	}
	return t.Used + calendar.Between(time.UnixMicro(t.Since), time.UnixMicro(at)).Microseconds()
}

// next gives the instant of the event that comes next; 0 if none does.
func (t *Timer) next() int64 {
	switch {
	case t.Since == 0 || t.Breached != 0:
		return 0
	case t.WarnAt != 0 && t.Warned == 0:
		return t.WarnAt // it is before the target, always
	}
	return t.DueAt
}

// tick notes what has come due. A warning that comes with its breach would tell nothing, so it is
// left out.
func (t *Timer) tick(of Promise, at int64) []Event {
	if next := t.next(); next == 0 || next > at {
		return nil
	}
	if t.WarnAt != 0 && t.Warned == 0 {
		t.Warned = t.WarnAt
	}
	if t.DueAt != 0 && t.DueAt <= at {
		t.Breached = t.DueAt
		return []Event{{Promise: of, Kind: Breach, At: time.UnixMicro(t.DueAt).UTC()}}
	}
	return []Event{{Promise: of, Kind: Warning, At: time.UnixMicro(t.Warned).UTC()}}
}
