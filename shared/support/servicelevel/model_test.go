package servicelevel_test

import (
	"fmt"
	"time"

	"pgregory.net/rapid"

	"github.com/tenantry/tenantry/shared/support/servicelevel"
)

// zones are time zones with unusual changes, and when to test them.
var zones = []struct {
	name string
	near []string
}{
	{"UTC", []string{"2026-01-01"}},
	{"Europe/Berlin", []string{"2026-03-29", "2026-10-25"}},
	{"America/New_York", []string{"2026-03-08", "2026-11-01"}},
	{"Australia/Lord_Howe", []string{"2026-04-05", "2026-10-04"}}, // half an hour
	{"Asia/Kathmandu", []string{"1986-01-01", "2026-01-01"}},      // 05:30 became 05:45
	{"Africa/Casablanca", []string{"2026-02-15", "2026-03-22"}},   // the other way round, for Ramadan
	{"Pacific/Apia", []string{"2011-12-30"}},                      // a skipped day
	{"Pacific/Kwajalein", []string{"1993-08-21"}},                 // the same
	{"America/Sao_Paulo", []string{"2018-11-04", "2019-02-17"}},   // at midnight
	{"Asia/Gaza", []string{"2026-03-28", "2026-10-24"}},
	{"Antarctica/Troll", []string{"2026-03-29", "2026-10-25"}}, // two hours
}

// openAt is an independent definition of whether a minute is business time.
func openAt(c servicelevel.Calendar, zone *time.Location, at time.Time) bool {
	if c.Always {
		return true
	}
	local := at.In(zone)
	for _, holiday := range c.Holidays {
		if holiday.Date == local.Format("2006-01-02") || holiday.Date == local.Format("01-02") {
			return false
		}
	}
	w := c.Hours
	day := [][]servicelevel.Interval{w.Sunday, w.Monday, w.Tuesday, w.Wednesday, w.Thursday, w.Friday, w.Saturday}[local.Weekday()]
	clock := local.Format("15:04")
	for _, interval := range day {
		if interval.Start <= clock && clock < interval.End {
			return true
		}
	}
	return false
}

// anyCalendar draws a calendar and a minute near a change of its zone.
func anyCalendar(t *rapid.T) (servicelevel.Calendar, *time.Location, time.Time) {
	chosen := rapid.SampledFrom(zones).Draw(t, "zone")
	zone, err := time.LoadLocation(chosen.name)
	if err != nil {
		t.Fatal(err)
	}
	near, err := time.Parse(time.DateOnly, rapid.SampledFrom(chosen.near).Draw(t, "near"))
	if err != nil {
		t.Fatal(err)
	}
	start := near.Add(time.Duration(rapid.IntRange(-4*24*60, 2*24*60).Draw(t, "minutes away")) * time.Minute)
	c := servicelevel.Calendar{TimeZone: chosen.name}
	if rapid.IntRange(0, 9).Draw(t, "always") == 0 {
		c.Always = true
		return c, zone, start
	}
	for _, day := range []*[]servicelevel.Interval{
		&c.Hours.Monday, &c.Hours.Tuesday, &c.Hours.Wednesday, &c.Hours.Thursday, &c.Hours.Friday, &c.Hours.Saturday, &c.Hours.Sunday,
	} {
		*day = anyDay(t)
	}
	c.Hours.Wednesday = append([]servicelevel.Interval{}, servicelevel.Interval{Start: "00:00", End: "24:00"})
	for offset := range 8 {
		if rapid.IntRange(0, 4).Draw(t, "holiday") == 0 {
			format := rapid.SampledFrom([]string{"2006-01-02", "01-02"}).Draw(t, "format")
			c.Holidays = append(c.Holidays, servicelevel.Holiday{Date: near.AddDate(0, 0, offset-3).Format(format)})
		}
	}
	if err := c.Check(); err != nil {
		t.Fatalf("%+v: %v", c, err)
	}
	return c, zone, start
}

func anyDay(t *rapid.T) []servicelevel.Interval {
	edges := rapid.SliceOfNDistinct(rapid.OneOf(rapid.IntRange(0, 1440), rapid.SampledFrom([]int{0, 60, 120, 150, 180, 1380, 1440})), 0, 4,
		rapid.ID[int]).
		Draw(t, "edges")
	for i := range edges {
		for j := range i {
			if edges[i] < edges[j] {
				edges[i], edges[j] = edges[j], edges[i]
			}
		}
	}
	var day []servicelevel.Interval
	for i := 0; i+1 < len(edges); i += 2 {
		day = append(day, servicelevel.Interval{Start: clock(edges[i]), End: clock(edges[i+1])})
	}
	return day
}

func clock(minutes int) string { return fmt.Sprintf("%02d:%02d", minutes/60, minutes%60) }
