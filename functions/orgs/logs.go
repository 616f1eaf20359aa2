package orgs

import (
	"context"

	"github.com/tenantry/tenantry/functions/endpoint"
	"github.com/tenantry/tenantry/functions/grant"
	"github.com/tenantry/tenantry/functions/logs"
	"github.com/tenantry/tenantry/shared/identity"
)

type logsInput struct {
	ID
	logs.Input
	logs.PortalInput
}

// searchLogs and listLogs search an organization's audit log; clients know both paths.
func searchLogs(s Services) endpoint.Endpoint {
	return logsEndpoint(s, "orgs.search_logs", "/logs/search")
}

func listLogs(s Services) endpoint.Endpoint { return logsEndpoint(s, "orgs.list_logs", "/logs") }

func logsEndpoint(s Services, name, path string) endpoint.Endpoint {
	return endpoint.Get(name, "/orgs/{org_id}"+path, "Search the audit log of an organization",
		func(ctx context.Context, in *logsInput) (*logs.Output, error) {
			by := endpoint.Principal(ctx)
			org, err := s.Tenants.Org(ctx, by, in.OrgID, identity.SeeAudit)
			if err != nil {
				return nil, err
			}
			return logs.Answer(ctx, &in.Input, in.PortalInput, func(search logs.Search) (logs.Page, error) {
				return s.Log.At(ctx, by, org.Place(), search)
			})
		}).Using(grant.On(grant.Audit, grant.Query, grant.Put))
}
