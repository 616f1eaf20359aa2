package reports

import (
	"context"
	"net/http"

	"github.com/tenantry/tenantry/functions/endpoint"
	"github.com/tenantry/tenantry/functions/jobs"
	"github.com/tenantry/tenantry/shared/support/lists"
)

type orgCreateInput struct {
	OrgID string `path:"org_id" format:"uuid"`
	Selection
	Body *Selection
}

// createOrg creates a report of an organization's cases.
func createOrg(s Services) endpoint.Endpoint {
	return endpoint.Post("reports.create_org", "/orgs/{org_id}/reports",
		"Create a CSV report of an organization's cases",
		func(ctx context.Context, in *orgCreateInput) (*jobs.Output, error) {
			selection, err := oneOf(in.Selection, in.Body)
			if err != nil {
				return nil, err
			}
			return s.create(ctx, lists.Scope{OrgID: in.OrgID}, selection, nil)
		}).
		Using(createGrants())
}

type orgReportInput struct {
	OrgID string `path:"org_id" format:"uuid"`
	jobs.ID
}

// getOrg returns the state of a report.
func getOrg(s Services) endpoint.Endpoint {
	return endpoint.Get("reports.get_org", "/orgs/{org_id}/reports/{job_id}", "Get a report that you requested",
		func(ctx context.Context, in *orgReportInput) (*output, error) {
			return s.read(ctx, lists.Scope{OrgID: in.OrgID}, in.JobID)
		}).Using(readGrants()).Fails(http.StatusConflict)
}
