package msps

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
	logs.OrgsInput
}

type countLogsInput struct {
	ID
	Distinct string `query:"distinct" enum:"admin_id,admin_name,message,org_id" default:"admin_name" doc:"The field to group by."`
	logs.CountInput
	logs.OrgsInput
}

// countLogs counts the entries of an MSP's audit log, which includes those of its organizations.
func countLogs(s Services) endpoint.Endpoint {
	return endpoint.Get("msps.count_logs", "/msps/{msp_id}/logs/count",
		"Count the entries of the audit log of an MSP and its organizations by a field",
		func(ctx context.Context, in *countLogsInput) (*logs.CountOutput, error) {
			by := endpoint.Principal(ctx)
			msp, err := s.Tenants.MSP(ctx, by, in.MSPID, identity.SeeAudit)
			if err != nil {
				return nil, err
			}
			return logs.AnswerCount(ctx, in.CountInput, in.Distinct,
				func(search logs.Search, value func(logs.Entry) string) (logs.Counts, error) {
					return s.Log.CountAt(ctx, by, msp.Place(), in.Of(search), value)
				})
		}).ReadsMuch().Using(grant.On(grant.Core, grant.Query), grant.On(grant.Audit, grant.Query, grant.Put))
}

// listLogs searches an MSP's audit log, which includes the entries of its organizations.
func listLogs(s Services) endpoint.Endpoint {
	return endpoint.Get("msps.list_logs", "/msps/{msp_id}/logs", "Search the audit log of an MSP and its organizations",
		func(ctx context.Context, in *logsInput) (*logs.Output, error) {
			by := endpoint.Principal(ctx)
			msp, err := s.Tenants.MSP(ctx, by, in.MSPID, identity.SeeAudit)
			if err != nil {
				return nil, err
			}
			return logs.Answer(ctx, &in.Input, in.PortalInput, func(search logs.Search) (logs.Page, error) {
				return s.Log.At(ctx, by, msp.Place(), in.Of(search))
			})
		}).ReadsMuch().Using(grant.On(grant.Core, grant.Query), grant.On(grant.Audit, grant.Query, grant.Put))
}
