package orgs

import (
	"context"

	"github.com/tenantry/tenantry/functions/endpoint"
	"github.com/tenantry/tenantry/functions/grant"
)

// create makes a direct customer's organization.
func create(s Services) endpoint.Endpoint {
	return endpoint.Post("orgs.create", "/orgs", "Create an organization of a direct customer (operators)",
		func(ctx context.Context, in *CreateBody) (*Output, error) {
			created, err := s.Tenants.NewOrg(ctx, endpoint.Principal(ctx), "", in.Change(ctx))
			if err != nil {
				return nil, err
			}
			return New(ctx, s.Tenants, created)
		}).Using(CreateGrants())
}

type cloneInput struct {
	ID
	Body struct {
		Name string `json:"name" minLength:"1" maxLength:"128" pattern:"^[^\\x00-\\x1f\\x7f-\\x9f]*$" patternDescription:"one line without control characters"`
	}
}

// clone creates an organization like another one.
func clone(s Services) endpoint.Endpoint {
	return endpoint.Post("orgs.clone", "/orgs/{org_id}/clone",
		"Create an organization with the settings, session expiry and labels of another of the same MSP",
		func(ctx context.Context, in *cloneInput) (*Output, error) {
			created, err := s.Tenants.CloneOrg(ctx, endpoint.Principal(ctx), in.OrgID, in.Body.Name)
			if err != nil {
				return nil, err
			}
			return New(ctx, s.Tenants, created)
		}).WithUnknown(endpoint.IgnoreUnknown).Using(
		grant.On(grant.Core, grant.Check, grant.Get), CreateGrants())
}
