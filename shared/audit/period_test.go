package audit_test

import (
	"testing"
	"time"

	"github.com/tenantry/tenantry/shared/audit"
	"github.com/tenantry/tenantry/shared/fault"
)

func zone(t *testing.T, name string) *time.Location {
	t.Helper()
	found, err := time.LoadLocation(name)
	if err != nil {
		t.Fatal(err)
	}
	return found
}

func moment(t *testing.T, text string) time.Time {
	t.Helper()
	at, err := time.Parse(time.RFC3339, text)
	if err != nil {
		t.Fatal(err)
	}
	return at
}

// TestPeriodsBeginAndEndByTheReadersClock also looks at the days on which the clocks in Berlin are put
// forward, 29 March 2026, and back, 25 October 2026.
func TestPeriodsBeginAndEndByTheReadersClock(t *testing.T) {
	for _, test := range []struct {
		zone   string
		now    string
		period audit.Period
		week   time.Weekday
		start  string
		end    string // "" for a second from now
	}{
		{"UTC", "2026-11-30T10:00:00Z", audit.LastHour, time.Sunday, "2026-11-30T09:00:00Z", ""},
		{"UTC", "2026-11-30T10:00:00Z", audit.Today, time.Sunday, "2026-11-30T00:00:00Z", ""},
		{"UTC", "2026-11-30T10:00:00Z", audit.LastWeek, time.Sunday, "2026-11-23T00:00:00Z", ""},
		{"America/New_York", "2026-11-30T03:00:00Z", audit.Today, time.Sunday, "2026-11-29T00:00:00-05:00", ""},
		{"Asia/Tokyo", "2026-11-29T16:00:00Z", audit.Yesterday, time.Sunday, "2026-11-29T00:00:00+09:00", "2026-11-30T00:00:00+09:00"},
		// 30 November 2026 is a Monday.
		{"UTC", "2026-11-30T10:00:00Z", audit.ThisWeek, time.Sunday, "2026-11-29T00:00:00Z", ""},
		{"UTC", "2026-11-30T10:00:00Z", audit.ThisWeek, time.Monday, "2026-11-30T00:00:00Z", ""},
		{"UTC", "2026-11-29T10:00:00Z", audit.ThisWeek, time.Sunday, "2026-11-29T00:00:00Z", ""},
		{"UTC", "2026-11-29T10:00:00Z", audit.ThisWeek, time.Monday, "2026-11-23T00:00:00Z", ""},
		// In Berlin, the day of 29 March has 23 hours.
		{"Europe/Berlin", "2026-03-29T12:00:00+02:00", audit.Today, time.Sunday, "2026-03-29T00:00:00+01:00", ""},
		{"Europe/Berlin", "2026-03-30T12:00:00+02:00", audit.Yesterday, time.Sunday, "2026-03-29T00:00:00+01:00", "2026-03-30T00:00:00+02:00"},
		{"Europe/Berlin", "2026-03-30T12:00:00+02:00", audit.LastWeek, time.Sunday, "2026-03-23T00:00:00+01:00", ""},
		{"Europe/Berlin", "2026-03-30T12:00:00+02:00", audit.ThisWeek, time.Sunday, "2026-03-29T00:00:00+01:00", ""},
		{"Europe/Berlin", "2026-03-29T12:00:00+02:00", audit.LastDay, time.Sunday, "2026-03-28T11:00:00+01:00", ""},
		// The day of 25 October has 25.
		{"Europe/Berlin", "2026-10-25T12:00:00+01:00", audit.Today, time.Sunday, "2026-10-25T00:00:00+02:00", ""},
		{"Europe/Berlin", "2026-10-26T12:00:00+01:00", audit.Yesterday, time.Sunday, "2026-10-25T00:00:00+02:00", "2026-10-26T00:00:00+01:00"},
		{"Europe/Berlin", "2026-10-26T12:00:00+01:00", audit.LastWeek, time.Sunday, "2026-10-19T00:00:00+02:00", ""},
		{"Europe/Berlin", "2026-10-31T12:00:00+01:00", audit.ThisWeek, time.Monday, "2026-10-26T00:00:00+01:00", ""},
		{"Europe/Berlin", "2026-10-25T02:30:00+01:00", audit.LastHour, time.Sunday, "2026-10-25T02:30:00+02:00", ""},
		// In Beirut, 29 March 2026 has no midnight: it begins at one o'clock.
		{"Asia/Beirut", "2026-03-29T12:00:00+03:00", audit.Today, time.Sunday, "2026-03-29T01:00:00+03:00", ""},
		// In Havana, midnight comes twice on 1 November 2026: it is put back at one o'clock.
		{"America/Havana", "2026-11-01T12:00:00-05:00", audit.Today, time.Sunday, "2026-11-01T00:00:00-04:00", ""},
	} {
		now := moment(t, test.now)
		start, end, known := test.period.Window(now, zone(t, test.zone), test.week)
		wantEnd := now.Add(time.Second)
		if test.end != "" {
			wantEnd = moment(t, test.end)
		}
		if !known || !start.Equal(moment(t, test.start)) || !end.Equal(wantEnd) {
			t.Errorf("%s in %s at %s: %s to %s, want %s to %s", test.period, test.zone, test.now, start, end, test.start, wantEnd)
		}
	}
	if _, _, known := audit.Period("month").Window(time.Now(), time.UTC, time.Sunday); known {
		t.Error("there is a period that nobody declared")
	}
}

func TestARangeIsOfDaysOrOfTimes(t *testing.T) {
	for _, test := range []struct{ zone, from, to, start, end string }{
		{"UTC", "2026-11-01", "2026-11-30", "2026-11-01T00:00:00Z", "2026-12-01T00:00:00Z"},
		{"UTC", "2026-11-30", "2026-11-30", "2026-11-30T00:00:00Z", "2026-12-01T00:00:00Z"},
		{"UTC", "2026-11-30T08:00", "2026-11-30T09:30", "2026-11-30T08:00:00Z", "2026-11-30T09:30:00Z"},
		{"Europe/Berlin", "2026-03-29", "2026-03-29", "2026-03-29T00:00:00+01:00", "2026-03-30T00:00:00+02:00"},
		{"Europe/Berlin", "2026-10-25", "2026-10-25", "2026-10-25T00:00:00+02:00", "2026-10-26T00:00:00+01:00"},
		{"Europe/Berlin", "2026-03-29T01:59", "2026-03-29T03:00", "2026-03-29T01:59:00+01:00", "2026-03-29T03:00:00+02:00"},
		// Half past two comes twice.
		{"Europe/Berlin", "2026-10-25T02:30", "2026-10-25T02:30", "2026-10-25T02:30:00+02:00", "2026-10-25T02:30:00+01:00"},
		{"Europe/Berlin", "2026-10-25T02:00", "2026-10-25T03:00", "2026-10-25T02:00:00+02:00", "2026-10-25T03:00:00+01:00"},
	} {
		start, end, err := audit.Range(test.from, test.to, zone(t, test.zone))
		if err != nil || !start.Equal(moment(t, test.start)) || !end.Equal(moment(t, test.end)) {
			t.Errorf("%s to %s in %s: %s to %s, %v", test.from, test.to, test.zone, start, end, err)
		}
	}
	for _, test := range [][2]string{
		{"", ""}, {"2026-11-30", ""}, {"", "2026-11-30"}, {"2026-02-30", "2026-03-01"}, {"2026-11-30", "2026-11-29"},
		{"2026-11-30T10:00", "2026-11-30T10:00"}, {"yesterday", "today"},
	} {
		if _, _, err := audit.Range(test[0], test[1], time.UTC); !fault.Is(err, fault.Invalid) {
			t.Errorf("%v: %v", test, err)
		}
	}
}
