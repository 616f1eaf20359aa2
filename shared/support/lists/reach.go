package lists

import (
	"context"
	"maps"

	"github.com/tenantry/tenantry/shared/fault"
	"github.com/tenantry/tenantry/shared/identity"
	"github.com/tenantry/tenantry/shared/search"
	"github.com/tenantry/tenantry/shared/support"
)

// maxReached is how many organizations a search looks for by name.
const maxReached = 60

// searchReached is Search for principals who reach the organizations of an MSP by labels. It searches for
// cases of these organizations alone, so that neither what is found nor where a page ends tells of others;
// a fault of code Conflict if they are too many to be named.
func (s *Service) searchReached(
	ctx context.Context, by identity.Principal, scope Scope, query Query, labels []string,
) (Page, error) {
	admission, err := s.admitReached(ctx, by, scope, query, labels)
	if err != nil {
		return Page{}, err
	}
	if err := admission.check(scope, query); err != nil {
		return Page{}, err
	}
	narrow := query
	narrow.Filters = maps.Clone(query.Filters)
	if narrow.Filters == nil {
		narrow.Filters = map[string][]string{}
	}
	narrow.Filters[byOrg] = nil
	for id := range admission.Only {
		narrow.Filters[byOrg] = append(narrow.Filters[byOrg], id)
	}
	page := Page{Exact: true}
	if len(admission.Only) > 0 {
		if narrow.values() > search.MostValues-mostStates {
			return Page{}, fault.InField("query", "has too many values in all filters together: leave some out")
		}
		if page, err = s.foundPage(ctx, scope, narrow, admission); err != nil {
			return Page{}, err
		}
	}
	page.Masked, page.Lines = admission.masked(), admission.Show(page.Lines)
	page.IndexedUntil, page.Lags = 0, false // of the whole MSP
	return page, nil
}

// admitReached is admit for principals who reach the organizations of an MSP by labels: those that a query
// names, or else all.
func (s *Service) admitReached(
	ctx context.Context, by identity.Principal, scope Scope, query Query, labels []string,
) (Admission, error) {
	msp, err := s.tenants.MSP(ctx, by, scope.MSPID, identity.ListCases)
	if err != nil {
		return Admission{}, err
	}
	if query.State == support.DeletedList {
		return Admission{}, by.Check(identity.DeleteCases, msp.Place())
	}
	named := support.Distinct(query.Filters[byOrg])
	if len(named) == 0 {
		if named, err = s.tenants.Reached(ctx, msp.ID, labels, maxReached); err != nil {
			return Admission{}, err
		}
	}
	if len(named) > maxReached {
		return Admission{}, fault.New(fault.Conflict,
			"Your labels have more than %d organizations, too many to list their cases together: "+
				"choose up to %d of them, or open the cases of one.", maxReached, maxReached)
	}
	orgs, err := s.tenants.LoadOrgs(ctx, named)
	if err != nil {
		return Admission{}, err
	}
	admission := Admission{
		Place: msp.Place(), MSPID: msp.ID, Agent: true, Reader: support.Reader{ID: by.UserID, Agent: true},
		Only: map[string]bool{}, Masked: map[string]int64{},
	}
	for _, org := range orgs {
		if org.MSPID != msp.ID || !by.May(identity.SeeCases, org.Place()) {
			continue
		}
		admission.Only[org.ID] = true
		if !by.May(identity.SeePersonalData, org.Place()) {
			admission.Masked[org.ID] = 0
		}
	}
	return admission, nil
}
