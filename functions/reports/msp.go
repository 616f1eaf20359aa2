package reports

import (
	"context"
	"net/http"

	"github.com/tenantry/tenantry/functions/endpoint"
	"github.com/tenantry/tenantry/functions/grant"
	"github.com/tenantry/tenantry/functions/jobs"
	"github.com/tenantry/tenantry/shared/support/lists"
)

type mspCreateInput struct {
	MSPID string `path:"msp_id" format:"uuid"`
	SelectionOfOrgs
	Body *SelectionOfOrgs
}

// SelectionOfOrgs also selects the organizations whose cases a report contains.
type SelectionOfOrgs struct {
	Selection
	OrgID []string `query:"org_id,explode" json:"org_id,omitempty" maxItems:"50" doc:"Only cases of these organizations."`
}

// createMSP creates a report of the cases of an MSP's organizations.
func createMSP(s Services) endpoint.Endpoint {
	return endpoint.Post("reports.create_msp", "/msps/{msp_id}/reports",
		"Create a CSV report of the cases of an MSP's organizations",
		func(ctx context.Context, in *mspCreateInput) (*jobs.Output, error) {
			selection, err := oneOf(in.SelectionOfOrgs, in.Body)
			if err != nil {
				return nil, err
			}
			return s.create(ctx, lists.Scope{MSPID: in.MSPID}, selection.Selection, selection.OrgID)
		}).
		Using(createGrants(), grant.On(grant.Core, grant.Query))
}

type mspReportInput struct {
	MSPID string `path:"msp_id" format:"uuid"`
	jobs.ID
}

// getMSP returns the state of a report.
func getMSP(s Services) endpoint.Endpoint {
	return endpoint.Get("reports.get_msp", "/msps/{msp_id}/reports/{job_id}", "Get a report that you requested",
		func(ctx context.Context, in *mspReportInput) (*output, error) {
			return s.read(ctx, lists.Scope{MSPID: in.MSPID}, in.JobID)
		}).Using(readGrants(), grant.On(grant.Core, grant.Query)).Fails(http.StatusConflict)
}
