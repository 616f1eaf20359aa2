package servicelevel

import (
	"iter"
	"time"
)

// span is a part of a day on the wall clock, counted from midnight.
type span struct{ from, to time.Duration }

// yearly is the year of a holiday of every year.
const yearly = 0

// date is a calendar date.
type date struct {
	year  int
	month time.Month
	day   int
}

// schedule is a calendar prepared for calculations.
type schedule struct {
	zone     *time.Location
	week     [7][]span
	holidays map[date]bool
}

// open returns the stretches of business time between two instants, in order. Stretches may touch.
// It proceeds from one change of the zone's offset to the next. In between, the wall clock runs
// like UTC with a shift; so whatever a change does to the wall clock (an hour skipped or repeated,
// a midnight that does not exist, a whole day skipped), each instant is judged by what the wall
// clock shows then.
func (s schedule) open(from, to time.Time) iter.Seq2[time.Time, time.Time] {
	return func(yield func(time.Time, time.Time) bool) {
		for at := from; at.Before(to); {
			local := at.In(s.zone)
			_, seconds := local.Zone()
			offset := time.Duration(seconds) * time.Second
			_, end := local.ZoneBounds()
			if end = end.UTC(); end.IsZero() || end.After(to) {
				end = to
			}
			for day := at.Add(offset).Truncate(24 * time.Hour); day.Add(-offset).Before(end); day = day.AddDate(0, 0, 1) {
				for _, hours := range s.on(day) {
					begin, finish := later(day.Add(hours.from-offset), at), earlier(day.Add(hours.to-offset), end)
					if begin.Before(finish) && !yield(begin, finish) {
						return
					}
				}
			}
			at = end
		}
	}
}

// on returns the business hours of a date.
func (s schedule) on(day time.Time) []span {
	year, month, number := day.Date()
	if s.holidays[date{year, month, number}] || s.holidays[date{yearly, month, number}] {
		return nil
	}
	return s.week[day.Weekday()]
}

func later(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}

func earlier(a, b time.Time) time.Time {
	if a.Before(b) {
		return a
	}
	return b
}
