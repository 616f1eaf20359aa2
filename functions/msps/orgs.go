package msps

import (
	"context"

	"github.com/tenantry/tenantry/functions/endpoint"
	"github.com/tenantry/tenantry/functions/grant"
	"github.com/tenantry/tenantry/functions/orgs"
)

type createOrgInput struct {
	ID
	orgs.CreateBody
}

// createOrg creates an organization of an MSP.
func createOrg(s Services) endpoint.Endpoint {
	return endpoint.Post("msps.create_org", "/msps/{msp_id}/orgs", "Create an organization of an MSP",
		func(ctx context.Context, in *createOrgInput) (*orgs.Output, error) {
			created, err := s.Tenants.NewOrg(ctx, endpoint.Principal(ctx), in.MSPID, in.Change(ctx))
			if err != nil {
				return nil, err
			}
			return orgs.New(ctx, s.Tenants, created)
		}).Using(grant.On(grant.Core, grant.Query, grant.Put), grant.On(grant.Audit, grant.Put))
}

type listOrgsInput struct {
	ID
	endpoint.Pages
}

// listOrgs lists an MSP's organizations.
func listOrgs(s Services) endpoint.Endpoint {
	return endpoint.Get("msps.list_orgs", "/msps/{msp_id}/orgs", "List an MSP's organizations, by name",
		func(ctx context.Context, in *listOrgsInput) (*orgs.ListOutput, error) {
			all, err := s.Tenants.MSPOrgs(ctx, endpoint.Principal(ctx), in.MSPID)
			if err != nil {
				return nil, err
			}
			return orgs.List(ctx, s.Tenants, all, in.Pages)
		}).Using(grant.On(grant.Core, grant.Query), grant.On(grant.Audit, grant.Put))
}
