package preference_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/tenantry/tenantry/shared/fault"
	"github.com/tenantry/tenantry/shared/identity/preference"
)

func pointer[T any](value T) *T { return &value }

func TestAChangeOfPreferencesKeepsTheOthers(t *testing.T) {
	before := preference.Preferences{
		TimeZone: "Europe/Berlin", Theme: preference.DarkTheme,
		Columns: map[string][]string{"cases": {"number", "subject"}, "sites": {"name"}},
	}
	after, err := preference.Change{
		Density: pointer(preference.Compact), PageSize: pointer(50), Shortcuts: pointer(false),
		WeekStart: pointer(preference.Monday),
		Columns:   map[string][]string{"cases": {"subject"}, "sites": {}},
	}.Apply(before)
	if err != nil {
		t.Fatal(err)
	}
	want := preference.Preferences{
		TimeZone: "Europe/Berlin", Theme: preference.DarkTheme, Density: preference.Compact, PageSize: 50,
		WeekStart: preference.Monday, ShortcutsOff: true, Columns: map[string][]string{"cases": {"subject"}},
	}
	if !after.Equal(want) {
		t.Errorf("got %+v, want %+v", after, want)
	}
	if len(before.Columns) != 2 || len(before.Columns["cases"]) != 2 {
		t.Errorf("the former preferences changed: %+v", before)
	}
	if before.FirstDay() != time.Sunday || after.FirstDay() != time.Monday {
		t.Errorf("weeks begin with %s, then with %s", before.FirstDay(), after.FirstDay())
	}
	if after.Equal(before) {
		t.Error("different preferences are equal")
	}
}

func TestAWrongPreferenceIsNamed(t *testing.T) {
	many := map[string][]string{}
	for i := range 21 {
		many[fmt.Sprint("list", i)] = []string{"name"}
	}
	large := map[string][]string{}
	for i := range 10 {
		for j := range 30 {
			list := fmt.Sprint("list", i)
			large[list] = append(large[list], strings.Repeat("c", 20)+fmt.Sprint(j))
		}
	}
	for name, c := range map[string]struct {
		field  string
		change preference.Change
	}{
		"an unknown zone":    {"time_zone", preference.Change{TimeZone: pointer("Europe/Atlantis")}},
		"the server's zone":  {"time_zone", preference.Change{TimeZone: pointer("Local")}},
		"a path":             {"time_zone", preference.Change{TimeZone: pointer("../etc/passwd")}},
		"a language":         {"language", preference.Change{Language: pointer("tlh")}},
		"a theme":            {"theme", preference.Change{Theme: pointer("pink")}},
		"a density":          {"density", preference.Change{Density: pointer("dense")}},
		"a first day":        {"week_start", preference.Change{WeekStart: pointer("tuesday")}},
		"a page size":        {"page_size", preference.Change{PageSize: pointer(7)}},
		"too many lists":     {"columns", preference.Change{Columns: many}},
		"too large columns":  {"columns", preference.Change{Columns: large}},
		"too many columns":   {"columns", preference.Change{Columns: map[string][]string{"cases": make([]string, 31)}}},
		"an empty column":    {"columns", preference.Change{Columns: map[string][]string{"cases": {""}}}},
		"a long name":        {"columns", preference.Change{Columns: map[string][]string{strings.Repeat("a", 33): {"x"}}}},
		"a column twice":     {"columns", preference.Change{Columns: map[string][]string{"cases": {"x", "x"}}}},
		"control characters": {"columns", preference.Change{Columns: map[string][]string{"cases": {"a\x00"}}}},
	} {
		_, err := c.change.Apply(preference.Preferences{})
		problem, ok := errors.AsType[*fault.Error](err)
		if !ok || problem.Code != fault.Invalid || len(problem.Fields) != 1 ||
			problem.Fields[0].Name != "preferences."+c.field {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestTheZoneIsUTCUnlessThePersonHasOne(t *testing.T) {
	for name, want := range map[string]string{
		"": "UTC", "Europe/Berlin": "Europe/Berlin", "Gone/Away": "UTC", "Local": "UTC",
	} {
		if zone := (preference.Preferences{TimeZone: name}).Zone(); zone.String() != want || zone == time.Local {
			t.Errorf("%q: %s", name, zone)
		}
	}
}
