package cases

import (
	"context"

	"github.com/tenantry/tenantry/functions/endpoint"
	"github.com/tenantry/tenantry/functions/grant"
	"github.com/tenantry/tenantry/shared/support/casejobs"
	"github.com/tenantry/tenantry/shared/support/lists"
)

// ReportFormat says what a report looks like.
type ReportFormat struct {
	Separator string `query:"separator" maxLength:"4" doc:"What stands between values: one character; a comma if nothing is given."`
}

type exportInput struct {
	OrgID string `path:"org_id" format:"uuid"`
	ConsoleFilter
	ReportFormat
}

// export has a report written.
func export(s Services) endpoint.Endpoint {
	return endpoint.Post("cases.export", "/orgs/{org_id}/reports", "Have a report of an organization's cases written, as CSV",
		func(ctx context.Context, in *exportInput) (*JobOutput, error) {
			return s.Export(ctx, lists.Scope{OrgID: in.OrgID}, in.ConsoleFilter, nil, in.Separator)
		}).Using(BulkGrants())
}

// Export has a report of a scope's cases written.
func (s Services) Export(ctx context.Context, scope lists.Scope, filter ConsoleFilter, orgIDs []string, separator string) (*JobOutput, error) {
	by := endpoint.Principal(ctx)
	wanted, wrong := filter.Wanted(by.UserID)
	if wrong != nil {
		return nil, s.Lists.Refuse(ctx, by, scope, wrong)
	}
	if orgIDs = given(orgIDs); len(orgIDs) > 0 {
		wanted.Filters["org"] = orgIDs
	}
	made, err := s.CaseJobs.ExportCases(ctx, by, casejobs.Export{Wanted: wanted, Scope: scope, Separator: separator})
	return &JobOutput{Body: JobOf(made)}, err
}

// ReportOutput is a report.
type ReportOutput struct {
	Body struct {
		Job
		ContentURL string `json:"content_url,omitempty" doc:"Where the report can be fetched, for five minutes; once it is done, for a day."`
	}
}

// Report reads how far a report has come.
func (s Services) Report(ctx context.Context, scope lists.Scope, id string) (*ReportOutput, error) {
	found, key, err := s.CaseJobs.Exported(ctx, endpoint.Principal(ctx), scope, id)
	if err != nil {
		return nil, err
	}
	out := &ReportOutput{}
	out.Body.Job = JobOf(found)
	if key != "" {
		out.Body.ContentURL, err = s.Links.Link(ctx, key, "cases.csv", "text/csv", LinkValid)
	}
	return out, err
}

type reportInput struct {
	OrgID string `path:"org_id" format:"uuid"`
	JobID
}

// report reads how far a report has come.
func report(s Services) endpoint.Endpoint {
	return endpoint.Get("cases.report", "/orgs/{org_id}/reports/{job_id}", "Get a report that you asked for",
		func(ctx context.Context, in *reportInput) (*ReportOutput, error) {
			return s.Report(ctx, lists.Scope{OrgID: in.OrgID}, in.JobID.JobID)
		}).Using(grant.On(grant.Core, grant.Get), grant.On(grant.Audit, grant.Put), grant.On(grant.Uploads, grant.Link))
}
