package orgs

import (
	"context"

	"github.com/tenantry/tenantry/functions/endpoint"
	"github.com/tenantry/tenantry/functions/grant"
)

// deleteOrg moves an organization to the bin.
func deleteOrg(s Services) endpoint.Endpoint {
	return endpoint.Delete("orgs.delete", "/orgs/{org_id}",
		"Delete an organization; it can be restored for 30 days (super users of its MSP and operators)",
		func(ctx context.Context, in *ID) (*endpoint.Empty, error) {
			_, err := s.Life.Delete(ctx, endpoint.Principal(ctx), in.OrgID)
			return &endpoint.Empty{}, err
		}).NeedsFresh(endpoint.FreshSession).Using(
		grant.On(grant.Core, grant.Count, grant.Delete, grant.Put),
		grant.On(grant.Derived, grant.Get, grant.Put, grant.Delete), grant.On(grant.Audit, grant.Put))
}

// restore brings an organization back from the bin.
func restore(s Services) endpoint.Endpoint {
	return endpoint.Post("orgs.restore", "/orgs/{org_id}/restore",
		"Restore a deleted organization with everything as it was (super users of its MSP and operators)",
		func(ctx context.Context, in *ID) (*Output, error) {
			restored, err := s.Life.Restore(ctx, endpoint.Principal(ctx), in.OrgID)
			if err != nil {
				return nil, err
			}
			return One(ctx, s.Tenants, restored)
		}).Using(
		grant.On(grant.Core, grant.Check, grant.Count, grant.Delete, grant.Get, grant.Put),
		grant.On(grant.Derived, grant.Get, grant.Put),
		grant.On(grant.Audit, grant.Put))
}
