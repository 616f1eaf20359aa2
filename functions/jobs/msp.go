package jobs

import (
	"context"

	"github.com/tenantry/tenantry/functions/endpoint"
	"github.com/tenantry/tenantry/shared/job"
)

type mspListInput struct {
	MSPID string `path:"msp_id" format:"uuid"`
	Filter
	endpoint.Cursor
}

// listMSP lists the jobs of an MSP.
func listMSP(s Services) endpoint.Endpoint {
	return endpoint.Get("jobs.list_msp", "/msps/{msp_id}/jobs", "List the jobs of an MSP, the newest first",
		func(ctx context.Context, in *mspListInput) (*listOutput, error) {
			return s.list(ctx, job.Scope{MSPID: in.MSPID}, in.Filter, in.Cursor)
		}).Using(listGrants())
}

type mspDetailInput struct {
	MSPID string `path:"msp_id" format:"uuid"`
	ID
	ResultFilter
	endpoint.Cursor
}

// getMSP reads a job of an MSP.
func getMSP(s Services) endpoint.Endpoint {
	return endpoint.Get("jobs.get_msp", "/msps/{msp_id}/jobs/{job_id}", "Read a job of an MSP, with its results",
		func(ctx context.Context, in *mspDetailInput) (*detailOutput, error) {
			return s.detail(ctx, job.Scope{MSPID: in.MSPID}, in.JobID, in.ResultFilter, in.Cursor)
		}).Using(readGrants())
}

type mspJobInput struct {
	MSPID string `path:"msp_id" format:"uuid"`
	ID
}

// cancelMSP cancels a job of an MSP.
func cancelMSP(s Services) endpoint.Endpoint {
	return endpoint.Post("jobs.cancel_msp", "/msps/{msp_id}/jobs/{job_id}/cancel",
		"Cancel a job of an MSP: no further targets are started",
		func(ctx context.Context, in *mspJobInput) (*Output, error) {
			return s.cancel(ctx, job.Scope{MSPID: in.MSPID}, in.JobID)
		}).
		Using(actGrants())
}

// retryMSP retries the failed targets of a job of an MSP.
func retryMSP(s Services) endpoint.Endpoint {
	return endpoint.Post("jobs.retry_msp", "/msps/{msp_id}/jobs/{job_id}/retry",
		"Retry the failed targets of a job of an MSP",
		func(ctx context.Context, in *mspJobInput) (*Output, error) {
			return s.retry(ctx, job.Scope{MSPID: in.MSPID}, in.JobID)
		}).
		Using(actGrants())
}
