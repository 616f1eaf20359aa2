package health

import (
	"net/url"
	"strings"

	"github.com/google/uuid"

	"github.com/tenantry/tenantry/functions/pages/kit"
	"github.com/tenantry/tenantry/functions/pages/scope"
	"github.com/tenantry/tenantry/shared/fault"
	"github.com/tenantry/tenantry/shared/support/lists"
	"github.com/tenantry/tenantry/shared/tenant"
	"github.com/tenantry/tenantry/shared/tenant/directory"
)

// mostFound is how many places a search for one shows.
const mostFound = 20

// index is the state of the index of a part of the cases.
type index struct {
	lists.IndexState
	scope lists.Scope
	// name is that of the MSP or the organization; "" for the platform's direct customers.
	name string
	// search is typed to find a place, and found what it finds; more is set if there were too many.
	search string
	found  []kit.Link
	more   bool
}

// query returns the part as parameters of an address.
func (i index) query() string {
	values := url.Values{}
	if i.scope.MSPID != "" {
		values.Set("msp_id", i.scope.MSPID)
	}
	if i.scope.OrgID != "" {
		values.Set("org_id", i.scope.OrgID)
	}
	if len(values) == 0 {
		return ""
	}
	return "?" + values.Encode()
}

// index shows the state of the index, and finds places to show it of.
func (p Pages) index(v *kit.Visit) error {
	shown, err := p.readIndex(v)
	if err != nil {
		return err
	}
	if shown.search = strings.TrimSpace(v.Query("search")); shown.search != "" {
		if err := p.find(v, &shown); err != nil {
			return err
		}
	}
	return v.Show(indexPage(v.Frame(v.T("Search index")), shown))
}

// indexState shows the part of the page that the script fetches again and again.
func (p Pages) indexState(v *kit.Visit) error {
	shown, err := p.readIndex(v)
	if err != nil {
		return err
	}
	return v.Show(statePart(v.Frame(v.T("Search index")), shown))
}

// readIndex reads the state of the part that the address names.
func (p Pages) readIndex(v *kit.Visit) (index, error) {
	shown, err := partOf(v)
	if err != nil {
		return index{}, err
	}
	if shown.IndexState, err = p.Lists.IndexState(v.Context(), *v.By, shown.scope); err != nil {
		return index{}, err
	}
	names, err := p.Tenants.Names(v.Context(), []string{shown.scope.MSPID}, []string{shown.scope.OrgID})
	shown.name = names[shown.scope.MSPID] + names[shown.scope.OrgID]
	return shown, err
}

// partOf returns the part that the address or the form names, without its state.
func partOf(v *kit.Visit) (index, error) {
	if err := scope.Platform(v); err != nil {
		return index{}, err
	}
	part := index{scope: lists.Scope{MSPID: v.R.FormValue("msp_id"), OrgID: v.R.FormValue("org_id")}}
	for _, id := range []string{part.scope.MSPID, part.scope.OrgID} {
		if id != "" && uuid.Validate(id) != nil {
			return index{}, fault.Missing()
		}
	}
	return part, nil
}

// find looks for MSPs and direct customers by a part of their name; at an MSP, for its organizations.
func (p Pages) find(v *kit.Visit, shown *index) error {
	add := func(name, parameter, id string) {
		if shown.more = shown.more || len(shown.found) == mostFound; !shown.more {
			shown.found = append(shown.found, kit.Link{Label: name, Path: indexPath + "?" + parameter + "=" + id})
		}
	}
	if shown.scope.MSPID == "" {
		msps, err := p.Tenants.MSPs(v.Context(), *v.By)
		if err != nil {
			return err
		}
		for _, one := range msps {
			if tenant.NameContains(one.Name, shown.search) {
				add(one.Name, "msp_id", one.ID)
			}
		}
	}
	page, err := p.Directory.List(v.Context(), *v.By, directory.Scope{MSPID: shown.scope.MSPID},
		directory.Query{Name: shown.search, Limit: mostFound + 1})
	for _, one := range page.Orgs {
		add(one.Name, "org_id", one.ID)
	}
	return err
}

// askRebuild asks whether a part of the index, or all of it, shall be rebuilt.
func (p Pages) askRebuild(v *kit.Visit) error {
	shown, err := p.readIndex(v)
	if err != nil {
		return err
	}
	v.Trail(kit.Link{Label: v.T("Search index"), Path: indexPath + shown.query()})
	return v.Show(rebuildPage(v.Frame(v.T("Rebuild the search index?")), shown))
}

// rebuild requests a rebuild.
func (p Pages) rebuild(v *kit.Visit) error {
	part, err := partOf(v)
	if err != nil {
		return err
	}
	parts, err := p.Lists.RebuildAll(v.Context(), *v.By, part.scope.OrgID, part.scope.MSPID)
	if err == nil && part.scope == (lists.Scope{}) {
		parts++
		err = p.Directory.RequestRebuild(v.Context(), *v.By)
	}
	if err != nil {
		return err
	}
	v.Done(v.T("%d parts of the index are being rebuilt. Searches use the present index until that is done.", parts))
	return v.GoTo(indexPath + part.query())
}
