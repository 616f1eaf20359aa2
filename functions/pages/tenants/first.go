package tenants

import (
	"fmt"

	"golang.org/x/sync/errgroup"

	"github.com/tenantry/tenantry/functions/pages/kit"
	"github.com/tenantry/tenantry/functions/pages/scope"
	"github.com/tenantry/tenantry/shared/fault"
	"github.com/tenantry/tenantry/shared/identity"
	"github.com/tenantry/tenantry/shared/support"
	"github.com/tenantry/tenantry/shared/support/lists"
	"github.com/tenantry/tenantry/shared/tenant/directory"
	"github.com/tenantry/tenantry/shared/tenant/storage"
)

// recent is how many cases a first page shows.
const recent = 5

// dashboard is the first page of a place.
type dashboard struct {
	path  string
	tiles []kit.Tile
	// agent is set if the reader works on the cases; queues are those of an agent.
	agent  bool
	queues []kit.Tile
	// cases are the latest ones; orgs has the names of their organizations where they differ.
	cases []support.Summary
	orgs  map[string]string
	// noCases says why the cases are not shown; "" if they are.
	noCases string
	usage   *storage.Usage
}

// platform is the first page of the people who run the platform.
func (p Pages) platform(v *kit.Visit) error {
	place, err := scope.Find(v, p.Tenants)
	if err != nil {
		return err
	}
	shown := dashboard{path: kit.PlacePath(place)}
	if v.May(identity.RunPlatform, place) {
		msps, err := p.Tenants.MSPs(v.Context(), *v.By)
		if err != nil {
			return err
		}
		orgs, err := p.Directory.Count(v.Context(), *v.By, directory.Scope{}, directory.Query{})
		if err != nil {
			return err
		}
		shown.tiles = []kit.Tile{
			{Number: fmt.Sprint(len(msps)), Label: v.T("MSPs"), Path: "/msps"},
			{Number: fmt.Sprint(orgs.Total), Label: v.T("Direct customers"), Path: "/orgs"},
		}
	}
	if shown.agent = v.May(identity.AnswerCases, identity.AnyDirect()); shown.agent {
		var group errgroup.Group
		var queues *lists.Queues
		group.Go(func() (err error) {
			queues, err = p.queues(v, lists.Scope{})
			return err
		})
		group.Go(func() error { return p.fillLatest(v, &shown, lists.Scope{}) })
		if err := group.Wait(); err != nil {
			return err
		}
		shown.addQueues(v, queues)
		if err := p.nameOrgs(v, &shown); err != nil {
			return err
		}
	}
	return v.Show(platformPage(v.Frame(v.T("The platform")), shown))
}

// msp is the first page of an MSP.
func (p Pages) msp(v *kit.Visit) error {
	place, err := scope.Reached(v, p.Tenants)
	if err != nil {
		return err
	}
	if !v.May(identity.SeeMSP, place) {
		return p.reached(v, place)
	}
	shown, in := dashboard{path: kit.PlacePath(place)}, lists.Scope{MSPID: place.MSPID}
	var group errgroup.Group
	var queues *lists.Queues
	if v.May(identity.AnswerCases, place) {
		group.Go(func() (err error) {
			queues, err = p.queues(v, in)
			return err
		})
	}
	group.Go(func() error { return p.fillCases(v, place, &shown, in) })
	if err := group.Wait(); err != nil {
		return err
	}
	shown.addQueues(v, queues)
	if err := p.nameOrgs(v, &shown); err != nil {
		return err
	}
	return v.Show(placePage(v.Frame(place.Name), shown))
}

// reached is the first page of an MSP for those who reach only its organizations with some labels.
func (p Pages) reached(v *kit.Visit, place identity.Place) error {
	orgs, err := p.Directory.Count(v.Context(), *v.By, directory.Scope{MSPID: place.MSPID}, directory.Query{})
	if err != nil {
		return err
	}
	shown := dashboard{path: kit.PlacePath(place), tiles: []kit.Tile{
		{Number: fmt.Sprint(orgs.Total), Label: v.T("Organizations"), Path: kit.PlacePath(place) + "/orgs"},
	}}
	if v.May(identity.ListCases, place) {
		if err := p.fillLatest(v, &shown, lists.Scope{MSPID: place.MSPID}); err != nil {
			return err
		}
	}
	if err := p.nameOrgs(v, &shown); err != nil {
		return err
	}
	return v.Show(placePage(v.Frame(place.Name), shown))
}

// nameOrgs adds the names of the organizations of the latest cases.
func (p Pages) nameOrgs(v *kit.Visit, shown *dashboard) error {
	var ids []string
	for _, one := range shown.cases {
		ids = append(ids, one.OrgID)
	}
	var err error
	shown.orgs, err = p.Tenants.Names(v.Context(), nil, ids)
	return err
}

// queues counts the queues of an agent; nil if they cannot be counted.
func (p Pages) queues(v *kit.Visit, in lists.Scope) (*lists.Queues, error) {
	queues, err := p.Lists.Queues(v.Context(), *v.By, in)
	if fault.Is(err, fault.Conflict) || fault.Is(err, fault.Unavailable) {
		return nil, nil
	}
	return &queues, err
}

// addQueues adds the queues of an agent, if there are any.
func (shown *dashboard) addQueues(v *kit.Visit, queues *lists.Queues) {
	if queues == nil {
		return
	}
	cases := shown.path + "/cases"
	shown.queues = []kit.Tile{
		{Number: fmt.Sprint(queues.Mine), Label: v.T("Mine"), Path: cases + "?" + kit.MyCases},
		{Number: fmt.Sprint(queues.Unassigned), Label: v.T("Unassigned"), Path: cases + "?assignee=none"},
		{Number: fmt.Sprint(queues.Breaching), Label: v.T("Overdue"), Path: cases + "?due=" + lists.Breached},
	}
}

// fillLatest adds the latest open cases.
func (p Pages) fillLatest(v *kit.Visit, shown *dashboard, in lists.Scope) error {
	page, err := p.Lists.Search(v.Context(), *v.By, in, lists.Query{State: support.OpenList, Limit: recent})
	if fault.Is(err, fault.Unavailable) {
		shown.noCases = v.T("The cases are not available now. Try again in a minute.")
		return nil
	}
	if fault.Is(err, fault.Conflict) {
		shown.noCases = v.T("Your labels have too many organizations to list their cases together. Open those of one.")
		return nil
	}
	shown.cases = page.Lines
	return err
}

// org is the first page of an organization.
func (p Pages) org(v *kit.Visit) error {
	place, err := scope.Find(v, p.Tenants)
	if err != nil {
		return err
	}
	shown := dashboard{path: kit.PlacePath(place)}
	var group errgroup.Group
	group.Go(func() error { return p.fillCases(v, place, &shown, lists.Scope{OrgID: place.OrgID}) })
	group.Go(func() error {
		usage, err := p.Storage.Usage(v.Context(), *v.By, place.OrgID)
		if err == nil {
			shown.usage = &usage
		}
		if fault.Is(err, fault.Forbidden) {
			return nil
		}
		return err
	})
	if err := group.Wait(); err != nil {
		return err
	}
	return v.Show(placePage(v.Frame(place.Name), shown))
}

// fillCases adds the open cases by status and the latest ones. That the index does not answer leaves
// them out, and says so.
func (p Pages) fillCases(v *kit.Visit, place identity.Place, shown *dashboard, in lists.Scope) error {
	if !v.May(identity.SeeCases, place) {
		return nil
	}
	var counts lists.Counts
	group, ctx := errgroup.WithContext(v.Context())
	group.Go(func() (err error) {
		counts, err = p.Lists.Count(ctx, *v.By, in, lists.CountQuery{By: "status", List: support.OpenList})
		return err
	})
	group.Go(func() error {
		page, err := p.Lists.Search(ctx, *v.By, in, lists.Query{State: support.OpenList, Limit: recent})
		shown.cases = page.Lines
		return err
	})
	err := group.Wait()
	if fault.Is(err, fault.Unavailable) {
		shown.noCases = v.T("The cases are not available now. Try again in a minute.")
		return nil
	}
	if err != nil {
		return err
	}
	var open int64
	for _, count := range counts.Counts {
		open += count.Count
	}
	shown.tiles = append(shown.tiles,
		kit.Tile{Number: fmt.Sprint(open), Label: v.T("Open cases"), Path: shown.path + "/cases"})
	for _, count := range counts.Counts {
		shown.tiles = append(shown.tiles, kit.Tile{
			Number: fmt.Sprint(count.Count), Label: kit.Word(v, count.Value),
			Path: shown.path + "/cases?status=" + count.Value,
		})
	}
	return nil
}
