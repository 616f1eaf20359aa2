// Package servicelevel holds the time that a provider promises to its customers: calendars of
// business hours, policies with a target for the first answer and the solution of a case by its
// severity, and the clock that runs for one case. It is arithmetic alone: it reads no time, knows
// no table and no case, and tells nobody. Who keeps policies and clocks, and acts on what comes
// due, is shared/support's business.
package servicelevel

import (
	"time"

	// The system's own zones are not always there: minimal images and Windows have none. This costs
	// the program 450 kB.
	_ "time/tzdata"
)

// Calendar says when somebody works. A moment counts as business time while the wall clock of the
// zone is within the hours of that weekday, and the date is no holiday. A calendar that Check
// refuses is never open.
type Calendar struct {
	// TimeZone is the IANA name of the zone, as in "Europe/Berlin".
	TimeZone string `json:"time_zone"`
	// Always is open around the clock, every day; then there are neither hours nor holidays.
	Always bool `json:"always,omitempty"`
	// Hours are the business hours of a week.
	Hours Week `json:"hours,omitzero"`
	// Holidays are the dates on which nobody works, at most 400.
	Holidays []Holiday `json:"holidays,omitempty"`
}

// Week holds the business hours by weekday; a day without any is closed.
type Week struct {
	Monday    []Interval `json:"monday,omitempty"`
	Tuesday   []Interval `json:"tuesday,omitempty"`
	Wednesday []Interval `json:"wednesday,omitempty"`
	Thursday  []Interval `json:"thursday,omitempty"`
	Friday    []Interval `json:"friday,omitempty"`
	Saturday  []Interval `json:"saturday,omitempty"`
	Sunday    []Interval `json:"sunday,omitempty"`
}

// Interval is a part of a day, from Start up to but without End, by the wall clock: "09:00" to
// "17:30". The end may be "24:00". Hours over midnight are two intervals, one on each day.
type Interval struct {
	Start string `json:"start"`
	End   string `json:"end"`
}

// Holiday is a date on which nobody works.
type Holiday struct {
	// Date is one day, as in "2026-04-06", or one of every year, as in "12-25".
	Date string `json:"date"`
	Name string `json:"name,omitempty"`
}

// byWeekday gives the hours as time.Weekday counts the days.
func (w Week) byWeekday() [7][]Interval {
	return [7][]Interval{w.Sunday, w.Monday, w.Tuesday, w.Wednesday, w.Thursday, w.Friday, w.Saturday}
}

// horizonYears bounds how far into the future is looked.
const horizonYears = 10

// Add gives the first instant at which so much business time has passed since start, in UTC. It
// gives the zero time if that does not come within ten years, and start itself for a business time
// of nothing.
func (c Calendar) Add(start time.Time, business time.Duration) time.Time {
	start = start.UTC()
	if business <= 0 {
		return start
	}
	times, err := c.schedule()
	if err != nil {
		return time.Time{}
	}
	for begin, end := range times.open(start, start.AddDate(horizonYears, 0, 0)) {
		length := end.Sub(begin)
		if business <= length {
			return begin.Add(business)
		}
		business -= length
	}
	return time.Time{}
}

// Between gives the business time from a to b: nothing if b is not after a. What lies more than ten
// years after a is not counted.
func (c Calendar) Between(a, b time.Time) time.Duration {
	a, b = a.UTC(), b.UTC()
	if horizon := a.AddDate(horizonYears, 0, 0); b.After(horizon) {
		b = horizon
	}
	times, err := c.schedule()
	if err != nil {
		return 0
	}
	var business time.Duration
	for begin, end := range times.open(a, b) {
		business += end.Sub(begin)
	}
	return business
}
