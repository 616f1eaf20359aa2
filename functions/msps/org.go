package msps

import (
	"context"

	"github.com/tenantry/tenantry/functions/endpoint"
	"github.com/tenantry/tenantry/functions/grant"
	"github.com/tenantry/tenantry/functions/orgs"
	"github.com/tenantry/tenantry/shared/fault"
	"github.com/tenantry/tenantry/shared/identity"
	"github.com/tenantry/tenantry/shared/tenant"
)

// OrgOf names an organization of an MSP in the path.
type OrgOf struct {
	ID
	OrgID string `path:"org_id" format:"uuid"`
}

// org reads the organization, for those who see the MSP. One of another MSP does not exist here.
func (s Services) org(ctx context.Context, in OrgOf) (tenant.Org, error) {
	by := endpoint.Principal(ctx)
	msp := identity.Place{Scope: identity.MSPScope, MSPID: in.MSPID}
	if err := by.Check(identity.ListOrgs, msp); err != nil {
		return tenant.Org{}, err
	}
	org, err := s.Tenants.Org(ctx, by, in.OrgID, identity.SeeOrg)
	if err == nil && org.MSPID != in.MSPID {
		err = fault.Missing()
	}
	return org, err
}

// getOrg reads an organization of an MSP.
func getOrg(s Services) endpoint.Endpoint {
	return endpoint.Get("msps.get_org", "/msps/{msp_id}/orgs/{org_id}", "Read an organization of an MSP",
		func(ctx context.Context, in *OrgOf) (*orgs.Output, error) {
			org, err := s.org(ctx, *in)
			if err != nil {
				return nil, err
			}
			return orgs.One(ctx, s.Tenants, org)
		}).Using(grant.On(grant.Audit, grant.Put))
}

type changeOrgInput struct {
	OrgOf
	orgs.ChangeBody
}

// changeOrg changes an organization of an MSP.
func changeOrg(s Services) endpoint.Endpoint {
	return endpoint.Put("msps.change_org", "/msps/{msp_id}/orgs/{org_id}", "Change an organization of an MSP",
		func(ctx context.Context, in *changeOrgInput) (*orgs.Output, error) {
			if _, err := s.org(ctx, in.OrgOf); err != nil {
				return nil, err
			}
			changed, err := s.Tenants.ChangeOrg(ctx, endpoint.Principal(ctx), in.OrgID, in.Request(ctx))
			if err != nil {
				return nil, err
			}
			return orgs.One(ctx, s.Tenants, changed)
		}).NeedsFresh(endpoint.FreshByRule).Using(orgs.ChangeGrants())
}
