package platform

import (
	"context"

	"github.com/tenantry/tenantry/functions/endpoint"
	"github.com/tenantry/tenantry/functions/grant"
	"github.com/tenantry/tenantry/functions/orgs"
)

// listDeletedOrgs lists the deleted organizations of the installation.
func listDeletedOrgs(s Services) endpoint.Endpoint {
	return endpoint.Get("platform.list_deleted_orgs", "/platform/orgs/deleted",
		"List the deleted organizations of all MSPs and the deleted direct customers (operators)",
		func(ctx context.Context, in *endpoint.Cursor) (*orgs.BinOutput, error) {
			return orgs.Bin(ctx, s.Tenants, "", *in)
		}).Using(grant.On(grant.Audit, grant.Put), grant.On(grant.Core, grant.Query))
}
