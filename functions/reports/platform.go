package reports

import (
	"context"
	"net/http"

	"github.com/tenantry/tenantry/functions/endpoint"
	"github.com/tenantry/tenantry/functions/grant"
	"github.com/tenantry/tenantry/functions/jobs"
	"github.com/tenantry/tenantry/shared/support/lists"
)

type platformCreateInput struct {
	SelectionOfOrgs
	Body *SelectionOfOrgs
}

// createPlatform creates a report of the cases of direct customers.
func createPlatform(s Services) endpoint.Endpoint {
	return endpoint.Post("reports.create_platform", "/platform/reports",
		"Create a CSV report of the cases of direct customers that allow support access (support agents)",
		func(ctx context.Context, in *platformCreateInput) (*jobs.Output, error) {
			selection, err := oneOf(in.SelectionOfOrgs, in.Body)
			if err != nil {
				return nil, err
			}
			return s.create(ctx, lists.Scope{}, selection.Selection, selection.OrgID)
		}).
		Using(createGrants())
}

type platformReportInput struct {
	jobs.ID
}

// getPlatform returns the state of a report.
func getPlatform(s Services) endpoint.Endpoint {
	return endpoint.Get("reports.get_platform", "/platform/reports/{job_id}",
		"Get a report of the cases of direct customers (support agents)",
		func(ctx context.Context, in *platformReportInput) (*output, error) {
			return s.read(ctx, lists.Scope{}, in.JobID)
		}).Using(readGrants(), grant.On(grant.Core, grant.BatchGet), grant.On(grant.Derived, grant.Get, grant.Query)).
		Fails(http.StatusConflict)
}
