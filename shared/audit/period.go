package audit

import (
	"time"

	"github.com/tenantry/tenantry/shared/fault"
)

// Period is a time that readers often ask for.
type Period string

// The periods. Days are those of the reader's time zone.
const (
	LastHour Period = "hour"
	LastDay  Period = "day"
	// LastWeek begins at the midnight seven days ago.
	LastWeek  Period = "week"
	Today     Period = "today"
	Yesterday Period = "yesterday"
	// ThisWeek begins at the midnight with which the reader's week began.
	ThisWeek Period = "this_week"
)

// Window returns when a period begins and ends, for a reader in a time zone whose weeks begin with a day;
// false if there is no such period. What goes on until now ends a second later, so that what was just
// done is in it.
func (p Period) Window(now time.Time, zone *time.Location, weekStart time.Weekday) (start, end time.Time, known bool) {
	today, end := now.In(zone), now.Add(time.Second)
	back := func(days int) time.Time { return midnight(today.Year(), today.Month(), today.Day()-days, zone) }
	switch p {
	case LastHour:
		return now.Add(-time.Hour), end, true
	case LastDay:
		return now.Add(-24 * time.Hour), end, true
	case LastWeek:
		return back(7), end, true
	case Today:
		return back(0), end, true
	case Yesterday:
		return back(1), back(0), true
	case ThisWeek:
		return back((int(today.Weekday()) - int(weekStart) + 7) % 7), end, true
	}
	return start, end, false
}

// midnight returns the first moment of a day. Where clocks are put forward at midnight, that is one
// o'clock; time.Date then returns the hour before.
func midnight(year int, month time.Month, day int, zone *time.Location) time.Time {
	date := time.Date(year, month, day, 0, 0, 0, 0, time.UTC) // the day as the calendar has it
	at := time.Date(year, month, day, 0, 0, 0, 0, zone)
	if at.Day() != date.Day() {
		at = at.Add(time.Hour)
	}
	return earliest(at)
}

// clockForm is how a time of a day is written, as browsers do.
const clockForm = "2006-01-02T15:04"

// Range returns the time from one moment to another, each written as a day, as in "2026-11-30", or with a
// time, as in "2026-11-30T08:00". It ends with the day to, or at its time. What a clock that was put back
// shows twice is in the range both times.
func Range(from, to string, zone *time.Location) (start, end time.Time, err error) {
	if day, err := time.Parse(time.DateOnly, from); err == nil {
		start = midnight(day.Year(), day.Month(), day.Day(), zone)
	} else if start, err = time.ParseInLocation(clockForm, from, zone); err != nil {
		return start, end, fault.InField("from", "must be a day, as in 2026-11-30, or a time, as in 2026-11-30T08:00")
	} else {
		start = earliest(start)
	}
	if day, err := time.Parse(time.DateOnly, to); err == nil {
		end = midnight(day.Year(), day.Month(), day.Day()+1, zone)
	} else if end, err = time.ParseInLocation(clockForm, to, zone); err != nil {
		return start, end, fault.InField("to", "must be a day, as in 2026-11-30, or a time, as in 2026-11-30T08:00")
	} else {
		end = latest(end)
	}
	if !start.Before(end) {
		return start, end, fault.InField("to", "must be after from")
	}
	return start, end, nil
}

// earliest and latest return the first and the last of the moments at which the clock shows the time of
// one: there are two where it is put back by an hour.
func earliest(at time.Time) time.Time { return same(at, -time.Hour) }

func latest(at time.Time) time.Time { return same(at, time.Hour) }

func same(at time.Time, away time.Duration) time.Time {
	if other := at.Add(away); other.Format(clockForm) == at.Format(clockForm) {
		return other
	}
	return at
}
