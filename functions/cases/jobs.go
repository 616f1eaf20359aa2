package cases

import (
	"context"

	"github.com/tenantry/tenantry/functions/endpoint"
	"github.com/tenantry/tenantry/functions/grant"
	"github.com/tenantry/tenantry/shared/support/lists"
)

type jobsInput struct {
	OrgID string `path:"org_id" format:"uuid"`
	endpoint.Cursor
}

// jobs lists the long actions on an organization's cases.
func jobs(s Services) endpoint.Endpoint {
	return endpoint.Get("cases.jobs", "/orgs/{org_id}/jobs", "List the long actions on an organization's cases, the newest first",
		func(ctx context.Context, in *jobsInput) (*JobsOutput, error) {
			return s.Jobs(ctx, lists.Scope{OrgID: in.OrgID}, in.Cursor)
		}).Using(grant.On(grant.Core, grant.Query), grant.On(grant.Audit, grant.Put))
}

// JobID names a long action in the path.
type JobID struct {
	JobID string `path:"job_id" format:"uuid"`
}

type jobInput struct {
	OrgID string `path:"org_id" format:"uuid"`
	JobID
	endpoint.Cursor
}

// readJob reads a long action on an organization's cases.
func readJob(s Services) endpoint.Endpoint {
	return endpoint.Get("cases.get_job", "/orgs/{org_id}/jobs/{job_id}", "Read a long action on an organization's cases, with its results",
		func(ctx context.Context, in *jobInput) (*JobDetailOutput, error) {
			return s.JobDetail(ctx, lists.Scope{OrgID: in.OrgID}, in.JobID.JobID, in.Cursor)
		}).Using(grant.On(grant.Audit, grant.Put))
}

type retryInput struct {
	OrgID string `path:"org_id" format:"uuid"`
	JobID
}

// retryJob does once more what failed.
func retryJob(s Services) endpoint.Endpoint {
	return endpoint.Post("cases.retry_job", "/orgs/{org_id}/jobs/{job_id}/retry", "Do once more what failed of a long action",
		func(ctx context.Context, in *retryInput) (*JobOutput, error) {
			return s.RetryJob(ctx, endpoint.Principal(ctx), lists.Scope{OrgID: in.OrgID}, in.JobID.JobID)
		}).Using(grant.On(grant.Core, grant.Put), grant.On(grant.Audit, grant.Put))
}
