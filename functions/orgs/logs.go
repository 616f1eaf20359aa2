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

type countLogsInput struct {
	ID
	Distinct string `query:"distinct" enum:"admin_id,admin_name,message,site_id" default:"admin_name" doc:"The field to group by."`
	logs.CountInput
}

// countLogs counts the entries of an organization's audit log.
func countLogs(s Services) endpoint.Endpoint {
	return endpoint.Get("orgs.count_logs", "/orgs/{org_id}/logs/count",
		"Count the entries of an organization's audit log by a field",
		func(ctx context.Context, in *countLogsInput) (*logs.CountOutput, error) {
			by := endpoint.Principal(ctx)
			org, err := s.Tenants.Org(ctx, by, in.OrgID, identity.SeeAudit)
			if err != nil {
				return nil, err
			}
			return logs.AnswerCount(ctx, in.CountInput, in.Distinct,
				func(search logs.Search, value func(logs.Entry) string) (logs.Counts, error) {
					return s.Log.CountAt(ctx, by, org.Place(), search, value)
				})
		}).ReadsMuch().Using(grant.On(grant.Audit, grant.Query, grant.Put))
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
		}).ReadsMuch().Using(grant.On(grant.Audit, grant.Query, grant.Put))
}
