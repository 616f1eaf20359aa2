package servicelevel

import (
	"iter"
	"time"
)

// span is a part of a day on the wall clock, counted from midnight.
type span struct{ from, to time.Duration }

// yearly stands for the year of a holiday that comes every year.
const yearly = 0

// date is a day on the wall.
type date struct {
	year  int
	month time.Month
	day   int
}

// schedule is a calendar made ready to be walked.
type schedule struct {
	zone     *time.Location
	week     [7][]span
	holidays map[date]bool
}

// open gives the stretches between two instants that are business time, in order. Stretches may
// touch.
//
// It goes from one change of the zone's offset to the next. In between, the wall clock runs as UTC
// does, only shifted; so whatever a change does to the wall clock (an hour left out or repeated, a
// midnight that does not exist, a whole day skipped), each instant is judged by what the wall clock
// shows then.
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

// on gives the business hours of a day on the wall.
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
