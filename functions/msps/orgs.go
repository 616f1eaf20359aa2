package msps

import (
	"context"

	"github.com/tenantry/tenantry/functions/endpoint"
	"github.com/tenantry/tenantry/functions/grant"
	"github.com/tenantry/tenantry/functions/orgs"
	"github.com/tenantry/tenantry/shared/tenant"
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
		}).Using(grant.On(grant.Core, grant.Check, grant.Count, grant.Get, grant.Query, grant.Put), grant.On(grant.Audit, grant.Put))
}

type listOrgsInput struct {
	ID
	endpoint.Pages
	LabelID string `query:"orggroup_id" maxLength:"36" doc:"Only organizations with this label."`
	Name    string `query:"name" maxLength:"128" doc:"Only organizations with this in their name, however it is capitalized."`
}

// listOrgs lists an MSP's organizations.
func listOrgs(s Services) endpoint.Endpoint {
	return endpoint.Get("msps.list_orgs", "/msps/{msp_id}/orgs", "List an MSP's organizations, by name",
		func(ctx context.Context, in *listOrgsInput) (*orgs.ListOutput, error) {
			all, err := s.Tenants.MSPOrgs(ctx, endpoint.Principal(ctx), in.MSPID,
				tenant.OrgFilter{LabelID: in.LabelID, Name: in.Name})
			if err != nil {
				return nil, err
			}
			return orgs.List(ctx, s.Tenants, all, in.Pages)
		}).Using(grant.On(grant.Core, grant.Query), grant.On(grant.Audit, grant.Put))
}
