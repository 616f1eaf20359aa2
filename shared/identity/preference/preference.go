// Package preference holds what a person prefers: the time zone of the times that they read, and how the
// portal's pages look. Its zero value is what somebody has who never chose.
package preference

import (
	"maps"
	"slices"
	"time"
	_ "time/tzdata" // an installation may run where the system has no time zones
)

// The languages that the product has (BCP 47).
const (
	English = "en"
	German  = "de"
)

// Languages lists the codes of the languages that a person can choose.
func Languages() []string { return []string{English, German} }

// The themes of the pages.
const (
	SystemTheme = "system"
	LightTheme  = "light"
	DarkTheme   = "dark"
)

// The densities of tables.
const (
	Comfortable = "comfortable"
	Compact     = "compact"
)

// The days with which a week can begin.
const (
	Sunday = "sunday"
	Monday = "monday"
)

// Preferences are what a person prefers. A field's zero value stands for the default.
type Preferences struct {
	// TimeZone is the IANA name of a time zone, as in "Europe/Berlin"; "" for UTC.
	TimeZone string `json:"time_zone,omitempty"`
	// Language is one of Languages; "" for English.
	Language string `json:"language,omitempty"`
	// Theme is one of the themes; "" for that of the person's system.
	Theme string `json:"theme,omitempty"`
	// Density is one of the densities; "" for comfortable.
	Density string `json:"density,omitempty"`
	// PageSize is how many rows a page of a list has; 0 for the list's own number.
	PageSize int `json:"page_size,omitempty"`
	// WeekStart is the day with which weeks begin; "" for Sunday.
	WeekStart string `json:"week_start,omitempty"`
	// ShortcutsOff is set if single keys must do nothing.
	ShortcutsOff bool `json:"shortcuts_off,omitempty"`
	// Unwanted are the kinds of notifications of which the person wants no mails. OwnChanges is set
	// if they want mails about what they do themselves.
	Unwanted   []Kind `json:"unwanted_notifications,omitempty"`
	OwnChanges bool   `json:"own_changes,omitempty"`
	// Columns are the names of the columns of lists, in order, by the name of the list. A list
	// without an entry shows its usual columns.
	Columns map[string][]string `json:"columns,omitempty"`
	// CaseViews are the saved views of the lists of cases, in the order in which they were saved.
	CaseViews []View `json:"case_views,omitempty"`
}

// Zone returns the person's time zone. It is UTC if they have none, or one that the system no longer
// knows.
func (p Preferences) Zone() *time.Location {
	zone, err := time.LoadLocation(p.TimeZone)
	if err != nil || zone == time.Local {
		return time.UTC
	}
	return zone
}

// FirstDay returns the day with which the person's weeks begin.
func (p Preferences) FirstDay() time.Weekday {
	if p.WeekStart == Monday {
		return time.Monday
	}
	return time.Sunday
}

// ColumnsOf returns the columns of a list that the person chose; none if they chose none.
func (p Preferences) ColumnsOf(list string) []string { return slices.Clone(p.Columns[list]) }

// Equal reports whether two people prefer the same.
func (p Preferences) Equal(other Preferences) bool {
	return maps.EqualFunc(p.Columns, other.Columns, slices.Equal[[]string]) &&
		slices.EqualFunc(p.CaseViews, other.CaseViews, View.equal) &&
		slices.Equal(p.Unwanted, other.Unwanted) && p.plain() == other.plain()
}

// plain is the part of Preferences that can be compared.
type plain struct {
	timeZone, language, theme, density, weekStart string
	pageSize                                      int
	shortcutsOff, ownChanges                      bool
}

func (p Preferences) plain() plain {
	return plain{p.TimeZone, p.Language, p.Theme, p.Density, p.WeekStart, p.PageSize, p.ShortcutsOff, p.OwnChanges}
}
