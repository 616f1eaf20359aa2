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
	// preset is the chosen time; from and to are days, as in 2026-11-30, of the preset "range".
	preset, from, to string
	admin, message   string
	page             audit.Page
	pager            kit.Pager
	wrong            string
	address          func(map[string]string) string
}

// query reads the search from the address; wrong says in words why a part of it cannot be used.
func query(v *kit.Visit, now time.Time) (audit.Search, listing) {
	shown := listing{
		path: v.R.URL.Path, preset: v.Query("time"), from: v.Query("from"), to: v.Query("to"), address: v.With,
		admin: strings.TrimSpace(v.Query("admin_name")), message: strings.TrimSpace(v.Query("message")),
	}
	search := audit.Search{Admin: shown.admin, Message: shown.message, Limit: v.PageSize(pageSize)}
	zone := v.Zone()
	today := midnight(now.In(zone))
	search.End = now.Add(time.Second)
	switch shown.preset {
	case "hour":
		search.Start = now.Add(-time.Hour)
	case "week":
		search.Start = now.AddDate(0, 0, -7)
	case "today":
		search.Start = today
	case "yesterday":
		search.Start, search.End = today.AddDate(0, 0, -1), today
	case "this_week":
		search.Start = today.AddDate(0, 0, -(int(today.Weekday())+6)%7)
	case "range":
		start, startErr := time.ParseInLocation(time.DateOnly, shown.from, zone)
		end, endErr := time.ParseInLocation(time.DateOnly, shown.to, zone)
		if startErr != nil || endErr != nil || end.Before(start) {
			shown.wrong = v.T("Choose a first and a last day, in this order.")
			search.Start = now.AddDate(0, 0, -1)
			break
		}
		search.Start, search.End = start, end.AddDate(0, 0, 1)
	default:
		shown.preset = "day"
		search.Start = now.AddDate(0, 0, -1)
	}
	return search, shown
}

func midnight(t time.Time) time.Time {
	return time.Date(t.Year(), t.Month(), t.Day(), 0, 0, 0, 0, t.Location())
}

// search runs a search in the log of a place.
func (p Pages) search(v *kit.Visit, place identity.Place, search audit.Search) (audit.Page, error) {
	if place.Scope == identity.PlatformScope {
		return p.Audit.Platform(v.Context(), *v.By, search)
	}
	return p.Audit.At(v.Context(), *v.By, place, search)
}

// list shows a page of the log of a place.
func (p Pages) list(v *kit.Visit) error {
	place, err := scope.Find(v, p.Tenants)
	if err != nil {
		return err
	}
	return p.show(v, v.T("Audit log of %s", place.Name), func(search audit.Search) (audit.Page, error) {
		return p.search(v, place, search)
	})
}

// own shows what the reader did.
func (p Pages) own(v *kit.Visit) error {
	return p.show(v, v.T("What you did"), func(search audit.Search) (audit.Page, error) {
		return p.Audit.Own(v.Context(), *v.By, search)
	})
}

func (p Pages) show(v *kit.Visit, title string, run func(audit.Search) (audit.Page, error)) error {
	search, shown := query(v, v.Now())
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
	if v.R.URL.Path != "/account/logs" {
		shown.csv = strings.Replace(v.With(nil), "/logs", "/logs.csv", 1)
	}
	return v.Show(listPage(v.Frame(title), shown))
}
