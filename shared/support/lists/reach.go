package lists

import (
	"context"
	"maps"
	"slices"

	"github.com/tenantry/tenantry/shared/identity"
	"github.com/tenantry/tenantry/shared/search"
	"github.com/tenantry/tenantry/shared/support"
)

// maxReached is how many organizations a search looks for by name. Of people whose labels more have, it
// looks at all cases of the MSP, and there is no total.
const maxReached = 60

// searchReached is Search for principals who reach the organizations of an MSP by labels.
func (s *Service) searchReached(
	ctx context.Context, by identity.Principal, scope Scope, query Query, labels []string,
) (Page, error) {
	admission, err := s.admitReached(ctx, by, scope, query.State, labels)
	if err != nil {
		return Page{}, err
	}
	if err := admission.check(scope, query); err != nil {
		return Page{}, err
	}
	narrow, found := query, true
	named := len(admission.Only) <= maxReached && len(admission.Only)+query.values() <= search.MostValues-mostStates
	if named {
		narrow.Filters = maps.Clone(query.Filters)
		if narrow.Filters == nil {
			narrow.Filters = map[string][]string{}
		}
		narrow.Filters[byOrg] = admission.reached(query.Filters[byOrg])
		found = len(narrow.Filters[byOrg]) > 0
	}
	page := Page{Exact: true}
	if found {
		if page, err = s.foundPage(ctx, scope, narrow, admission); err != nil {
			return Page{}, err
		}
	}
	if query.After == "" && query.doubtful(page) {
		if err := s.checkValues(ctx, scope, query, admission.MSPID); err != nil {
			return Page{}, err
		}
	}
	page.Masked, page.Lines = admission.masked(), admission.Show(page.Lines)
	if !named {
		page.Total, page.Exact = 0, false
	}
	return page, nil
}

// reached returns those of some organizations that the principal reaches; all that the principal reaches
// for none.
func (a Admission) reached(orgIDs []string) []string {
	if len(orgIDs) == 0 {
		return slices.Sorted(maps.Keys(a.Only))
	}
	return slices.DeleteFunc(support.Distinct(orgIDs), func(id string) bool { return !a.Only[id] })
}

// admitReached is admit for principals who reach the organizations of an MSP by labels.
func (s *Service) admitReached(
	ctx context.Context, by identity.Principal, scope Scope, state support.State, labels []string,
) (Admission, error) {
	msp, err := s.tenants.MSP(ctx, by, scope.MSPID, identity.ListCases)
	if err != nil {
		return Admission{}, err
	}
	admission := Admission{
		Place: msp.Place(), MSPID: msp.ID, Agent: true, Reader: support.Reader{ID: by.UserID, Agent: true},
	}
	if state == support.DeletedList {
		return Admission{}, by.Check(identity.DeleteCases, msp.Place())
	}
	withheld, err := s.tenants.WithheldAt(ctx, by, msp.Place(), identity.SeeCases, identity.SeePersonalData)
	if err != nil {
		return Admission{}, err
	}
	if admission.Only, err = s.tenants.Reached(ctx, msp.ID, labels); err != nil {
		return Admission{}, err
	}
	admission.Masked = withheld[1]
	maps.DeleteFunc(admission.Only, func(id string, _ bool) bool {
		_, hidden := withheld[0][id]
		return hidden
	})
	return admission, nil
}
