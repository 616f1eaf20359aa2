package msps

import (
	"context"

	"github.com/tenantry/tenantry/functions/endpoint"
	"github.com/tenantry/tenantry/functions/grant"
)

// deleteMSP deletes an MSP.
func deleteMSP(s Services) endpoint.Endpoint {
	return endpoint.Delete("msps.delete", "/msps/{msp_id}",
		"Delete an MSP that has no organizations any more; accounts stay, roles in it end (operators)",
		func(ctx context.Context, in *ID) (*endpoint.Empty, error) {
			return &endpoint.Empty{}, s.Life.DeleteMSP(ctx, endpoint.Principal(ctx), in.MSPID)
		}).NeedsFresh(endpoint.FreshSession).Using(
		grant.On(grant.Core, grant.Query, grant.Count, grant.Delete, grant.Put), grant.On(grant.Audit, grant.Put))
}
