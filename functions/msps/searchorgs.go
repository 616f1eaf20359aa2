package msps

import (
	"context"

	"github.com/tenantry/tenantry/functions/endpoint"
	"github.com/tenantry/tenantry/functions/grant"
	"github.com/tenantry/tenantry/functions/orgs"
)

type searchOrgsInput struct {
	ID
	orgs.SearchInput
	LabelID string `query:"orggroup_id" maxLength:"36" doc:"Only organizations with this label."`
}

// searchOrgs searches the organizations of an MSP.
func searchOrgs(s Services) endpoint.Endpoint {
	return endpoint.Get("msps.search_orgs", "/msps/{msp_id}/orgs/search",
		"Search the organizations of an MSP, with cursors for lists of any length",
		func(ctx context.Context, in *searchOrgsInput) (*orgs.SearchOutput, error) {
			return orgs.Search(ctx, s.Directory, in.directory(), in.SearchInput, in.LabelID)
		}).Using(orgs.ListGrants(), grant.On(grant.Audit, grant.Put))
}

type listOrgStatsInput struct {
	ID
	endpoint.Pages
}

type orgStatsOutput struct {
	endpoint.PageHeaders
	Body []orgs.Stats
}

// listOrgStats lists the organizations of an MSP with their numbers.
func listOrgStats(s Services) endpoint.Endpoint {
	return endpoint.Get("msps.list_org_stats", "/msps/{msp_id}/stats/orgs",
		"List the organizations of an MSP with their numbers of open cases, by name",
		func(ctx context.Context, in *listOrgStatsInput) (*orgStatsOutput, error) {
			query := orgs.OfPage(orgs.ListFilter{}.Query(), in.Pages)
			page, err := s.Directory.List(ctx, endpoint.Principal(ctx), in.directory(), query)
			if err != nil {
				return nil, err
			}
			stats, err := orgs.StatsOf(ctx, s.Tenants, s.CaseHandlers.Lists, page.Orgs)
			return &orgStatsOutput{PageHeaders: orgs.Headers(page, in.Pages), Body: stats}, err
		}).Using(orgs.ListGrants(), grant.On(grant.Audit, grant.Put))
}
