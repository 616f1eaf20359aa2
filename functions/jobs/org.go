package jobs

import (
	"context"

	"github.com/tenantry/tenantry/functions/endpoint"
	"github.com/tenantry/tenantry/shared/job"
)

type orgListInput struct {
	OrgID string `path:"org_id" format:"uuid"`
	Filter
	endpoint.Cursor
}

// listOrg lists the jobs of an organization.
func listOrg(s Services) endpoint.Endpoint {
	return endpoint.Get("jobs.list_org", "/orgs/{org_id}/jobs", "List the jobs of an organization, the newest first",
		func(ctx context.Context, in *orgListInput) (*listOutput, error) {
			return s.list(ctx, job.Scope{OrgID: in.OrgID}, in.Filter, in.Cursor)
		}).Using(listGrants())
}

type orgDetailInput struct {
	OrgID string `path:"org_id" format:"uuid"`
	ID
	ResultFilter
	endpoint.Cursor
}

// getOrg reads a job of an organization.
func getOrg(s Services) endpoint.Endpoint {
	return endpoint.Get("jobs.get_org", "/orgs/{org_id}/jobs/{job_id}",
		"Read a job of an organization, with its results",
		func(ctx context.Context, in *orgDetailInput) (*detailOutput, error) {
			return s.detail(ctx, job.Scope{OrgID: in.OrgID}, in.JobID, in.ResultFilter, in.Cursor)
		}).
		Using(readGrants())
}

type orgJobInput struct {
	OrgID string `path:"org_id" format:"uuid"`
	ID
}

// cancelOrg cancels a job of an organization.
func cancelOrg(s Services) endpoint.Endpoint {
	return endpoint.Post("jobs.cancel_org", "/orgs/{org_id}/jobs/{job_id}/cancel",
		"Cancel a job of an organization: no further targets are started",
		func(ctx context.Context, in *orgJobInput) (*Output, error) {
			return s.cancel(ctx, job.Scope{OrgID: in.OrgID}, in.JobID)
		}).
		Using(actGrants())
}

// retryOrg retries the failed targets of a job of an organization.
func retryOrg(s Services) endpoint.Endpoint {
	return endpoint.Post("jobs.retry_org", "/orgs/{org_id}/jobs/{job_id}/retry",
		"Retry the failed targets of a job of an organization",
		func(ctx context.Context, in *orgJobInput) (*Output, error) {
			return s.retry(ctx, job.Scope{OrgID: in.OrgID}, in.JobID)
		}).
		Using(actGrants())
}
