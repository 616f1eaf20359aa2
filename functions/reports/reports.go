// Package reports contains the endpoints of reports: files that a job writes and that are
// downloaded when it is done. The rules are in support/casejobs and shared/job.
package reports

import (
	"context"

	"github.com/tenantry/tenantry/functions/cases"
	"github.com/tenantry/tenantry/functions/endpoint"
	"github.com/tenantry/tenantry/functions/grant"
	"github.com/tenantry/tenantry/functions/jobs"
	"github.com/tenantry/tenantry/functions/uploads"
	"github.com/tenantry/tenantry/shared/support/casejobs"
	"github.com/tenantry/tenantry/shared/support/lists"
)

// Services are the dependencies of the endpoints.
type Services struct {
	CaseJobs *casejobs.Service
	Lists    *lists.Service
	Links    uploads.Links
}

// Endpoints lists the endpoints of this package.
func Endpoints(s Services) []endpoint.Endpoint {
	return []endpoint.Endpoint{createOrg(s), readOrg(s), createMSP(s), readMSP(s)}
}

// Format is the format of a report.
type Format struct {
	Separator     string `query:"separator" maxLength:"4" doc:"The separator between values: one character; a comma by default."`
	ByteOrderMark bool   `query:"byte_order_mark" default:"true" doc:"Begin the file with a byte order mark, by which spreadsheets know that it is UTF-8. Programs that read the file may not want it."`
}

// create creates a report of a scope's cases.
func (s Services) create(
	ctx context.Context,
	scope lists.Scope,
	filter cases.ConsoleFilter,
	orgIDs []string,
	format Format,
) (*jobs.Output, error) {
	by := endpoint.Principal(ctx)
	query, wrong := filter.OfOrgs(by.UserID, orgIDs)
	if wrong != nil {
		return nil, s.Lists.Refuse(ctx, by, scope, wrong)
	}
	report, err := s.CaseJobs.ExportCases(ctx, by, casejobs.Export{
		Wanted: query, Scope: scope, Separator: format.Separator, ByteOrderMark: format.ByteOrderMark,
	})
	return &jobs.Output{Body: jobs.Of(report)}, err
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

// readGrants is what reading a report needs.
func readGrants() grant.Grants {
	return grant.Union(
		grant.On(grant.Core, grant.Get),
		grant.On(grant.Audit, grant.Put),
		grant.On(grant.Uploads, grant.Link),
	)
}
