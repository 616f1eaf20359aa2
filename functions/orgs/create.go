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
		}).Using(grant.On(grant.Core, grant.Query, grant.Put), grant.On(grant.Audit, grant.Put))
}
