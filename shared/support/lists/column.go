package lists

import (
	"context"
	"strconv"

	"github.com/tenantry/tenantry/shared/fault"
	"github.com/tenantry/tenantry/shared/identity"
	"github.com/tenantry/tenantry/shared/support"
	"github.com/tenantry/tenantry/shared/tenant"
	"github.com/tenantry/tenantry/shared/tenant/export"
)

// OpenCasesColumn is the column of exported organizations with the number of open cases. It is empty
// where the principal does not see the cases.
func (s *Service) OpenCasesColumn() export.Column {
	return export.Column{Name: "open_cases", Begin: s.openCases}
}

func (s *Service) openCases(
	ctx context.Context, by identity.Principal, mspID string,
) (export.Values, error) {
	scope := Scope{MSPID: mspID}
	admission, err := s.admit(ctx, by, scope, "")
	if fault.Is(err, fault.Forbidden) || fault.Is(err, fault.NotFound) {
		return noCounts, nil
	}
	if err != nil {
		return nil, err
	}
	counts, err := s.Count(ctx, by, scope, CountQuery{By: byOrg, List: support.OpenList})
	if fault.Is(err, fault.Conflict) { // too many organizations withhold their cases
		return noCounts, nil
	}
	if err != nil {
		return nil, err
	}
	numbers := make(map[string]int64, len(counts.Counts))
	for _, count := range counts.Counts {
		numbers[count.Value] = count.Count
	}
	whole := len(counts.Counts) < maxCounts
	return func(_ context.Context, orgs []tenant.Org) ([]string, error) {
		values := make([]string, len(orgs))
		for i, org := range orgs {
			if number, counted := numbers[org.ID]; !admission.withholds(org.ID) && (counted || whole) {
				values[i] = strconv.FormatInt(number, 10)
			}
		}
		return values, nil
	}, nil
}

// noCounts are the values for those who do not see the cases.
func noCounts(_ context.Context, orgs []tenant.Org) ([]string, error) {
	return make([]string, len(orgs)), nil
}
