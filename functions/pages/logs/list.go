package logs

import (
	"strings"
	"time"

	"github.com/tenantry/tenantry/functions/pages/kit"
	"github.com/tenantry/tenantry/functions/pages/scope"
	"github.com/tenantry/tenantry/shared/audit"
	"github.com/tenantry/tenantry/shared/fault"
	"github.com/tenantry/tenantry/shared/identity"
)

// pageSize is how many entries a page shows, unless the reader prefers another number.
const pageSize = 30

// listing is a page of a log.
type listing struct {
	path, csv string
	// preset is the chosen time: a period of package audit, "date" or "range". date is the day of
	// "date"; from and to are the days or times of "range".
	preset, date, from, to string
	admin, message         string
	logIns, provider       bool
	// orgs are the organizations that can be chosen in an MSP's log.
	orgs choice
	// by is the field that entries are counted by; "" where they are listed. counts are their numbers.
	by      string
	grouped []counted
	counts  audit.Counts
	page    audit.Page
	pager   kit.Pager
	wrong   string
	address func(map[string]string) string
}

// The presets that are not periods.
const (
	presetDate  = "date"
	presetRange = "range"
)

// query reads the search from the address; wrong says in words why a part of it cannot be used.
func query(v *kit.Visit, now time.Time) (audit.Search, listing) {
	shown := listing{
		path: v.R.URL.Path, preset: v.Query("time"), date: v.Query("date"), from: v.Query("from"), to: v.Query("to"),
		admin: strings.TrimSpace(v.Query("admin_name")), message: strings.TrimSpace(v.Query("message")),
		logIns: v.Query("logins") != "", provider: v.Query("provider") != "", address: v.With,
	}
	search := audit.Search{
		Admin: shown.admin, Message: shown.message, LogIns: shown.logIns, Provider: shown.provider,
		Limit: v.PageSize(pageSize),
	}
	zone, week := v.Zone(), time.Sunday
	if v.By != nil {
		week = v.By.Preferences.FirstDay()
	}
	var err error
	switch shown.preset {
	case presetDate:
		search.Start, search.End, err = audit.Range(shown.date, shown.date, zone)
		if err != nil {
			shown.wrong = v.T("Choose a day.")
		}
	case presetRange:
		search.Start, search.End, err = audit.Range(shown.from, shown.to, zone)
		if err != nil {
			shown.wrong = v.T("Choose when the time begins and when it ends, in this order.")
		}
	default:
		var known bool
		if search.Start, search.End, known = audit.Period(shown.preset).Window(now, zone, week); !known {
			shown.preset = string(audit.Today)
			search.Start, search.End, _ = audit.Today.Window(now, zone, week)
		}
	}
	if err == nil && (search.Start.Before(now.Add(-audit.MaxWindow)) || search.End.Sub(search.Start) > audit.MaxWindow) {
		shown.wrong = v.T("The log goes 60 days back. Choose a later time; what is older is only in the archive.")
	}
	if shown.wrong != "" {
		search.Start, search.End, _ = audit.Today.Window(now, zone, week)
	}
	return search, shown
}

// clock returns a moment of a range as its field shows it: a day is its midnight, or that some days
// later.
func clock(text string, later int) string {
	if day, err := time.Parse(time.DateOnly, text); err == nil {
		return day.AddDate(0, 0, later).Format("2006-01-02T15:04")
	}
	return text
}

// search runs a search in the log of a place.
func (p Pages) search(v *kit.Visit, place identity.Place, search audit.Search) (audit.Page, error) {
	if place.Scope == identity.PlatformScope {
		return p.Audit.Platform(v.Context(), *v.By, search)
	}
	return p.Audit.At(v.Context(), *v.By, place, search)
}

// list shows a page of the log of a place, or the numbers of its entries.
func (p Pages) list(v *kit.Visit) error {
	place, err := scope.Find(v, p.Tenants)
	if err != nil {
		return err
	}
	search, shown := query(v, v.Now())
	if shown.orgs, err = p.chooseOrgs(v, place); err != nil {
		return err
	}
	search.OrgIDs = shown.orgs.ids()
	shown.csv = strings.Replace(v.With(map[string]string{"by": ""}), "/logs", "/logs.csv", 1)
	title := v.T("Audit log of %s", place.Name)
	if shown.by = countedBy(v, place); shown.by != "" {
		return p.showCounts(v, title, place, search, shown)
	}
	return p.show(v, title, search, shown, func(search audit.Search) (audit.Page, error) {
		return p.search(v, place, search)
	})
}

// own shows what the reader did.
func (p Pages) own(v *kit.Visit) error {
	search, shown := query(v, v.Now())
	return p.show(v, v.T("What you did"), search, shown, func(search audit.Search) (audit.Page, error) {
		return p.Audit.Own(v.Context(), *v.By, search)
	})
}

func (p Pages) show(
	v *kit.Visit, title string, search audit.Search, shown listing, run func(audit.Search) (audit.Page, error),
) error {
	paging := v.Paging()
	search.After = paging.After()
	var err error
	if shown.page, err = run(search); fault.Is(err, fault.Invalid) {
		shown.wrong, err = v.T("None of the latest entries matches. Choose a shorter time."), nil
	}
	if err != nil {
		return err
	}
	shown.pager = v.Pager(paging, shown.page.Next)
	return v.Show(listPage(v.Frame(title), shown))
}
