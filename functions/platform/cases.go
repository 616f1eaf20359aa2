package platform

import (
	"context"

	"github.com/tenantry/tenantry/functions/cases"
	"github.com/tenantry/tenantry/functions/endpoint"
	"github.com/tenantry/tenantry/functions/grant"
	"github.com/tenantry/tenantry/functions/jobs"
	"github.com/tenantry/tenantry/shared/support/lists"
)

type casesInput struct {
	endpoint.Cursor
	cases.ConsoleFilter
	OrgID []string `query:"org_id,explode" maxItems:"50" doc:"Only cases of these organizations."`
}

// listCases lists the cases of direct customers.
func listCases(s Services) endpoint.Endpoint {
	return endpoint.Get("platform.list_cases", "/platform/cases",
		"List, filter and search the cases of direct customers that allow support access (support agents)",
		func(ctx context.Context, in *casesInput) (*cases.ListOutput, error) {
			return s.CaseHandlers.Console(ctx, lists.Scope{}, in.ConsoleFilter, in.OrgID, in.Cursor)
		}).
		Using(cases.ConsoleGrants())
}

// countCases counts the cases of direct customers.
func countCases(s Services) endpoint.Endpoint {
	return endpoint.Get("platform.count_cases", "/platform/cases/count",
		"Count the cases of direct customers that allow support access by a field, agent, organization, age or day "+
			"(support agents)",
		func(ctx context.Context, in *cases.CountFilter) (*cases.CountOutput, error) {
			return s.CaseHandlers.Count(ctx, lists.Scope{}, *in)
		}).
		Using(cases.CountGrants(), grant.On(grant.Core, grant.BatchGet))
}

type bulkInput struct {
	Body cases.BulkRequest
}

// changeCases runs an action on many cases of direct customers.
func changeCases(s Services) endpoint.Endpoint {
	about := cases.BulkAbout("platform.change_cases", "/platform/cases/bulk",
		"Run an action on many cases of direct customers that allow support access, as a job with a result for each "+
			"(support agents)")
	return endpoint.New(about, func(ctx context.Context, in *bulkInput) (*jobs.Output, error) {
		return s.CaseHandlers.Bulk(ctx, lists.Scope{}, in.Body)
	})
}

type matchingInput struct {
	cases.MatchingFilter
	OrgID []string `query:"org_id,explode" maxItems:"50" doc:"Only cases of these organizations."`
}

// countMatchingCases counts the cases of direct customers that an action on many would be performed on.
func countMatchingCases(s Services) endpoint.Endpoint {
	return endpoint.Get("platform.count_matching_cases", "/platform/cases/bulk",
		"Count the cases of direct customers that an action on many would change (support agents)",
		func(ctx context.Context, in *matchingInput) (*cases.MatchingOutput, error) {
			return s.CaseHandlers.CountMatching(ctx, lists.Scope{}, in.MatchingFilter, in.OrgID)
		}).Using(cases.MatchingGrants(), grant.On(grant.Core, grant.BatchGet))
}
