package msps

import (
	"context"

	"github.com/tenantry/tenantry/functions/cases"
	"github.com/tenantry/tenantry/functions/endpoint"
	"github.com/tenantry/tenantry/functions/grant"
)

type listCasesInput struct {
	ID
	endpoint.Cursor
	cases.StatusFilter
}

// listCases lists the cases of all organizations of an MSP, for its agents.
func listCases(s Services) endpoint.Endpoint {
	return endpoint.Get("msps.cases", "/msps/{msp_id}/cases", "List the cases of all organizations of an MSP, the newest change first",
		func(ctx context.Context, in *listCasesInput) (*cases.ListOutput, error) {
			filter, err := in.Filter(ctx, in.Cursor)
			if err != nil {
				return nil, err
			}
			found, err := s.Desk.MSPCases(ctx, endpoint.Principal(ctx), in.MSPID, filter)
			if err != nil {
				return nil, err
			}
			return cases.List(ctx, found, in.Limit), nil
		}).Using(grant.On(grant.Core, grant.Query), grant.On(grant.Audit, grant.Put))
}
