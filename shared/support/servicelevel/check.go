package servicelevel

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/tenantry/tenantry/shared/fault"
	"github.com/tenantry/tenantry/shared/identity"
)

const (
	maxHolidays = 400
	// maxYearly limits holidays of every year, so that no calendar is always closed.
	maxYearly    = 100
	maxIntervals = 12 // of one day
	maxName      = 100
)

const wholeDay = 24 * time.Hour

// Check returns a fault about the first invalid field. The name of the field is a path within the
// calendar, as in "hours.monday[0].end".
func (c Calendar) Check() error {
	_, err := c.schedule()
	return err
}

// schedule prepares the calendar for calculations, or returns the fault of an invalid one.
func (c Calendar) schedule() (schedule, error) {
	// LoadLocation takes these for UTC and for the machine's own zone, which nobody meant.
	if c.TimeZone == "" || c.TimeZone == "Local" {
		return schedule{}, fault.InField("time_zone", "give the name of a time zone, as in Europe/Berlin or UTC")
	}
	zone, err := time.LoadLocation(c.TimeZone)
	if err != nil {
		return schedule{}, fault.InField(
			"time_zone",
			"%q is not known; give the name of an IANA time zone, as in Europe/Berlin",
			c.TimeZone,
		)
	}
	if c.Always {
		return c.always(zone)
	}
	s := schedule{zone: zone, holidays: map[date]bool{}}
	empty := true
	for weekday, intervals := range c.Hours.byWeekday() {
		name := "hours." + strings.ToLower(time.Weekday(weekday).String())
		if s.week[weekday], err = readDay(name, intervals); err != nil {
			return schedule{}, err
		}
		empty = empty && len(intervals) == 0
	}
	if empty {
		return schedule{}, fault.InField(
			"hours",
			"give hours on at least one day of the week, or set always",
		)
	}
	return s, s.readHolidays(c.Holidays)
}

func (c Calendar) always(zone *time.Location) (schedule, error) {
	for weekday, intervals := range c.Hours.byWeekday() {
		if len(intervals) > 0 {
			return schedule{}, fault.InField(
				"hours."+strings.ToLower(time.Weekday(weekday).String()),
				"a calendar that is always open has no hours",
			)
		}
	}
	if len(c.Holidays) > 0 {
		return schedule{}, fault.InField("holidays", "a calendar that is always open has no holidays")
	}
	s := schedule{zone: zone}
	for weekday := range s.week {
		s.week[weekday] = []span{{0, wholeDay}}
	}
	return s, nil
}

// readDay parses the hours of one weekday and returns them in order.
func readDay(name string, intervals []Interval) ([]span, error) {
	if len(intervals) > maxIntervals {
		return nil, fault.InField(name, "there are %d intervals; %d are allowed", len(intervals), maxIntervals)
	}
	spans := make([]span, 0, len(intervals))
	for i, interval := range intervals {
		from, ok := timeOfDay(interval.Start)
		if !ok || from == wholeDay {
			return nil, fault.InField(
				fmt.Sprintf("%s[%d].start", name, i),
				"%q is not a time of day; give one from 00:00 to 23:59, as in 09:00",
				interval.Start,
			)
		}
		to, ok := timeOfDay(interval.End)
		if !ok {
			return nil, fault.InField(
				fmt.Sprintf("%s[%d].end", name, i),
				"%q is not a time of day; give one from 00:01 to 24:00, as in 17:30",
				interval.End,
			)
		}
		if to <= from {
			return nil, fault.InField(
				fmt.Sprintf("%s[%d].end", name, i),
				"%s is not after %s; give hours over midnight as two intervals, up to 24:00 and from 00:00 of the next day",
				interval.End,
				interval.Start,
			)
		}
		for j, other := range spans {
			if from < other.to && other.from < to {
				return nil, fault.InField(fmt.Sprintf("%s[%d]", name, i), "%s to %s overlaps with %s to %s",
					interval.Start, interval.End, intervals[j].Start, intervals[j].End)
			}
		}
		spans = append(spans, span{from, to})
	}
	slices.SortFunc(spans, func(a, b span) int { return cmp.Compare(a.from, b.from) })
	return spans, nil
}

// timeOfDay parses HH:MM, from 00:00 to 24:00.
func timeOfDay(text string) (time.Duration, bool) {
	if text == "24:00" {
		return wholeDay, true
	}
	read, err := time.Parse("15:04", text)
	if err != nil || len(text) != len("15:04") {
		return 0, false
	}
	return time.Duration(read.Hour())*time.Hour + time.Duration(read.Minute())*time.Minute, true
}

func (s schedule) readHolidays(holidays []Holiday) error {
	if len(holidays) > maxHolidays {
		return fault.InField(
			"holidays",
			"there are %d; %d are allowed, so remove past ones",
			len(holidays),
			maxHolidays,
		)
	}
	everyYear := 0
	for i, holiday := range holidays {
		name := fmt.Sprintf("holidays[%d].", i)
		day, ok := readDate(holiday.Date)
		if !ok {
			return fault.InField(
				name+"date",
				"%q is not a date; give one as in 2026-04-06, or as in 12-25 for every year",
				holiday.Date,
			)
		}
		if s.holidays[day] {
			return fault.InField(name+"date", "%s is listed twice", holiday.Date)
		}
		if err := identity.CheckText(name+"name", holiday.Name, 0, maxName); err != nil {
			return err
		}
		if s.holidays[day] = true; day.year == yearly {
			everyYear++
		}
	}
	if everyYear > maxYearly {
		return fault.InField("holidays", "there are %d of every year; %d are allowed", everyYear, maxYearly)
	}
	return nil
}

func readDate(text string) (date, bool) {
	if read, err := time.Parse(time.DateOnly, text); err == nil && read.Year() > yearly {
		return date{read.Year(), read.Month(), read.Day()}, true
	}
	// A leap year, so that February 29 is valid.
	read, err := time.Parse(time.DateOnly, "2000-"+text)
	return date{yearly, read.Month(), read.Day()}, err == nil
}
