// Package jobs contains the endpoints of jobs, the long-running actions of every domain: lists,
// results, cancelling, and retrying failed targets. The rules are in shared/job; the domains
// register their kinds of jobs and have the endpoints that create them.
package jobs

import (
	"context"

	"github.com/tenantry/tenantry/functions/endpoint"
	"github.com/tenantry/tenantry/functions/grant"
	"github.com/tenantry/tenantry/shared/job"
)

// Services are the dependencies of the endpoints.
type Services struct {
	Jobs *job.Service
}

// Endpoints lists the endpoints of this package.
func Endpoints(s Services) []endpoint.Endpoint {
	return []endpoint.Endpoint{
		listOrg(s), getOrg(s), cancelOrg(s), retryOrg(s),
		listMSP(s), getMSP(s), cancelMSP(s), retryMSP(s),
		listPlatform(s), getPlatform(s), cancelPlatform(s), retryPlatform(s),
	}
}

// Job is a job as clients see it.
type Job struct {
	ID        string `json:"id"`
	Kind      string `json:"kind"`
	Title     string `json:"title"`
	State     string `json:"state" doc:"preparing, waiting, running, cancelling, done, failed (some targets failed, or too many did to go on) or cancelled."`
	Total     int    `json:"total"`
	Done      int    `json:"done"`
	Failed    int    `json:"failed"`
	Skipped   int    `json:"skipped,omitempty"`
	Sent      int    `json:"sent,omitempty" doc:"How many wait for an answer from outside."`
	Cancelled int    `json:"cancelled,omitempty" doc:"How many were not started because the job was stopped."`
	Stages    []int  `json:"stages,omitempty" doc:"How many targets each stage has; a stage begins when the previous one has ended."`
	Stage     int    `json:"stage,omitempty" doc:"The current stage, from 1."`
	Creator   string `json:"creator" doc:"The name of the person or token that created it."`
	StoppedBy string `json:"stopped_by,omitempty" doc:"The name of the person or token that cancelled it."`
	Created   int64  `json:"created_time" doc:"Epoch seconds."`
	Started   int64  `json:"started_time,omitempty" doc:"Epoch seconds."`
	Ended     int64  `json:"ended_time,omitempty" doc:"Epoch seconds."`
}

// Of converts a job for clients.
func Of(j job.Job) Job {
	shown := Job{
		ID:        j.ID,
		Kind:      j.Kind,
		Title:     j.Title,
		State:     string(j.State),
		Total:     j.Total,
		Done:      j.Done,
		Failed:    j.Failed,
		Skipped:   j.Skipped,
		Sent:      j.Sent,
		Cancelled: j.Cancelled,
		Creator:   j.Creator.Name,
		Created:   seconds(j.Created),
		Started:   seconds(j.Started),
		Ended:     seconds(j.Ended),
	}
	for _, stage := range j.Stages {
		shown.Stages = append(shown.Stages, stage.Targets)
	}
	if len(j.Stages) > 0 {
		shown.Stage = j.Stage + 1
	}
	if j.Stop != nil {
		shown.StoppedBy = j.Stop.By.Name
	}
	return shown
}

func seconds(micros int64) int64 { return micros / 1_000_000 }

// Output is a job.
type Output struct {
	Body Job
}

// CreateGrants is what creating a job needs.
func CreateGrants() grant.Grants {
	return grant.Union(grant.On(grant.Core, grant.Put), grant.On(grant.Audit, grant.Put))
}

// ID names a job in the path.
type ID struct {
	JobID string `path:"job_id" format:"uuid"`
}

// Filter selects the jobs of a list.
type Filter struct {
	Kind  string `query:"kind" maxLength:"100" doc:"Only jobs of this kind, as in cases.archive."`
	State string `query:"state" enum:"preparing,waiting,running,cancelling,done,failed,cancelled" doc:"Only jobs in this state."`
}

// listOutput is a page of jobs.
type listOutput struct {
	Body struct {
		Limit   int    `json:"limit"`
		Results []Job  `json:"results" doc:"The newest first. With a filter, a page can be short or empty although there are more."`
		Next    string `json:"next,omitempty" doc:"The path of the next page; absent at the end."`
	}
}

func (s Services) list(
	ctx context.Context,
	scope job.Scope,
	filter Filter,
	cursor endpoint.Cursor,
) (*listOutput, error) {
	after, err := cursor.After(ctx)
	if err != nil {
		return nil, err
	}
	query := job.Filter{Kind: filter.Kind, State: job.State(filter.State)}
	page, err := s.Jobs.List(ctx, endpoint.Principal(ctx), scope, query, after, cursor.Limit)
	if err != nil {
		return nil, err
	}
	out := &listOutput{}
	out.Body.Limit, out.Body.Results, out.Body.Next = cursor.Limit, make([]Job, 0, len(page.Items)), endpoint.Next(ctx,
		page.Next)
	for _, one := range page.Items {
		out.Body.Results = append(out.Body.Results, Of(one))
	}
	return out, nil
}

// listGrants is what listing jobs needs.
func listGrants() grant.Grants {
	return grant.Union(grant.On(grant.Core, grant.Query), grant.On(grant.Audit, grant.Put))
}

// ResultFilter selects results.
type ResultFilter struct {
	Outcome string `query:"outcome" enum:"waiting,sent,done,failed,skipped,cancelled" doc:"Only targets with this outcome."`
}

// Result is the result of one target.
type Result struct {
	Target  string `json:"target" doc:"The target's name, as the job knows it."`
	Object  string `json:"object,omitempty" doc:"The target's type, as in case."`
	ID      string `json:"id,omitempty" doc:"The target's id."`
	CaseID  string `json:"case_id,omitempty"`
	OrgID   string `json:"org_id,omitempty"`
	Outcome string `json:"outcome" doc:"waiting, sent, done, failed, skipped or cancelled."`
	Message string `json:"message,omitempty" doc:"Why, where it failed or was skipped."`
}

// detailOutput is a job with a page of its results.
type detailOutput struct {
	Body struct {
		Job
		Limit   int      `json:"limit"`
		Results []Result `json:"results" doc:"In the order in which the targets were given. With a filter, a page can be short or empty although there are more."`
		Next    string   `json:"next,omitempty" doc:"The path of the next page; absent at the end."`
	}
}

func (s Services) detail(
	ctx context.Context,
	scope job.Scope,
	id string,
	filter ResultFilter,
	cursor endpoint.Cursor,
) (*detailOutput, error) {
	after, err := cursor.After(ctx)
	if err != nil {
		return nil, err
	}
	read, page, err := s.Jobs.Get(ctx, endpoint.Principal(ctx), scope, id, job.Outcome(filter.Outcome), after,
		cursor.Limit)
	if err != nil {
		return nil, err
	}
	out := &detailOutput{}
	b := &out.Body
	b.Job, b.Limit, b.Results, b.Next = Of(read), cursor.Limit, make([]Result, 0, len(page.Items)), endpoint.Next(ctx,
		page.Next)
	for _, one := range page.Items {
		shown := Result{
			Target:  one.Target,
			Object:  one.Object,
			ID:      one.ID,
			OrgID:   one.OrgID,
			Outcome: string(one.Outcome),
			Message: one.Message,
		}
		if one.Object == "case" {
			shown.CaseID = one.ID
		}
		b.Results = append(b.Results, shown)
	}
	return out, nil
}

// readGrants is what reading a job needs.
func readGrants() grant.Grants {
	return grant.Union(grant.On(grant.Core, grant.Get), grant.On(grant.Audit, grant.Put))
}

func (s Services) cancel(ctx context.Context, scope job.Scope, id string) (*Output, error) {
	cancelled, err := s.Jobs.Cancel(ctx, endpoint.Principal(ctx), scope, id)
	return &Output{Body: Of(cancelled)}, err
}

func (s Services) retry(ctx context.Context, scope job.Scope, id string) (*Output, error) {
	retried, err := s.Jobs.Retry(ctx, endpoint.Principal(ctx), scope, id)
	return &Output{Body: Of(retried)}, err
}

// actGrants is what cancelling a job, and retrying it, needs.
func actGrants() grant.Grants {
	return grant.Union(grant.On(grant.Core, grant.Get, grant.Put), grant.On(grant.Audit, grant.Put))
}
