package home

import (
	"fmt"
	"net/url"
	"strings"

	"github.com/tenantry/tenantry/functions/pages/kit"
	"github.com/tenantry/tenantry/shared/fault"
	"github.com/tenantry/tenantry/shared/identity"
	"github.com/tenantry/tenantry/shared/search"
	"github.com/tenantry/tenantry/shared/support/lists"
	"github.com/tenantry/tenantry/shared/tenant"
	"github.com/tenantry/tenantry/shared/tenant/directory"
)

// groupSize is how many results a group shows, and mostScopes how many of a person's places are
// searched for cases.
const (
	groupSize  = 5
	mostScopes = 5
	// mostMSPs is how many MSPs' organizations are searched for a name.
	mostMSPs = 20
)

// named returns the places that the reader sees whose name has a phrase, at most maxPlaces of each of their
// MSPs; all is what they see by their own privileges. One whose name is the phrase stands alone.
func (p Pages) named(v *kit.Visit, phrase string) (matches, all []place, err error) {
	all, _, err = p.all(v)
	if err != nil {
		return nil, nil, err
	}
	known := map[string]bool{}
	for _, one := range all {
		if tenant.NameContains(one.Name, phrase) {
			matches, known[one.ID()] = append(matches, one), true
		}
	}
	for _, scope := range searchedScopes(v, all) {
		page, err := p.Directory.List(v.Context(), *v.By, scope, directory.Query{Name: phrase, Limit: maxPlaces})
		if err != nil {
			return nil, nil, err
		}
		for _, org := range page.Orgs {
			if !known[org.ID] {
				matches, known[org.ID] = append(matches, placeOf(v, org.Place())), true
			}
		}
	}
	for _, one := range matches {
		if search.Fold(one.Name) == search.Fold(phrase) {
			return []place{one}, all, nil
		}
	}
	return matches, all, nil
}

// searchedScopes returns where organizations are looked for: all of them for an operator, else those of the
// reader's MSPs.
func searchedScopes(v *kit.Visit, all []place) []directory.Scope {
	if v.May(identity.RunPlatform, identity.ThePlatform()) {
		return []directory.Scope{{All: true}}
	}
	var scopes []directory.Scope
	for _, one := range all {
		if one.Scope == identity.MSPScope && len(scopes) < mostMSPs {
			scopes = append(scopes, directory.Scope{MSPID: one.MSPID})
		}
	}
	return scopes
}

// switchPlace goes to the only place with a name, or shows those whose name matches.
func (p Pages) switchPlace(v *kit.Visit) error {
	phrase := strings.TrimSpace(v.Query("q"))
	matches, _, err := p.named(v, phrase)
	if err != nil {
		return err
	}
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
	matches, all, err := p.named(v, phrase)
	if err != nil {
		return err
	}
	var results []result
	if len(matches) > 0 {
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
		covered := one.Scope == identity.OrgScope && searched[one.MSPID] && !limited(v, one.MSPID)
		if one.cases == "" || len(searched) == mostScopes || covered {
			continue
		}
		scope := lists.Scope{OrgID: one.OrgID}
		if one.Scope == identity.MSPScope {
			scope = lists.Scope{MSPID: one.MSPID}
		}
		searched[one.ID()] = true
		page, err := p.Lists.Search(v.Context(), *v.By, scope,
			lists.Query{Phrase: phrase, AnyList: true, Limit: groupSize + 1})
		if fault.Is(err, fault.Unavailable) || fault.Is(err, fault.Conflict) {
			continue // the other places may answer; a label may have too many organizations
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

// limited reports whether the reader reaches only some organizations of an MSP.
func limited(v *kit.Visit, mspID string) bool {
	_, only := v.By.LimitedTo(identity.SeeCases, mspID)
	return only
}

func linksTo(all []place) []kit.Link {
	links := make([]kit.Link, len(all))
	for i, one := range all {
		links[i] = kit.Link{Label: one.Name, Path: kit.PlacePath(one.Place)}
	}
	return links
}
