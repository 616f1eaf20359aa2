package msps

import (
	"context"

	"github.com/tenantry/tenantry/functions/endpoint"
	"github.com/tenantry/tenantry/functions/grant"
	"github.com/tenantry/tenantry/functions/orgs"
	"github.com/tenantry/tenantry/shared/tenant/directory"
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
		}).Using(grant.On(grant.Core, grant.Check, grant.Get), orgs.CreateGrants())
}

type listOrgsInput struct {
	ID
	endpoint.Pages
	orgs.ListFilter
	LabelID string `query:"orggroup_id" maxLength:"36" doc:"Only organizations with this label."`
}

// listOrgs lists an MSP's organizations.
func listOrgs(s Services) endpoint.Endpoint {
	return endpoint.Get("msps.list_orgs", "/msps/{msp_id}/orgs", "List an MSP's organizations",
		func(ctx context.Context, in *listOrgsInput) (*orgs.ListOutput, error) {
			query := orgs.OfPage(in.Query(), in.Pages)
			query.LabelID = in.LabelID
			page, err := s.Directory.List(ctx, endpoint.Principal(ctx), in.directory(), query)
			if err != nil {
				return nil, err
			}
			return orgs.List(ctx, s.Tenants, page, in.Pages)
		}).Using(orgs.ListGrants(), grant.On(grant.Audit, grant.Put))
}

// directory returns the MSP's organizations as a scope of the directory.
func (i ID) directory() directory.Scope { return directory.Scope{MSPID: i.MSPID} }
