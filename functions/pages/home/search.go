package home

import (
	"fmt"
	"net/url"
	"slices"
	"strings"

	"github.com/tenantry/tenantry/functions/pages/kit"
	"github.com/tenantry/tenantry/shared/fault"
	"github.com/tenantry/tenantry/shared/identity"
	"github.com/tenantry/tenantry/shared/support/lists"
	"github.com/tenantry/tenantry/shared/tenant"
)

// groupSize is how many results a group shows, and mostScopes how many of a person's places are
// searched for cases.
const (
	groupSize  = 5
	mostScopes = 5
	// mostMSPs is how many MSPs' organizations are searched for a name.
	mostMSPs = 20
)

// reachable returns the places that the reader sees, with the organizations of their MSPs.
func (p Pages) reachable(v *kit.Visit) ([]place, error) {
	all, err := p.all(v)
	if err != nil {
		return nil, err
	}
	known := map[string]bool{}
	for _, one := range all {
		known[one.ID()] = true
	}
	searched := 0
	for _, one := range all {
		if one.Scope != identity.MSPScope || searched == mostMSPs {
			continue
		}
		searched++
		orgs, err := p.Tenants.MSPOrgs(v.Context(), *v.By, one.MSPID, tenant.OrgFilter{})
		if err != nil {
			return nil, err
		}
		for _, org := range orgs {
			if !known[org.ID] {
				all = append(all, placeOf(v, org.Place()))
			}
		}
	}
	return all, nil
}

// switchPlace goes to the only place with a name, or shows those whose name matches.
func (p Pages) switchPlace(v *kit.Visit) error {
	phrase := strings.TrimSpace(v.Query("q"))
	all, err := p.reachable(v)
	if err != nil {
		return err
	}
	matches := named(all, phrase)
	if len(matches) == 1 {
		return v.GoTo(kit.PlacePath(matches[0].Place))
	}
	var results []result
	if len(matches) > 0 {
		results = append(results, result{heading: v.T("Places"), links: linksTo(matches[:min(len(matches), maxPlaces)])})
	}
	return v.Show(searchPage(v.Frame(v.T("Search")), phrase, results))
}

// search looks for places by name, and for cases by number and words. A number leads to its case.
func (p Pages) search(v *kit.Visit) error {
	phrase := strings.TrimSpace(v.Query("q"))
	if phrase == "" {
		return v.Show(searchPage(v.Frame(v.T("Search")), "", nil))
	}
	all, err := p.reachable(v)
	if err != nil {
		return err
	}
	var results []result
	if matches := named(all, phrase); len(matches) > 0 {
		group := result{heading: v.T("Places"), links: linksTo(matches[:min(len(matches), groupSize)])}
		if len(matches) > groupSize {
			group.more = kit.Link{Label: v.T("All results"), Path: "/switch?q=" + url.QueryEscape(phrase)}
		}
		results = append(results, group)
	}
	found, err := p.cases(v, all, phrase)
	if err != nil {
		return err
	}
	for _, group := range found {
		if group.exact != "" {
			return v.GoTo(group.exact)
		}
		results = append(results, group.result)
	}
	return v.Show(searchPage(v.Frame(v.T("Search")), phrase, results))
}

// caseResult is what was found in one place; exact is the path of the case whose number was asked for.
type caseResult struct {
	result
	exact string
}

// cases searches the cases of the reader's places: those of MSPs first, and of organizations that are not in them.
func (p Pages) cases(v *kit.Visit, all []place, phrase string) ([]caseResult, error) {
	if lists.CheckPhrase(phrase) != nil {
		return nil, nil //nolint:nilerr // the places may match, though no case can
	}
	var found []caseResult
	searched := map[string]bool{}
	for _, one := range all {
		if one.cases == "" || len(searched) == mostScopes || one.Scope == identity.OrgScope && searched[one.MSPID] {
			continue
		}
		scope := lists.Scope{OrgID: one.OrgID}
		if one.Scope == identity.MSPScope {
			scope = lists.Scope{MSPID: one.MSPID}
		}
		searched[one.ID()] = true
		page, err := p.Lists.Search(v.Context(), *v.By, scope,
			lists.Query{Phrase: phrase, AnyList: true, Limit: groupSize + 1})
		if fault.Is(err, fault.Unavailable) {
			continue // the other places may answer
		}
		if err != nil {
			return nil, err
		}
		group := caseResult{result: result{heading: v.T("Cases of %s", one.Name)}}
		for _, line := range page.Lines {
			path := "/orgs/" + line.OrgID + "/cases/" + line.ID
			if fmt.Sprint(line.Number) == strings.TrimPrefix(phrase, "#") {
				group.exact = path
			}
			if len(group.links) < groupSize {
				group.links = append(group.links, kit.Link{
					Label: fmt.Sprintf("%d %s", line.Number, line.Subject), Path: path,
				})
			}
		}
		if len(page.Lines) > groupSize || page.Next != "" {
			group.more = kit.Link{Label: v.T("All results"), Path: one.cases + "?list=all&search=" + url.QueryEscape(phrase)}
		}
		if len(group.links) > 0 {
			found = append(found, group)
		}
	}
	return found, nil
}

// named returns the places whose name contains the phrase; one that equals it stands alone.
func named(all []place, phrase string) []place {
	folded := strings.ToLower(phrase)
	if folded == "" {
		return all
	}
	matches := slices.DeleteFunc(slices.Clone(all), func(one place) bool {
		return !strings.Contains(strings.ToLower(one.Name), folded)
	})
	for _, one := range matches {
		if strings.ToLower(one.Name) == folded {
			return []place{one}
		}
	}
	return matches
}

func linksTo(all []place) []kit.Link {
	links := make([]kit.Link, len(all))
	for i, one := range all {
		links[i] = kit.Link{Label: one.Name, Path: kit.PlacePath(one.Place)}
	}
	return links
}
