package servicelevel

import "time"

// Timer measures one target of a case. Instants are microseconds since 1970, lengths microseconds
// of business time; 0 is none. It also runs for a case without a target, so that one can be set
// later.
type Timer struct {
	Target int64 `json:"target,omitempty"`
	// WarnAfter is the used time at which to warn.
	WarnAfter int64 `json:"warn_after,omitempty"`
	// Used is the time used before Since.
	Used int64 `json:"used,omitempty"`
	// Since is when it started to run; 0 while it does not.
	Since int64 `json:"since,omitempty"`
	// WarnAt and DueAt are when the warning and the target come while it runs. They are stored, so
	// that a clock can be read without its calendar.
	WarnAt int64 `json:"warn_at,omitempty"`
	DueAt  int64 `json:"due_at,omitempty"`
	// Met is when the target was met, in time or not; Warned and Breached are when those events
	// occurred.
	Met      int64 `json:"met,omitempty"`
	Warned   int64 `json:"warned,omitempty"`
	Breached int64 `json:"breached,omitempty"`
}

// run starts or continues the timer at an instant.
func (t *Timer) run(calendar Calendar, at int64) {
	t.Since = at
	t.plan(calendar)
}

// plan calculates when the running timer's events come.
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

// when returns the instant at which that much time will be used if the timer keeps running.
func (t *Timer) when(calendar Calendar, used int64) int64 {
	reached := calendar.Add(time.UnixMicro(t.Since), time.Duration(used-t.Used)*time.Microsecond)
	if reached.IsZero() {
		return 0
	}
	return reached.UnixMicro()
}

// halt adds up the used time and stops the timer.
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

// next returns the instant of the next event; 0 for none.
func (t *Timer) next() int64 {
	switch {
	case t.Since == 0 || t.Breached != 0:
		return 0
	case t.WarnAt != 0 && t.Warned == 0:
		return t.WarnAt // always before the target
	}
	return t.DueAt
}

// tick records events that came due. A warning that comes with its breach says nothing new, so it
// is left out.
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
