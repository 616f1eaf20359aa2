package orgs

import (
	"context"

	"github.com/tenantry/tenantry/functions/endpoint"
	"github.com/tenantry/tenantry/functions/grant"
)

type mspInput struct {
	ID
	Body struct {
		MSPID string `json:"msp_id" maxLength:"36" doc:"The MSP that is to manage a direct customer; empty to make the organization a direct customer."`
	}
}

// changeMSP assigns an organization to an MSP, or takes it off its MSP.
func changeMSP(s Services) endpoint.Endpoint {
	return endpoint.Put("orgs.change_msp", "/orgs/{org_id}/msp",
		"Assign an organization to an MSP or make it a direct customer "+
			"(own administrators who are super users of the MSP too, and operators)",
		func(ctx context.Context, in *mspInput) (*Output, error) {
			changed, err := s.Tenants.ChangeProvider(ctx, endpoint.Principal(ctx), in.OrgID, in.Body.MSPID)
			if err != nil {
				return nil, err
			}
			return One(ctx, s.Tenants, changed)
		}).NeedsFresh(endpoint.FreshSession).Using(MoveGrants())
}

// MoveGrants are what it takes to give an organization another provider.
func MoveGrants() grant.Grants {
	return grant.Union(
		grant.On(grant.Core, grant.Count, grant.Delete, grant.Get, grant.Query, grant.Put),
		grant.On(grant.Derived, grant.Get, grant.Put, grant.Delete),
		grant.On(grant.Audit, grant.Put),
	)
}
