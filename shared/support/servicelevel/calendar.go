// Package servicelevel holds service levels: calendars of business hours, policies with a target
// for the first answer and the solution of a case by its severity, and the clock of one case. It
// only calculates: it does not read the time, knows no table and no case, and notifies nobody.
// Package support stores policies and clocks, and acts on their events.
package servicelevel

import (
	"time"

	// The system may have no time zones: minimal images and Windows have none. This adds 450 kB to
	// the program.
	_ "time/tzdata"
)

// Calendar is when somebody works. An instant is business time if the wall clock of the zone is
// within the hours of that weekday, and the date is no holiday. A calendar that Check refuses is
// never open.
type Calendar struct {
	// TimeZone is the IANA name of the zone, as in "Europe/Berlin".
	TimeZone string `json:"time_zone"`
	// Always means open around the clock, every day; then there are neither hours nor holidays.
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

// Interval is a part of a day, from Start up to but excluding End, by the wall clock: "09:00" to
// "17:30". The end may be "24:00". Hours across midnight are two intervals, one on each day.
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

// byWeekday returns the hours indexed by time.Weekday.
func (w Week) byWeekday() [7][]Interval {
	return [7][]Interval{w.Sunday, w.Monday, w.Tuesday, w.Wednesday, w.Thursday, w.Friday, w.Saturday}
}

// horizonYears limits how far calculations look into the future.
const horizonYears = 10

// Add returns the first instant at which the given business time has passed since start, in UTC. It
// returns the zero time if that is more than ten years away, and start itself if business is zero.
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

// Between returns the business time from a to b: zero if b is not after a. Time more than ten years
// after a is not counted.
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
