package jobs

import (
	"context"

	"github.com/tenantry/tenantry/functions/endpoint"
	"github.com/tenantry/tenantry/shared/job"
)

type platformListInput struct {
	Filter
	endpoint.Cursor
}

// listPlatform lists the jobs of the platform.
func listPlatform(s Services) endpoint.Endpoint {
	return endpoint.Get("jobs.list_platform", "/platform/jobs", "List the jobs of the platform, the newest first",
		func(ctx context.Context, in *platformListInput) (*listOutput, error) {
			return s.list(ctx, job.Scope{}, in.Filter, in.Cursor)
		}).Using(listGrants())
}

type platformDetailInput struct {
	ID
	ResultFilter
	endpoint.Cursor
}

// getPlatform reads a job of the platform.
func getPlatform(s Services) endpoint.Endpoint {
	return endpoint.Get("jobs.get_platform", "/platform/jobs/{job_id}", "Read a job of the platform, with its results",
		func(ctx context.Context, in *platformDetailInput) (*detailOutput, error) {
			return s.detail(ctx, job.Scope{}, in.JobID, in.ResultFilter, in.Cursor)
		}).Using(readGrants())
}

type platformJobInput struct {
	ID
}

// cancelPlatform cancels a job of the platform.
func cancelPlatform(s Services) endpoint.Endpoint {
	return endpoint.Post("jobs.cancel_platform", "/platform/jobs/{job_id}/cancel",
		"Cancel a job of the platform: no further targets are started",
		func(ctx context.Context, in *platformJobInput) (*Output, error) {
			return s.cancel(ctx, job.Scope{}, in.JobID)
		}).
		Using(actGrants())
}

// retryPlatform retries the failed targets of a job of the platform.
func retryPlatform(s Services) endpoint.Endpoint {
	return endpoint.Post("jobs.retry_platform", "/platform/jobs/{job_id}/retry",
		"Retry the failed targets of a job of the platform",
		func(ctx context.Context, in *platformJobInput) (*Output, error) {
			return s.retry(ctx, job.Scope{}, in.JobID)
		}).
		Using(actGrants())
}
