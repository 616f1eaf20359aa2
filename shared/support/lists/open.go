package lists

import (
	"context"

	"github.com/tenantry/tenantry/shared/identity"
	"github.com/tenantry/tenantry/shared/search"
	"github.com/tenantry/tenantry/shared/support/desk"
	"github.com/tenantry/tenantry/shared/tenant"
)

// OpenCases returns how many cases are open in each of some organizations, by ID, with one request for each
// hundred of a provider. It leaves out the organizations whose cases the principal may not see.
func (s *Service) OpenCases(ctx context.Context, by identity.Principal, orgs []tenant.Org) (map[string]int64, error) {
	terms := map[string][]search.Term{}
	for _, org := range orgs {
		if by.May(identity.SeeCases, org.Place()) {
			space := desk.Partition(org.MSPID)
			terms[space] = append(terms[space], search.Term{Field: openCases + byOrg, Value: org.ID})
		}
	}
	open := make(map[string]int64, len(orgs))
	for space, of := range terms {
		counts, err := s.index.CountsOf(ctx, space, of)
		if err != nil {
			return nil, err
		}
		for i, term := range of {
			open[term.Value] = counts[i]
		}
	}
	return open, nil
}
