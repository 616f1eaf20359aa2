package cases

import (
	"fmt"
	"slices"
	"strings"

	"github.com/tenantry/tenantry/functions/pages/kit"
	"github.com/tenantry/tenantry/shared/identity"
	"github.com/tenantry/tenantry/shared/support"
	"github.com/tenantry/tenantry/shared/support/lists"
)

// queueTiles lead to the queues of an agent. The list is one of them if it has nothing but what the
// queue asks for.
func (l list) queueTiles(t kit.Teller, queues lists.Queues) []kit.Tile {
	breaching := fmt.Sprint(queues.Breaching)
	if queues.BreachingMore {
		breaching += "+"
	}
	all := []struct{ label, number, field, value string }{
		{t.T("Mine"), fmt.Sprint(queues.Mine), "assignee", "me"},
		{t.T("Unassigned"), fmt.Sprint(queues.Unassigned), "assignee", "none"},
		{t.T("Overdue"), breaching, "due", lists.Breached},
		{t.T("All open cases"), fmt.Sprint(queues.All), "", ""},
	}
	tiles := make([]kit.Tile, len(all))
	for i, one := range all {
		tiles[i] = kit.Tile{Number: one.number, Label: one.label, Path: l.path}
		filters := 0
		if one.field != "" {
			tiles[i].Path, filters = l.path+"?"+one.field+"="+one.value, 1
		}
		tiles[i].Current = l.state == support.OpenList && l.search == "" && len(l.filters) == filters &&
			l.filters[one.field] == one.value
	}
	return tiles
}

// asReport makes the list one of all cases, archived ones too.
func (l *list) asReport(query *lists.Query) {
	l.report, l.state, query.State = true, lists.AllLists, lists.AllLists
}

// cases is the path of the cases of the place.
func (l list) cases() string { return strings.TrimSuffix(l.path, "/report") }

// reportTabs lead to the reports on the cases at a path: the list of all, and the charts.
func reportTabs(f *kit.Frame, path, current string) []kit.Tab {
	return []kit.Tab{
		{Label: f.T("Open cases"), Path: path + "/count", Current: current == "open"},
		{Label: f.T("All cases"), Path: path + "/count?list=all", Current: current == "all"},
		{Label: f.T("List of all cases"), Path: path + "/report", Current: current == "list"},
	}
}

// tab is the tab of the charts.
func (r report) tab() string {
	if r.open {
		return "open"
	}
	return "all"
}

// mostSubmitters is how many people of an organization can be chosen from.
const mostSubmitters = 100

// submitters are the people of an organization, for readers who may list them by name.
func (p Pages) submitters(v *kit.Visit, org identity.Place) ([]kit.Option, error) {
	if !v.May(identity.SeeAdministrators, org) || !v.May(identity.SeePersonalData, org) {
		return nil, nil
	}
	people, err := p.Accounts.PeopleAt(v.Context(), org, mostSubmitters, func(identity.Person) bool { return true })
	options := make([]kit.Option, len(people))
	for i, person := range people {
		options[i] = kit.Option{Value: person.ID, Label: person.Name()}
	}
	return options, err
}

// submittersOf adds those who opened the cases of a page to the people that can be chosen, by name.
func submittersOf(known []kit.Option, lines []support.Summary) []kit.Option {
	for _, line := range lines {
		there := slices.ContainsFunc(known, func(o kit.Option) bool { return o.Value == line.Submitter.ID })
		if !there && line.Submitter.ID != "" {
			known = append(known, kit.Option{Value: line.Submitter.ID, Label: line.Submitter.Name})
		}
	}
	slices.SortFunc(known, func(a, b kit.Option) int { return strings.Compare(a.Label, b.Label) })
	return known
}

// submitterOptions are all submitters, the reader, and those who are known by name.
func (l list) submitterOptions(f *kit.Frame) []kit.Option {
	options := append([]kit.Option{{Label: f.T("all")}, {Value: "me", Label: f.T("me")}}, l.submitters...)
	chosen := l.filters["submitter"]
	if !slices.ContainsFunc(options, func(o kit.Option) bool { return o.Value == chosen }) {
		options = append(options, kit.Option{Value: chosen, Label: f.T("a person")})
	}
	return options
}
