package msps

import (
	"context"

	"github.com/tenantry/tenantry/functions/endpoint"
	"github.com/tenantry/tenantry/functions/orgs"
)

type assignInput struct {
	ID
	Body struct {
		Op     string   `json:"op" enum:"assign,unassign" doc:"assign makes direct customers organizations of the MSP; unassign makes its organizations direct customers."`
		OrgIDs []string `json:"org_ids" minItems:"1" maxItems:"100" doc:"The organizations. Those that are there already stay as they are; one of another MSP is 409, and then none is changed."`
	}
}

// assignOrgs makes direct customers organizations of an MSP, or the other way round.
func assignOrgs(s Services) endpoint.Endpoint {
	return endpoint.Put("msps.assign_orgs", "/msps/{msp_id}/orgs",
		"Assign direct customers to an MSP, or make its organizations direct customers "+
			"(super users of the MSP who are own administrators of the organizations, and operators)",
		func(ctx context.Context, in *assignInput) (*endpoint.Empty, error) {
			change := s.Tenants.Assign
			if in.Body.Op == "unassign" {
				change = s.Tenants.Unassign
			}
			return &endpoint.Empty{}, change(ctx, endpoint.Principal(ctx), in.MSPID, in.Body.OrgIDs)
		}).NeedsFresh(endpoint.FreshSession).Using(orgs.MoveGrants())
}
