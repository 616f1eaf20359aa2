package msps

import (
	"context"

	"github.com/tenantry/tenantry/functions/cases"
	"github.com/tenantry/tenantry/functions/endpoint"
	"github.com/tenantry/tenantry/functions/grant"
)

type jobsInput struct {
	ID
	endpoint.Cursor
}

// jobs lists the long actions on cases of an MSP.
func jobs(s Services) endpoint.Endpoint {
	return endpoint.Get("msps.jobs", "/msps/{msp_id}/jobs", "List the long actions on cases that were asked for over an MSP, the newest first",
		func(ctx context.Context, in *jobsInput) (*cases.JobsOutput, error) {
			return s.CaseHandlers.Jobs(ctx, in.scope(), in.Cursor)
		}).Using(grant.On(grant.Core, grant.Query), grant.On(grant.Audit, grant.Put))
}

type jobDetailInput struct {
	ID
	cases.JobID
	endpoint.Cursor
}

// readJob reads a long action on cases of an MSP.
func readJob(s Services) endpoint.Endpoint {
	return endpoint.Get("msps.get_job", "/msps/{msp_id}/jobs/{job_id}", "Read a long action on cases that was asked for over an MSP, with its results",
		func(ctx context.Context, in *jobDetailInput) (*cases.JobDetailOutput, error) {
			return s.CaseHandlers.JobDetail(ctx, in.scope(), in.JobID.JobID, in.Cursor)
		}).Using(grant.On(grant.Audit, grant.Put))
}

// retryJob does once more what failed.
func retryJob(s Services) endpoint.Endpoint {
	return endpoint.Post("msps.retry_job", "/msps/{msp_id}/jobs/{job_id}/retry", "Do once more what failed of a long action",
		func(ctx context.Context, in *jobInput) (*cases.JobOutput, error) {
			return s.CaseHandlers.RetryJob(ctx, endpoint.Principal(ctx), in.scope(), in.JobID.JobID)
		}).Using(grant.On(grant.Core, grant.Put), grant.On(grant.Audit, grant.Put))
}
