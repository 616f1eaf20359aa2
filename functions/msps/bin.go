package msps

import (
	"context"

	"github.com/tenantry/tenantry/functions/endpoint"
	"github.com/tenantry/tenantry/functions/grant"
	"github.com/tenantry/tenantry/functions/orgs"
)

type binInput struct {
	ID
	endpoint.Cursor
}

// listDeletedOrgs lists the deleted organizations of an MSP.
func listDeletedOrgs(s Services) endpoint.Endpoint {
	return endpoint.Get("msps.list_deleted_orgs", "/msps/{msp_id}/orgs/deleted",
		"List an MSP's deleted organizations that can still be restored",
		func(ctx context.Context, in *binInput) (*orgs.BinOutput, error) {
			return orgs.Bin(ctx, s.Tenants, in.MSPID, in.Cursor)
		}).Using(grant.On(grant.Core, grant.Query), grant.On(grant.Audit, grant.Put))
}
