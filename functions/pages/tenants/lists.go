package tenants

import (
	"errors"
	"slices"
	"strings"

	"golang.org/x/sync/errgroup"

	"github.com/tenantry/tenantry/functions/pages/actions"
	"github.com/tenantry/tenantry/functions/pages/kit"
	"github.com/tenantry/tenantry/functions/pages/scope"
	"github.com/tenantry/tenantry/shared/fault"
	"github.com/tenantry/tenantry/shared/identity"
	"github.com/tenantry/tenantry/shared/search"
	"github.com/tenantry/tenantry/shared/tenant"
	"github.com/tenantry/tenantry/shared/tenant/directory"
)

// pageSize is how many tenants a page of a list shows, unless the reader prefers another number.
const pageSize = 50

// row is a tenant in a list.
type row struct {
	id, name, path string
	created        int64
	// open is the number of open cases, if they were counted: the reader may see them.
	open    int64
	counted bool
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
	// for any.
	labels []kit.Option
	label  string
	// bin is the path of the deleted organizations; "" if the reader does not see them here.
	bin string
	// mayMove is set if the reader may give organizations another provider.
	mayMove bool
	// mspID is the MSP whose organizations these are; "" for direct customers.
	mspID string
	// actions are what the reader may do with many organizations, by forms that are sent below actionPath.
	actions    []kit.Option
	actionPath string
	// sortable is set if the list has several orders; sort is the present one, and address the list with
	// other parameters.
	sortable bool
	sort     string
	address  func(map[string]string) string
	// byNumber is set if the search is an account number.
	byNumber bool
}

// sorted returns the address of the list in another order.
func (l listing) sorted(order string) string { return l.address(map[string]string{"sort": order}) }

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
	if v.May(identity.RunPlatform, identity.ThePlatform()) {
		v.At(identity.ThePlatform())
		shown := listing{
			create: "/orgs/new", createLabel: v.T("Create an organization"), sortable: true, bin: "/platform/orgs/deleted",
			mayMove: true,
		}
		var err error
		if shown.actions, err = actions.Offered(v, identity.ThePlatform(), p.Bastion); err != nil {
			return err
		}
		shown.actionPath = "/platform/orgs"
		orgs, err := p.page(v, directory.Scope{}, &shown)
		if err != nil {
			return err
		}
		shown.addOrgs(orgs, nil, nil)
		return v.Show(listPage(v.Frame(v.T("Direct customers")), shown))
	}
	all, err := p.Tenants.OwnOrgs(v.Context(), *v.By)
	if err != nil {
		return err
	}
	rows := make([]row, len(all))
	for i, one := range all {
		rows[i] = row{id: one.ID, name: one.Name, path: kit.PlacePath(one.Place()), created: one.Created}
	}
	var shown listing
	shown.fill(v, rows)
	return v.Show(listPage(v.Frame(v.T("Your organizations")), shown))
}

// page reads the page of a list that the address asks for, and notes in the listing how it was found. If no
// name has what is looked for, it may be an account number.
func (p Pages) page(v *kit.Visit, in directory.Scope, shown *listing) ([]tenant.Org, error) {
	shown.path, shown.search, shown.sort = v.R.URL.Path, strings.TrimSpace(v.Query("search")), v.Query("sort")
	shown.address = v.With
	if !slices.Contains(directory.Orders(), strings.TrimPrefix(shown.sort, "-")) {
		shown.sort = directory.ByName
	}
	paging := v.Paging()
	query := directory.Query{
		Name: shown.search, LabelID: shown.label, Sort: shown.sort, Limit: v.PageSize(pageSize), After: paging.After(),
	}
	found, err := p.Directory.List(v.Context(), *v.By, in, query)
	if fault.Is(err, fault.Invalid) && query.LabelID != "" { // the label was deleted
		shown.label, query.LabelID = "", ""
		found, err = p.Directory.List(v.Context(), *v.By, in, query)
	}
	if err == nil && found.Total == 0 && query.Name != "" {
		query.Name, query.AccountNumber = "", query.Name
		found, err = p.Directory.List(v.Context(), *v.By, in, query)
		shown.byNumber = found.Total > 0
	}
	shown.total, shown.pager = int(found.Total), v.Pager(paging, found.Next)
	return found.Orgs, err
}

// addOrgs adds the rows of organizations, with the names of their labels and their open cases.
func (l *listing) addOrgs(orgs []tenant.Org, names map[string]string, open map[string]int64) {
	for _, one := range orgs {
		added := row{id: one.ID, name: one.Name, path: kit.PlacePath(one.Place()), created: one.Created}
		added.open, added.counted = open[one.ID]
		for _, id := range one.Labels {
			if name := names[id]; name != "" {
				added.labels = append(added.labels, name)
			}
		}
		slices.Sort(added.labels)
		l.rows = append(l.rows, added)
	}
}

// mspOrgs lists the organizations of an MSP with their open cases.
func (p Pages) mspOrgs(v *kit.Visit) error {
	place, err := scope.Reached(v, p.Tenants)
	if err != nil {
		return err
	}
	shown := listing{
		label: v.Query("label"), actionPath: kit.PlacePath(place) + "/orgs",
		cases: v.May(identity.ListCases, place), sortable: true, mayMove: v.May(identity.RunPlatform, identity.ThePlatform()),
		mspID: place.MSPID,
	}
	if v.May(identity.SeeMSP, place) {
		shown.exports, shown.bin = kit.PlacePath(place)+"/exports", kit.PlacePath(place)+"/orgs/deleted"
	}
	if shown.actions, err = actions.Offered(v, place, p.Bastion); err != nil {
		return err
	}
	var orgs []tenant.Org
	var open map[string]int64
	group, ctx := errgroup.WithContext(v.Context())
	group.Go(func() (err error) {
		shown.labels, err = p.labelOptions(ctx, v, place.MSPID)
		return err
	})
	orgs, err = p.page(v, directory.Scope{MSPID: place.MSPID}, &shown)
	if err == nil && shown.cases {
		open, err = p.Lists.OpenCases(v.Context(), *v.By, orgs)
	}
	if err := errors.Join(err, group.Wait()); err != nil {
		return err
	}
	if v.May(identity.CreateOrg, place) {
		shown.create, shown.createLabel = kit.PlacePath(place)+"/orgs/new", v.T("Create an organization")
	}
	names := make(map[string]string, len(shown.labels))
	for _, label := range shown.labels {
		names[label.Value] = label.Label
	}
	shown.addOrgs(orgs, names, open)
	return v.Show(listPage(v.Frame(v.T("Organizations of %s", place.Name)), shown))
}
