// Package reports contains the endpoints of reports: files that a job writes and that are
// downloaded when it is done. The rules are in support/casejobs and shared/job.
package reports

import (
	"context"
	"encoding/json"

	"github.com/tenantry/tenantry/functions/cases"
	"github.com/tenantry/tenantry/functions/endpoint"
	"github.com/tenantry/tenantry/functions/grant"
	"github.com/tenantry/tenantry/functions/jobs"
	"github.com/tenantry/tenantry/functions/uploads"
	"github.com/tenantry/tenantry/shared/fault"
	"github.com/tenantry/tenantry/shared/support/casejobs"
	"github.com/tenantry/tenantry/shared/support/lists"
)

// Services are the dependencies of the endpoints.
type Services struct {
	CaseJobs *casejobs.Service
	Links    uploads.Links
}

// Endpoints lists the endpoints of this package.
func Endpoints(s Services) []endpoint.Endpoint {
	return []endpoint.Endpoint{createOrg(s), getOrg(s), createMSP(s), getMSP(s), createPlatform(s), getPlatform(s)}
}

// Selection selects the cases of a report, and its format: as parameters or as a JSON document.
type Selection struct {
	cases.ConsoleFilter
	Separator string `query:"separator" json:"separator,omitempty" maxLength:"4" doc:"The separator between values: one character; a comma by default."`
	Format    string `query:"format" json:"format,omitempty" enum:"spreadsheet,plain" doc:"spreadsheet, the default, begins the file with a byte order mark, by which spreadsheets know that it is UTF-8; plain leaves it out, for programs."`
}

// create creates a report of a scope's cases.
func (s Services) create(
	ctx context.Context,
	scope lists.Scope,
	selection Selection,
	orgIDs []string,
) (*jobs.Output, error) {
	by := endpoint.Principal(ctx)
	report, err := s.CaseJobs.ExportCases(ctx, by, casejobs.Export{
		Wanted: selection.OfOrgs(by.UserID, orgIDs), Scope: scope, Separator: selection.Separator,
		ByteOrderMark: selection.Format != "plain",
	})
	return &jobs.Output{Body: jobs.Of(report)}, err
}

// oneOf returns the selection in the parameters or in the body. It rejects both together, because
// one of the two would be ignored.
func oneOf[T any](parameters T, body *T) (T, error) {
	if body == nil {
		return parameters, nil
	}
	encoded, err := json.Marshal(parameters)
	if err == nil && string(encoded) != "{}" {
		err = fault.InField("body", "must be empty where there are parameters: give them in one of the two")
	}
	return *body, err
}

// output is a report.
type output struct {
	Body struct {
		jobs.Job
		ContentURL string `json:"content_url,omitempty" doc:"A link to the report, valid for five minutes; available for a day once the job is done."`
	}
}

// read returns the state of a report.
func (s Services) read(ctx context.Context, scope lists.Scope, id string) (*output, error) {
	report, key, err := s.CaseJobs.Exported(ctx, endpoint.Principal(ctx), scope, id)
	if err != nil {
		return nil, err
	}
	out := &output{}
	out.Body.Job = jobs.Of(report)
	if key != "" {
		out.Body.ContentURL, err = s.Links.Link(ctx, key, "cases.csv", "text/csv; charset=utf-8", uploads.LinkValid)
	}
	return out, err
}

// createGrants returns what creating a report needs: the job, and checking that the filters' values
// exist.
func createGrants() grant.Grants {
	return grant.Union(jobs.CreateGrants(), grant.On(grant.Derived, grant.Get, grant.Query))
}

// readGrants is what reading a report needs.
func readGrants() grant.Grants {
	return grant.Union(
		grant.On(grant.Core, grant.Get),
		grant.On(grant.Audit, grant.Put),
		grant.On(grant.Uploads, grant.Link),
	)
}
