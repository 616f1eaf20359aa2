package tenants

import (
	"fmt"

	"github.com/tenantry/tenantry/functions/pages/kit"
	"github.com/tenantry/tenantry/functions/pages/scope"
	"github.com/tenantry/tenantry/shared/fault"
	"github.com/tenantry/tenantry/shared/identity"
	"github.com/tenantry/tenantry/shared/support"
	"github.com/tenantry/tenantry/shared/support/lists"
	"github.com/tenantry/tenantry/shared/tenant/storage"
)

// recent is how many cases a first page shows.
const recent = 5

// dashboard is the first page of a place.
type dashboard struct {
	path  string
	tiles []kit.Tile
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
		orgs, err := p.Tenants.Orgs(v.Context(), *v.By)
		if err != nil {
			return err
		}
		shown.tiles = []kit.Tile{
			{Number: fmt.Sprint(len(msps)), Label: v.T("MSPs"), Path: "/msps"},
			{Number: fmt.Sprint(len(orgs)), Label: v.T("Direct customers"), Path: "/orgs"},
		}
	}
	return v.Show(platformPage(v.Frame(v.T("The platform")), shown))
}

// msp is the first page of an MSP.
func (p Pages) msp(v *kit.Visit) error {
	place, err := scope.Find(v, p.Tenants)
	if err != nil {
		return err
	}
	shown := dashboard{path: kit.PlacePath(place)}
	if err := p.fillCases(v, place, &shown, lists.Scope{MSPID: place.MSPID}); err != nil {
		return err
	}
	var ids []string
	for _, one := range shown.cases {
		ids = append(ids, one.OrgID)
	}
	if shown.orgs, err = p.Tenants.Names(v.Context(), nil, ids); err != nil {
		return err
	}
	return v.Show(placePage(v.Frame(place.Name), shown))
}

// org is the first page of an organization.
func (p Pages) org(v *kit.Visit) error {
	place, err := scope.Find(v, p.Tenants)
	if err != nil {
		return err
	}
	shown := dashboard{path: kit.PlacePath(place)}
	if err := p.fillCases(v, place, &shown, lists.Scope{OrgID: place.OrgID}); err != nil {
		return err
	}
	if usage, err := p.Storage.Usage(v.Context(), *v.By, place.OrgID); err == nil {
		shown.usage = &usage
	} else if !fault.Is(err, fault.Forbidden) {
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
	counts, err := p.Lists.Count(v.Context(), *v.By, in, lists.CountQuery{By: "status", List: support.OpenList})
	if err == nil {
		var page lists.Page
		page, err = p.Lists.Search(v.Context(), *v.By, in, lists.Query{State: support.OpenList, Limit: recent})
		shown.cases = page.Lines
	}
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
