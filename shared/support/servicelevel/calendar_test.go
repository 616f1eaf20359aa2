package servicelevel_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/tenantry/tenantry/shared/cputime"
	"github.com/tenantry/tenantry/shared/fault"
	"github.com/tenantry/tenantry/shared/support/servicelevel"
)

func TestBusinessTimeIsWhatAMinuteByMinuteCountGives(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		c, zone, start := anyCalendar(t)
		minutes := rapid.IntRange(0, 8*24*60).Draw(t, "length")
		end := start.Add(time.Duration(minutes) * time.Minute)
		var want time.Duration
		for at := start; at.Before(end); at = at.Add(time.Minute) {
			if openAt(c, zone, at) {
				want += time.Minute
			}
		}
		if got := c.Between(start, end); got != want {
			t.Fatalf("%+v: between %s and %s: got %s, want %s", c, start, end, got, want)
		}
		if got := c.Between(end.Add(time.Minute), start); got != 0 {
			t.Fatalf("backwards: %s", got)
		}
	})
}

func TestAddFindsTheFirstInstantWithSoMuchBusinessTime(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		c, zone, start := anyCalendar(t)
		business := rapid.IntRange(1, 3*24*60).Draw(t, "business")
		at, left := start, business
		for left > 0 {
			if openAt(c, zone, at) {
				left--
			}
			at = at.Add(time.Minute)
		}
		if got := c.Add(start, time.Duration(business)*time.Minute); !got.Equal(at) {
			t.Fatalf("%+v: %s and %d minutes: got %s, want %s", c, start, business, got, at)
		}
	})
}

func TestAddAndBetweenUndoEachOtherToTheMicrosecond(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		c, _, start := anyCalendar(t)
		start = start.Add(time.Duration(rapid.Int64Range(0, 6e7).Draw(t, "microseconds")) * time.Microsecond)
		length := time.Duration(rapid.Int64Range(0, 3e11).Draw(t, "length")) * time.Microsecond
		end := c.Add(start, length)
		if got := c.Between(start, end); got != length {
			t.Fatalf("%+v: from %s, %s later is %s, which is %s", c, start, length, end, got)
		}
		middle := start.Add(end.Sub(start) / 3)
		if got := c.Between(start, middle) + c.Between(middle, end); got != length {
			t.Fatalf("%+v: parts make %s, the whole is %s", c, got, length)
		}
	})
}

func at(t testing.TB, text string) time.Time {
	t.Helper()
	read, err := time.Parse(time.RFC3339, text)
	if err != nil {
		t.Fatal(err)
	}
	return read
}

// every returns a calendar with the same hours every day.
func every(zone, start, end string, holidays ...string) servicelevel.Calendar {
	day := []servicelevel.Interval{{Start: start, End: end}}
	c := servicelevel.Calendar{TimeZone: zone, Hours: servicelevel.Week{
		Monday: day, Tuesday: day, Wednesday: day, Thursday: day, Friday: day, Saturday: day, Sunday: day,
	}}
	for _, holiday := range holidays {
		c.Holidays = append(c.Holidays, servicelevel.Holiday{Date: holiday})
	}
	return c
}

func TestBusinessTimeOnDaysWhenClocksChange(t *testing.T) {
	for _, test := range []struct {
		name      string
		calendar  servicelevel.Calendar
		from      string
		business  time.Duration
		wantAfter string
	}{
		{"an hour that is left out is not worked", every("Europe/Berlin", "01:00", "04:00"), "2026-03-29T00:00:00+01:00", 2 * time.Hour, "2026-03-29T04:00:00+02:00"},
		{"an hour that comes twice is worked twice", every("Europe/Berlin", "01:00", "04:00"), "2026-10-25T00:00:00+02:00", 4 * time.Hour, "2026-10-25T04:00:00+01:00"},
		{"the end may lie in an hour that is left out", every("Europe/Berlin", "01:00", "02:30"), "2026-03-29T00:00:00+01:00", 61 * time.Minute, "2026-03-30T01:01:00+02:00"},
		{"the start may lie in an hour that is left out", every("Europe/Berlin", "02:30", "04:00"), "2026-03-29T00:00:00+01:00", time.Hour, "2026-03-29T04:00:00+02:00"},
		{"hours within the hour that comes twice open twice", every("Europe/Berlin", "02:15", "02:45"), "2026-10-25T00:00:00+02:00", time.Hour, "2026-10-25T02:45:00+01:00"},
		{"the change of New York", every("America/New_York", "01:00", "03:00"), "2026-11-01T00:00:00-04:00", 3 * time.Hour, "2026-11-01T03:00:00-05:00"},
		{"half an hour more on Lord Howe Island", every("Australia/Lord_Howe", "01:00", "02:00"), "2026-04-05T00:00:00+11:00", 90 * time.Minute, "2026-04-05T02:00:00+10:30"},
		{"half an hour less on Lord Howe Island", every("Australia/Lord_Howe", "01:00", "03:00"), "2026-10-04T00:00:00+10:30", 90 * time.Minute, "2026-10-04T03:00:00+11:00"},
		{"a midnight that does not exist", every("America/Sao_Paulo", "00:00", "02:00"), "2018-11-03T23:00:00-03:00", time.Hour, "2018-11-04T02:00:00-02:00"},
		{"an hour before midnight that comes twice", every("America/Sao_Paulo", "23:00", "24:00"), "2019-02-16T22:00:00-02:00", 2 * time.Hour, "2019-02-17T00:00:00-03:00"},
		{"a holiday ends with its second last hour", every("America/Sao_Paulo", "22:00", "24:00", "2019-02-16"), "2019-02-16T22:00:00-02:00", time.Minute, "2019-02-17T22:01:00-03:00"},
		{"a day that does not come", every("Pacific/Apia", "09:00", "17:00"), "2011-12-29T09:00:00-10:00", 9 * time.Hour, "2011-12-31T10:00:00+14:00"},
		{"Ramadan in Casablanca", every("Africa/Casablanca", "01:00", "04:00"), "2026-02-15T00:00:00+01:00", 4 * time.Hour, "2026-02-15T04:00:00Z"},
		{"a quarter of an hour of an offset", every("Asia/Kathmandu", "09:00", "17:00"), "2026-05-05T00:00:00Z", time.Hour, "2026-05-05T10:00:00+05:45"},
		{"a yearly holiday, and one of this year", every("UTC", "09:00", "17:00", "12-25", "2026-12-26"), "2026-12-24T16:00:00Z", 2 * time.Hour, "2026-12-27T10:00:00Z"},
		{"the 29th of February comes in leap years alone", every("UTC", "00:00", "24:00", "02-29"), "2027-02-28T12:00:00Z", 24 * time.Hour, "2027-03-01T12:00:00Z"},
		{"the 29th of February of a leap year", every("UTC", "00:00", "24:00", "02-29"), "2028-02-28T12:00:00Z", 24 * time.Hour, "2028-03-01T12:00:00Z"},
		{"time that ends with the day's work is over then", every("UTC", "09:00", "17:00"), "2026-05-05T16:00:00Z", time.Hour, "2026-05-05T17:00:00Z"},
		{"no time is over at once", every("UTC", "09:00", "17:00"), "2026-05-05T03:00:00Z", 0, "2026-05-05T03:00:00Z"},
		{"around the clock", servicelevel.Calendar{TimeZone: "Europe/Berlin", Always: true}, "2026-03-29T00:00:00+01:00", 24 * time.Hour, "2026-03-30T01:00:00+02:00"},
	} {
		if err := test.calendar.Check(); err != nil {
			t.Errorf("%s: %v", test.name, err)
		}
		from, want := at(t, test.from), at(t, test.wantAfter)
		if got := test.calendar.Add(from, test.business); !got.Equal(want) {
			t.Errorf("%s: got %s, want %s", test.name, got.In(want.Location()), want)
		}
		if got := test.calendar.Between(from, want); got != test.business {
			t.Errorf("%s: %s between, want %s", test.name, got, test.business)
		}
	}
}

func TestYearsOfDistanceAreFoundQuicklyAndTenYearsAreTheEnd(t *testing.T) {
	monday := servicelevel.Calendar{
		TimeZone: "Europe/Berlin",
		Hours:    servicelevel.Week{Monday: []servicelevel.Interval{{Start: "09:00", End: "09:01"}}},
	}
	start := at(t, "2026-01-01T00:00:00Z")
	begun := cputime.Now()
	if got, want := monday.Add(start, 500*time.Minute), at(t, "2035-07-30T09:01:00+02:00"); !got.Equal(want) {
		t.Errorf("got %s, want %s", got, want)
	}
	if got := monday.Add(start, 530*time.Minute); !got.IsZero() {
		t.Errorf("more than ten years away: %s", got)
	}
	if got := monday.Between(start, start.AddDate(200, 0, 0)); got != 522*time.Minute {
		t.Errorf("ten years have %s", got)
	}
	if took := cputime.Since(begun); took > time.Second {
		t.Errorf("that took %s", took)
	}
}

func TestACalendarThatMakesNoSenseIsRefusedByField(t *testing.T) {
	good := []servicelevel.Interval{{Start: "09:00", End: "17:00"}}
	many := make([]servicelevel.Holiday, 401)
	yearly := make([]servicelevel.Holiday, 101)
	for i := range many {
		many[i].Date = time.Date(2026, 1, 1+i, 0, 0, 0, 0, time.UTC).Format(time.DateOnly)
	}
	for i := range yearly {
		yearly[i].Date = time.Date(2026, 1, 1+i, 0, 0, 0, 0, time.UTC).Format("01-02")
	}
	week := servicelevel.Week{Monday: good}
	monday := func(intervals ...servicelevel.Interval) servicelevel.Calendar {
		return servicelevel.Calendar{TimeZone: "UTC", Hours: servicelevel.Week{Monday: intervals}}
	}
	holidays := func(holidays ...servicelevel.Holiday) servicelevel.Calendar {
		return servicelevel.Calendar{TimeZone: "UTC", Hours: week, Holidays: holidays}
	}
	for _, test := range []struct {
		calendar     servicelevel.Calendar
		field, reads string
	}{
		{servicelevel.Calendar{Hours: week}, "time_zone", "as in Europe/Berlin"},
		{servicelevel.Calendar{TimeZone: "Local", Hours: week}, "time_zone", "as in Europe/Berlin"},
		{servicelevel.Calendar{TimeZone: "Mars/Base", Hours: week}, "time_zone", `"Mars/Base" is not known`},
		{servicelevel.Calendar{TimeZone: "../../etc/passwd", Hours: week}, "time_zone", "not known"},
		{servicelevel.Calendar{TimeZone: "UTC"}, "hours", "at least one day of the week"},
		{monday(servicelevel.Interval{Start: "9:00", End: "17:00"}), "hours.monday[0].start", "as in 09:00"},
		{monday(servicelevel.Interval{Start: "24:00", End: "24:00"}), "hours.monday[0].start", "23:59"},
		{monday(servicelevel.Interval{Start: "09:00", End: "25:00"}), "hours.monday[0].end", "as in 17:30"},
		{monday(servicelevel.Interval{Start: "09:00", End: ""}), "hours.monday[0].end", "as in 17:30"},
		{monday(servicelevel.Interval{Start: "22:00", End: "06:00"}), "hours.monday[0].end", "two intervals"},
		{monday(servicelevel.Interval{Start: "13:00", End: "17:00"}, servicelevel.Interval{Start: "09:00", End: "13:01"}), "hours.monday[1]", "overlaps with 13:00 to 17:00"},
		{monday(make([]servicelevel.Interval, 13)...), "hours.monday", "12 are allowed"},
		{holidays(servicelevel.Holiday{Date: "2026-02-30"}), "holidays[0].date", "not a date"},
		{holidays(servicelevel.Holiday{Date: "0000-01-01"}), "holidays[0].date", "not a date"},
		{holidays(servicelevel.Holiday{Date: "12-25"}, servicelevel.Holiday{Date: "12-25"}), "holidays[1].date", "twice"},
		{holidays(servicelevel.Holiday{Date: "12-25", Name: strings.Repeat("é", 101)}), "holidays[0].name", "at most 100 characters"},
		{holidays(many...), "holidays", "400 are allowed"},
		{holidays(yearly...), "holidays", "100 are allowed"},
		{servicelevel.Calendar{TimeZone: "UTC", Always: true, Hours: week}, "hours.monday", "always open"},
		{servicelevel.Calendar{TimeZone: "UTC", Always: true, Holidays: many[:1]}, "holidays", "always open"},
	} {
		err := test.calendar.Check()
		problem, ok := err.(*fault.Error)
		if !ok || problem.Code != fault.Invalid || len(problem.Fields) != 1 || problem.Fields[0].Name != test.field ||
			!strings.Contains(problem.Fields[0].Message, test.reads) {
			t.Errorf("%+v: %v; want %q at %s", test.calendar, err, test.reads, test.field)
		}
		if got := test.calendar.Add(at(t, "2026-01-01T00:00:00Z"), time.Hour); !got.IsZero() {
			t.Errorf("%+v is open at %s", test.calendar, got)
		}
	}
	touching := monday(
		servicelevel.Interval{Start: "13:00", End: "24:00"},
		servicelevel.Interval{Start: "00:00", End: "13:00"},
	)
	if err := touching.Check(); err != nil {
		t.Errorf("hours that touch: %v", err)
	}
	if err := holidays(many[:400]...).Check(); err != nil {
		t.Errorf("400 holidays: %v", err)
	}
}

func BenchmarkAdd(b *testing.B) {
	c := every("Europe/Berlin", "09:00", "17:00", "12-25", "2026-04-06")
	start := at(b, "2026-03-27T10:00:00Z")
	for _, days := range []int{1, 30, 3000} {
		b.Run(fmt.Sprintf("%d days", days), func(b *testing.B) {
			for b.Loop() {
				if c.Add(start, time.Duration(days)*8*time.Hour).IsZero() {
					b.Fatal("never")
				}
			}
		})
	}
}
