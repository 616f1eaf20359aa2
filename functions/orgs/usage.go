package orgs

import (
	"context"

	"github.com/tenantry/tenantry/functions/endpoint"
	"github.com/tenantry/tenantry/functions/grant"
	"github.com/tenantry/tenantry/shared/tenant"
	"github.com/tenantry/tenantry/shared/tenant/storage"
)

// Usage is how much an organization uses up, and how much it may.
type Usage struct {
	Used       int64 `json:"storage_in_bytes" doc:"The files of its cases, and the mails kept with them. Deleted cases count until they are removed for good, 30 days later."`
	Limit      int64 `json:"storage_limit_in_bytes" doc:"Beyond it, files are refused with 507, and mails are stored without their files."`
	Today      int64 `json:"storage_today_in_bytes" doc:"What was stored today (UTC), with announced uploads and reports."`
	DailyLimit int64 `json:"storage_daily_limit_in_bytes"`
}

type usageOutput struct {
	Body Usage
}

func usageOf(u storage.Usage) *usageOutput {
	return &usageOutput{Body: Usage{Used: u.Used, Limit: u.Limit, Today: u.Today, DailyLimit: u.DailyLimit}}
}

// getUsage returns how much an organization uses up.
func getUsage(s Services) endpoint.Endpoint {
	return endpoint.Get("orgs.get_usage", "/orgs/{org_id}/usage",
		"Get how much an organization stores, and how much it may",
		func(ctx context.Context, in *ID) (*usageOutput, error) {
			usage, err := s.Storage.Usage(ctx, endpoint.Principal(ctx), in.OrgID)
			return usageOf(usage), err
		}).Using(grant.On(grant.Audit, grant.Put))
}

type limitsInput struct {
	ID
	Body struct {
		Limit      *int64 `json:"storage_limit_in_bytes,omitempty" minimum:"0" maximum:"1125899906842624" doc:"0 for the limit of the installation."`
		DailyLimit *int64 `json:"storage_daily_limit_in_bytes,omitempty" minimum:"0" maximum:"1125899906842624" doc:"0 for the limit of the installation."`
	}
}

// changeLimits changes how much an organization may use up.
func changeLimits(s Services) endpoint.Endpoint {
	return endpoint.Put("orgs.change_limits", "/orgs/{org_id}/limits",
		"Change how much an organization may store (operators)",
		func(ctx context.Context, in *limitsInput) (*usageOutput, error) {
			usage, err := s.Storage.ChangeLimits(ctx, endpoint.Principal(ctx), in.OrgID,
				tenant.StorageChange{Bytes: in.Body.Limit, DailyBytes: in.Body.DailyLimit})
			return usageOf(usage), err
		}).Using(grant.On(grant.Core, grant.Put), grant.On(grant.Audit, grant.Put))
}
