package tenants

import (
	"context"
	"slices"
	"strings"

	"golang.org/x/sync/errgroup"

	"github.com/tenantry/tenantry/functions/pages/kit"
	"github.com/tenantry/tenantry/functions/pages/scope"
	"github.com/tenantry/tenantry/shared/fault"
	"github.com/tenantry/tenantry/shared/identity"
	"github.com/tenantry/tenantry/shared/search"
	"github.com/tenantry/tenantry/shared/support"
	"github.com/tenantry/tenantry/shared/support/lists"
	"github.com/tenantry/tenantry/shared/tenant"
)

// pageSize is how many tenants a page of a list shows, unless the reader prefers another number.
const pageSize = 50

// row is a tenant in a list.
type row struct {
	id, name, path string
	created        int64
	// open is the number of open cases; it counts only in a listing with cases.
	open int64
	// labels are the names of the organization's labels.
	labels []string
}

// listing is a page of tenants.
type listing struct {
	path, search string
	rows         []row
	total        int
	pager        kit.Pager
	// create is the path of the form for a new one, and createLabel what its button says; "" if the
	// reader may not create any.
	create, createLabel string
	// exports is the target of the button that exports all organizations; "" if there is none.
	exports string
	// cases is set if the numbers of open cases are known.
	cases bool
	// labels are those of the MSP whose organizations are listed, label the one that they all have; ""
	// for any. mayLabel is set if the reader may change the labels of organizations.
	labels   []kit.Option
	label    string
	mayLabel bool
	// mayMove is set if the reader may give organizations another provider.
	mayMove bool
}

// fill cuts the page out of all rows that match.
func (l *listing) fill(v *kit.Visit, all []row) {
	l.path, l.search = v.R.URL.Path, strings.TrimSpace(v.Query("search"))
	var matches []row
	for _, one := range all {
		if strings.Contains(search.Fold(one.name), search.Fold(l.search)) {
			matches = append(matches, one)
		}
	}
	l.total = len(matches)
	l.rows, l.pager = kit.Cut(v, matches, pageSize)
}

// msps lists the MSPs that the reader sees.
func (p Pages) msps(v *kit.Visit) error {
	all, err := p.Tenants.MSPs(v.Context(), *v.By)
	if err != nil {
		return err
	}
	var shown listing
	if v.May(identity.RunPlatform, identity.ThePlatform()) {
		v.At(identity.ThePlatform())
		shown.create, shown.createLabel = "/msps/new", v.T("Create an MSP")
	}
	rows := make([]row, len(all))
	for i, one := range all {
		rows[i] = row{id: one.ID, name: one.Name, path: kit.PlacePath(one.Place()), created: one.Created}
	}
	shown.fill(v, rows)
	return v.Show(listPage(v.Frame(v.T("MSPs")), shown))
}

// directOrgs lists the direct customers for operators, and for others the organizations in which they have a
// role.
func (p Pages) directOrgs(v *kit.Visit) error {
	all, err := p.Tenants.Orgs(v.Context(), *v.By)
	if err != nil {
		return err
	}
	title := v.T("Your organizations")
	var shown listing
	if v.May(identity.RunPlatform, identity.ThePlatform()) {
		v.At(identity.ThePlatform())
		title, shown.mayMove = v.T("Direct customers"), true
		shown.create, shown.createLabel = "/orgs/new", v.T("Create an organization")
	}
	rows := make([]row, len(all))
	for i, one := range all {
		rows[i] = row{id: one.ID, name: one.Name, path: kit.PlacePath(one.Place()), created: one.Created}
	}
	shown.fill(v, rows)
	return v.Show(listPage(v.Frame(title), shown))
}

// mspOrgs lists the organizations of an MSP with their open cases.
func (p Pages) mspOrgs(v *kit.Visit) error {
	place, err := scope.Find(v, p.Tenants)
	if err != nil {
		return err
	}
	shown := listing{
		label: v.Query("label"), mayLabel: v.May(identity.ChangeMSP, place), exports: kit.PlacePath(place) + "/exports",
		mayMove: v.May(identity.RunPlatform, identity.ThePlatform()),
	}
	var all []tenant.Org
	open := map[string]int64{}
	group, ctx := errgroup.WithContext(v.Context())
	group.Go(func() (err error) {
		shown.labels, err = p.labelOptions(ctx, v, place.MSPID)
		return err
	})
	group.Go(func() (err error) {
		all, err = p.Tenants.MSPOrgs(ctx, *v.By, place.MSPID, tenant.OrgFilter{LabelID: shown.label})
		if fault.Is(err, fault.Invalid) { // the label was deleted
			shown.label = ""
			all, err = p.Tenants.MSPOrgs(ctx, *v.By, place.MSPID, tenant.OrgFilter{})
		}
		return err
	})
	group.Go(func() (err error) {
		shown.cases, err = p.openCases(ctx, v, place, open)
		return err
	})
	if err := group.Wait(); err != nil {
		return err
	}
	if v.May(identity.CreateOrg, place) {
		shown.create, shown.createLabel = kit.PlacePath(place)+"/orgs/new", v.T("Create an organization")
	}
	shown.mayLabel = shown.mayLabel && len(shown.labels) > 0
	names := make(map[string]string, len(shown.labels))
	for _, label := range shown.labels {
		names[label.Value] = label.Label
	}
	rows := make([]row, len(all))
	for i, one := range all {
		rows[i] = row{
			id: one.ID, name: one.Name, path: kit.PlacePath(one.Place()), created: one.Created,
			open: open[one.ID],
		}
		for _, id := range one.Labels {
			rows[i].labels = append(rows[i].labels, names[id])
		}
		slices.Sort(rows[i].labels)
	}
	shown.fill(v, rows)
	return v.Show(listPage(v.Frame(v.T("Organizations of %s", place.Name)), shown))
}

// openCases counts the open cases of each organization of an MSP. It reports whether the reader sees
// them, and they are counted.
func (p Pages) openCases(ctx context.Context, v *kit.Visit, place identity.Place, open map[string]int64) (bool, error) {
	if !v.May(identity.SeeCases, place) {
		return false, nil
	}
	counts, err := p.Lists.Count(ctx, *v.By, lists.Scope{MSPID: place.MSPID},
		lists.CountQuery{By: "org", List: support.OpenList})
	if fault.Is(err, fault.Unavailable) {
		return false, nil
	}
	for _, count := range counts.Counts {
		open[count.Value] = count.Count
	}
	return err == nil, err
}
