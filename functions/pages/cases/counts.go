package cases

import (
	"net/url"
	"slices"

	"golang.org/x/sync/errgroup"

	"github.com/tenantry/tenantry/functions/pages/kit"
	"github.com/tenantry/tenantry/functions/pages/scope"
	"github.com/tenantry/tenantry/shared/identity"
	"github.com/tenantry/tenantry/shared/support"
	"github.com/tenantry/tenantry/shared/support/lists"
)

// chart is the distribution of the cases over the values of a field.
type chart struct {
	id, title string
	points    []kit.Point
}

// report is the charts of a place.
type report struct {
	path   string
	open   bool
	charts []chart
	lags   bool
	// days is how many cases were opened a day.
	days []kit.Point
}

// atOnce is how many distributions are counted at the same time.
const atOnce = 4

// counts shows the distributions of the cases of a place. Each number leads to the list behind it.
func (p Pages) counts(v *kit.Visit) error {
	place, err := scope.Find(v, p.Tenants)
	if err != nil {
		return err
	}
	shown := report{path: kit.PlacePath(place) + "/cases", open: v.Query("list") != "all"}
	state := lists.AllLists
	if shown.open {
		state = support.OpenList
	}
	fields := []struct{ by, filter, title string }{
		{"status", "status", v.T("By status")}, {"severity", "severity", v.T("By severity")},
		{"type", "type", v.T("By type")}, {"component", "component", v.T("By component")},
		{"agent", "assignee", v.T("By agent")}, {"age", "", v.T("By age")},
	}
	if place.Scope == identity.MSPScope {
		fields = append(fields, struct{ by, filter, title string }{"org", "org_id", v.T("By organization")})
	}
	shown.charts = make([]chart, len(fields))
	lags := make([]bool, len(fields))
	var opened lists.Counts
	group, ctx := errgroup.WithContext(v.Context())
	group.SetLimit(atOnce)
	for i, field := range fields {
		group.Go(func() error {
			counts, err := p.Lists.Count(ctx, *v.By, listScope(place), lists.CountQuery{By: field.by, List: state})
			lags[i] = counts.Lags
			shown.charts[i] = chart{id: "by-" + field.by, title: field.title}
			for _, count := range counts.Counts {
				point := kit.Point{Label: labelOf(v, field.by, count), Value: count.Count}
				if field.filter != "" && count.Value != "" {
					point.Path = shown.path + "?list=" + string(state) + "&" + field.filter + "=" + url.QueryEscape(count.Value)
				}
				shown.charts[i].points = append(shown.charts[i].points, point)
			}
			return err
		})
	}
	from := v.Now().AddDate(0, 0, -29).Format("2006-01-02")
	group.Go(func() (err error) {
		opened, err = p.Lists.Count(ctx, *v.By, listScope(place),
			lists.CountQuery{By: "opened", List: lists.AllLists, From: from})
		return err
	})
	if err := group.Wait(); err != nil {
		return err
	}
	shown.lags = slices.Contains(lags, true)
	perDay := map[string]int64{}
	for _, count := range opened.Counts {
		perDay[count.Value] = count.Count
	}
	for day := range 30 {
		name := v.Now().AddDate(0, 0, day-29).Format("2006-01-02")
		shown.days = append(shown.days, kit.Point{Label: name, Value: perDay[name]})
	}
	return v.Show(countsPage(v.Frame(v.T("Case reports of %s", place.Name)), shown))
}

func labelOf(t kit.Teller, field string, count lists.Count) string {
	switch {
	case count.Name != "":
		return count.Name
	case field == "status" || field == "type" || field == "age" || count.Value == "none":
		return kit.Word(t, count.Value)
	}
	return count.Value
}
