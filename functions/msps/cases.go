package msps

import (
	"context"

	"github.com/tenantry/tenantry/functions/cases"
	"github.com/tenantry/tenantry/functions/endpoint"
	"github.com/tenantry/tenantry/functions/grant"
	"github.com/tenantry/tenantry/functions/jobs"
	"github.com/tenantry/tenantry/shared/support/lists"
)

func (i ID) scope() lists.Scope { return lists.Scope{MSPID: i.MSPID} }

type listCasesInput struct {
	ID
	endpoint.Cursor
	cases.ConsoleFilter
	OrgID []string `query:"org_id,explode" maxItems:"50" doc:"Only cases of these organizations."`
}

// listCases lists the cases of all organizations of an MSP, for its agents.
func listCases(s Services) endpoint.Endpoint {
	return endpoint.Get("msps.list_cases", "/msps/{msp_id}/cases",
		"List, filter and search the cases of all organizations of an MSP",
		func(ctx context.Context, in *listCasesInput) (*cases.ListOutput, error) {
			return s.CaseHandlers.Console(ctx, in.scope(), in.ConsoleFilter, in.OrgID, in.Cursor)
		}).
		Using(cases.ConsoleGrants())
}

type countCasesInput struct {
	ID
	cases.CountFilter
}

// countCases counts the cases of all organizations of an MSP.
func countCases(s Services) endpoint.Endpoint {
	return endpoint.Get("msps.count_cases", "/msps/{msp_id}/cases/count",
		"Count the cases of all organizations of an MSP by a field, by agent, organization, age or day",
		func(ctx context.Context, in *countCasesInput) (*cases.CountOutput, error) {
			return s.CaseHandlers.Count(ctx, in.scope(), in.CountFilter)
		}).
		Using(cases.CountGrants())
}

// countOpenCases counts the open cases of each organization of an MSP.
func countOpenCases(s Services) endpoint.Endpoint {
	return endpoint.Get("msps.count_open_cases", "/msps/{msp_id}/cases/open",
		"Count the open cases of each organization of an MSP",
		func(ctx context.Context, in *ID) (*cases.CountOutput, error) {
			return s.CaseHandlers.Count(ctx, in.scope(), cases.CountFilter{Distinct: "org", List: "open", Limit: 1000})
		}).
		Using(cases.CountGrants())
}

type bulkInput struct {
	ID
	Body cases.BulkRequest
}

// changeCases runs an action on many cases of an MSP's organizations.
func changeCases(s Services) endpoint.Endpoint {
	about := cases.BulkAbout("msps.change_cases", "/msps/{msp_id}/cases/bulk",
		"Run an action on many cases of an MSP's organizations, as a job with a result for each")
	about.Uses = grant.Union(about.Uses, grant.On(grant.Core, grant.Query))
	return endpoint.New(about, func(ctx context.Context, in *bulkInput) (*jobs.Output, error) {
		return s.CaseHandlers.Bulk(ctx, in.scope(), in.Body)
	})
}

type matchingInput struct {
	ID
	cases.MatchingFilter
	OrgID []string `query:"org_id,explode" maxItems:"50" doc:"Only cases of these organizations."`
}

// countMatchingCases counts the cases of an MSP's organizations that an action on many would be performed on.
func countMatchingCases(s Services) endpoint.Endpoint {
	return endpoint.Get("msps.count_matching_cases", "/msps/{msp_id}/cases/bulk",
		"Count the cases of an MSP's organizations that an action on many would change",
		func(ctx context.Context, in *matchingInput) (*cases.MatchingOutput, error) {
			return s.CaseHandlers.CountMatching(ctx, in.scope(), in.MatchingFilter, in.OrgID)
		}).Using(cases.MatchingGrants(), grant.On(grant.Core, grant.Query))
}
