// Package reports has the endpoints of reports: files that a job writes, which are fetched when it
// is done. The rules are in support/casejobs and shared/job.
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
	return []endpoint.Endpoint{createOrg(s), readOrg(s), createMSP(s), readMSP(s)}
}

// Selection says which cases a report has, and what it looks like: as parameters or as a JSON document.
type Selection struct {
	cases.ConsoleFilter
	Separator string `query:"separator" json:"separator,omitempty" maxLength:"4" doc:"The separator between values: one character; a comma by default."`
}

// create has a report of a scope's cases written.
func (s Services) create(
	ctx context.Context,
	scope lists.Scope,
	selection Selection,
	orgIDs []string,
) (*jobs.Output, error) {
	by := endpoint.Principal(ctx)
	made, err := s.CaseJobs.ExportCases(
		ctx,
		by,
		casejobs.Export{Wanted: selection.OfOrgs(by.UserID, orgIDs), Scope: scope, Separator: selection.Separator},
	)
	return &jobs.Output{Body: jobs.Of(made)}, err
}

// oneOf returns what is asked for by parameters or by a body: not by both, as one of the two would be
// ignored.
func oneOf[T any](parameters T, body *T) (T, error) {
	if body == nil {
		return parameters, nil
	}
	given, err := json.Marshal(parameters)
	if err == nil && string(given) != "{}" {
		err = fault.InField("body", "must be empty where there are parameters: give them in one of the two")
	}
	return *body, err
}

// output is a report.
type output struct {
	Body struct {
		jobs.Job
		ContentURL string `json:"content_url,omitempty" doc:"Where the report can be fetched, for five minutes; once it is done, for a day."`
	}
}

// read tells how far a report has come.
func (s Services) read(ctx context.Context, scope lists.Scope, id string) (*output, error) {
	report, key, err := s.CaseJobs.Exported(ctx, endpoint.Principal(ctx), scope, id)
	if err != nil {
		return nil, err
	}
	out := &output{}
	out.Body.Job = jobs.Of(report)
	if key != "" {
		out.Body.ContentURL, err = s.Links.Link(ctx, key, "cases.csv", "text/csv", uploads.LinkValid)
	}
	return out, err
}

// createGrants is what asking for a report needs: the job, and a look at whether the values of the
// filters exist.
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
