package accounts

import (
	"github.com/tenantry/tenantry/shared/identity/preference"
)

// Preferences are what the caller prefers, as clients see it.
type Preferences struct {
	TimeZone  string `json:"time_zone" doc:"The IANA name of the zone in which pages and mails show times; empty for UTC."`
	Language  string `json:"language" doc:"The language of the pages: en or de; empty for English."`
	Theme     string `json:"theme" doc:"system, light or dark; empty for system."`
	Density   string `json:"density" doc:"comfortable or compact; empty for comfortable."`
	PageSize  int    `json:"page_size" doc:"How many rows a page of a list has: 5, 10, 20, 50 or 100; 0 for the list's own number."`
	WeekStart string `json:"week_start" doc:"The day with which weeks begin: sunday or monday; empty for sunday."`
	Shortcuts bool   `json:"keyboard_shortcuts" doc:"Whether single keys are shortcuts on pages."`

	Notifications Notifications `json:"notifications" doc:"Of which events on cases you get mails."`

	Columns map[string][]string `json:"columns" doc:"The columns of lists, in order, by the list's name."`

	CaseViews []CaseView `json:"case_views" doc:"The saved views of the lists of cases."`
}

// CaseView is a saved view of the lists of cases.
type CaseView struct {
	Name       string            `json:"name" doc:"1 to 64 characters; no two views have the same name."`
	Parameters map[string]string `json:"parameters,omitempty" doc:"What the lists of cases are filtered and sorted by, as in status, assignee, search, list and sort. The assignee and the submitter may be me, the assignee also none. At most 20, of 200 characters each."`
	Columns    []string          `json:"columns,omitempty" doc:"The names of the columns, in order; none for those of all lists of cases."`
}

// Notifications says of which events on cases the caller gets mails.
type Notifications struct {
	CaseOpened   bool `json:"case_opened" doc:"New cases, and the receipt for your own."`
	CaseAnswered bool `json:"case_answered" doc:"Comments and internal notes."`
	CaseChanged  bool `json:"case_changed" doc:"Changed fields, files without a comment, and questions for a rating."`
	PromisedTime bool `json:"promised_time" doc:"Promised times that run out or have passed; for agents."`
	OwnChanges   bool `json:"own_changes" doc:"What you do yourself, of the kinds that you get mails of; off at first."`
}

// preferencesOf converts preferences for clients.
func preferencesOf(p preference.Preferences) Preferences {
	shown := Preferences{
		TimeZone: p.TimeZone, Language: p.Language, Theme: p.Theme, Density: p.Density, PageSize: p.PageSize,
		WeekStart: p.WeekStart, Shortcuts: !p.ShortcutsOff, Columns: p.Columns,
		Notifications: Notifications{
			CaseOpened: p.Wants(preference.CaseOpened), CaseAnswered: p.Wants(preference.CaseAnswered),
			CaseChanged: p.Wants(preference.CaseChanged), PromisedTime: p.Wants(preference.PromisedTime),
			OwnChanges: p.OwnChanges,
		},
	}
	if shown.Columns == nil {
		shown.Columns = map[string][]string{}
	}
	shown.CaseViews = make([]CaseView, len(p.CaseViews))
	for i, view := range p.CaseViews {
		shown.CaseViews[i] = CaseView(view)
	}
	return shown
}

// preferencesInput is a change of the caller's preferences.
type preferencesInput struct {
	TimeZone  *string `json:"time_zone,omitempty" maxLength:"64" doc:"The IANA name of a time zone, as in Europe/Berlin; empty for UTC."`
	Language  *string `json:"language,omitempty" maxLength:"16" doc:"en or de; empty for the default."`
	Theme     *string `json:"theme,omitempty" maxLength:"16" doc:"system, light or dark; empty for the default."`
	Density   *string `json:"density,omitempty" maxLength:"16" doc:"comfortable or compact; empty for the default."`
	PageSize  *int    `json:"page_size,omitempty" doc:"5, 10, 20, 50 or 100; 0 for the default."`
	WeekStart *string `json:"week_start,omitempty" maxLength:"16" doc:"sunday or monday; empty for the default."`
	Shortcuts *bool   `json:"keyboard_shortcuts,omitempty" doc:"Whether single keys are shortcuts on pages."`

	Notifications notificationsInput `json:"notifications,omitempty" doc:"Of which events on cases you get mails; what is not given stays as it is."`

	Columns map[string][]string `json:"columns,omitempty" doc:"The columns of lists by the list's name: at most 20 lists of 30 columns, with names of at most 32 characters and 4 KiB together. Lists that are not given stay; an empty list stands for the usual columns."`

	CaseViews *[]CaseView `json:"case_views,omitempty" doc:"Replaces all saved views of the lists of cases: at most 20, and 8 KiB together."`
}

// notificationsInput is a change of the notifications that the caller gets by mail.
type notificationsInput struct {
	CaseOpened   *bool `json:"case_opened,omitempty"`
	CaseAnswered *bool `json:"case_answered,omitempty"`
	CaseChanged  *bool `json:"case_changed,omitempty"`
	PromisedTime *bool `json:"promised_time,omitempty"`
	OwnChanges   *bool `json:"own_changes,omitempty"`
}

// kinds returns the kinds of notifications that are given, and whether they are wanted.
func (in notificationsInput) kinds() map[preference.Kind]bool {
	decided := map[preference.Kind]bool{}
	for kind, wanted := range map[preference.Kind]*bool{
		preference.CaseOpened: in.CaseOpened, preference.CaseAnswered: in.CaseAnswered,
		preference.CaseChanged: in.CaseChanged, preference.PromisedTime: in.PromisedTime,
	} {
		if wanted != nil {
			decided[kind] = *wanted
		}
	}
	return decided
}

// change returns the change of preferences that the input asks for.
func (in *preferencesInput) change() preference.Change {
	if in == nil {
		return preference.Change{}
	}
	var views preference.ViewChange
	if in.CaseViews != nil {
		all := make([]preference.View, len(*in.CaseViews))
		for i, view := range *in.CaseViews {
			all[i] = preference.View(view)
		}
		views.All = &all
	}
	return preference.Change{
		Views: views, TimeZone: in.TimeZone, Language: in.Language, Theme: in.Theme, Density: in.Density,
		PageSize: in.PageSize, WeekStart: in.WeekStart, Shortcuts: in.Shortcuts, Columns: in.Columns,
		Notifications: in.Notifications.kinds(), OwnChanges: in.Notifications.OwnChanges,
	}
}
