package cases

import (
	"context"

	"github.com/tenantry/tenantry/functions/endpoint"
	"github.com/tenantry/tenantry/functions/grant"
	"github.com/tenantry/tenantry/shared/identity"
	"github.com/tenantry/tenantry/shared/job"
	"github.com/tenantry/tenantry/shared/support"
	"github.com/tenantry/tenantry/shared/support/casejobs"
	"github.com/tenantry/tenantry/shared/support/lists"
)

// BulkWanted is what is asked for many cases.
type BulkWanted struct {
	Action       string     `json:"action" enum:"archive,unarchive,close,delete,restore,assign,tag" doc:"delete and restore are for administrators, assign for agents."`
	Value        string     `json:"value,omitempty" maxLength:"100" doc:"With assign: the agent's id, or nothing to take the cases from whoever has them. With tag: the custom tag."`
	Cases        []BulkCase `json:"cases" minItems:"1" maxItems:"1000"`
	Confirmation string     `json:"confirmation,omitempty" maxLength:"20" doc:"With delete: the word DELETE, in capitals."`
	RequestID    string     `json:"request_id,omitempty" maxLength:"100" doc:"A name of your own for this request: sent twice, it is done once."`
}

// BulkCase names one of the cases.
type BulkCase struct {
	ID    string `json:"id" format:"uuid"`
	OrgID string `json:"org_id,omitempty" maxLength:"36" doc:"The case's organization; needed over an MSP."`
}

// Job is a long action.
type Job struct {
	ID      string `json:"id"`
	Kind    string `json:"kind"`
	Title   string `json:"title"`
	State   string `json:"state" doc:"waiting, running, done, or failed: done, but not with all."`
	Total   int    `json:"total"`
	Done    int    `json:"done"`
	Failed  int    `json:"failed"`
	Skipped int    `json:"skipped,omitempty"`
	Creator string `json:"creator" doc:"The name of who asked for it."`
	Created int64  `json:"created_time" doc:"Epoch seconds."`
	Started int64  `json:"started_time,omitempty" doc:"Epoch seconds."`
	Ended   int64  `json:"ended_time,omitempty" doc:"Epoch seconds."`
}

// JobOf shapes a long action.
func JobOf(j job.Job) Job {
	return Job{
		ID: j.ID, Kind: j.Kind, Title: j.Title, State: string(j.State), Total: j.Total, Done: j.Done, Failed: j.Failed, Skipped: j.Skipped,
		Creator: j.Creator.Name, Created: seconds(j.Created), Started: seconds(j.Started), Ended: seconds(j.Ended),
	}
}

// JobOutput is a long action.
type JobOutput struct {
	Body Job
}

// Bulk does something to many cases of a scope.
func (s Services) Bulk(ctx context.Context, scope lists.Scope, in BulkWanted) (*JobOutput, error) {
	by := endpoint.Principal(ctx)
	if casejobs.BulkAction(in.Action) == casejobs.BulkDelete {
		if wrong := (Confirmation{in.Confirmation}).check("body.confirmation"); wrong != nil {
			return nil, s.CaseJobs.RefuseDelete(ctx, by, scope, wrong)
		}
	}
	wanted := casejobs.Bulk{Action: casejobs.BulkAction(in.Action), Value: in.Value, Request: in.RequestID}
	for _, one := range in.Cases {
		wanted.Cases = append(wanted.Cases, support.Reference{OrgID: one.OrgID, CaseID: one.ID})
	}
	made, err := s.CaseJobs.Bulk(ctx, by, scope, wanted)
	return &JobOutput{Body: JobOf(made)}, err
}

// BulkGrants is what asking for a long action needs.
func BulkGrants() grant.Grants {
	return grant.Union(grant.On(grant.Core, grant.Get, grant.Put), grant.On(grant.Audit, grant.Put))
}

type bulkInput struct {
	OrgID string `path:"org_id" format:"uuid"`
	Body  BulkWanted
}

// bulk does something to many cases of an organization.
func bulk(s Services) endpoint.Endpoint {
	return endpoint.Post("cases.bulk", "/orgs/{org_id}/cases/bulk", "Do something to many cases, as a job with a result for each",
		func(ctx context.Context, in *bulkInput) (*JobOutput, error) {
			return s.Bulk(ctx, lists.Scope{OrgID: in.OrgID}, in.Body)
		}).Using(BulkGrants())
}

// JobsOutput is a page of long actions.
type JobsOutput struct {
	Body struct {
		Limit   int    `json:"limit"`
		Results []Job  `json:"results" doc:"The newest first."`
		Next    string `json:"next,omitempty" doc:"The path of the following page; absent at the end."`
	}
}

// Jobs lists the long actions of a scope.
func (s Services) Jobs(ctx context.Context, scope lists.Scope, cursor endpoint.Cursor) (*JobsOutput, error) {
	after, err := cursor.After(ctx)
	if err != nil {
		return nil, err
	}
	page, err := s.CaseJobs.Jobs(ctx, endpoint.Principal(ctx), scope, after, cursor.Limit)
	if err != nil {
		return nil, err
	}
	out := &JobsOutput{}
	out.Body.Limit, out.Body.Results, out.Body.Next = cursor.Limit, make([]Job, 0, len(page.Items)), endpoint.Next(ctx, page.Next)
	for _, one := range page.Items {
		out.Body.Results = append(out.Body.Results, JobOf(one))
	}
	return out, nil
}

// JobResult is what became of one target.
type JobResult struct {
	CaseID  string `json:"case_id"`
	OrgID   string `json:"org_id,omitempty"`
	Outcome string `json:"outcome" doc:"waiting, done, failed or skipped."`
	Message string `json:"message,omitempty" doc:"Why, where it failed or was skipped."`
}

// JobDetailOutput is a long action with a page of its results.
type JobDetailOutput struct {
	Body struct {
		Job
		Limit   int         `json:"limit"`
		Results []JobResult `json:"results" doc:"In the order in which the cases were given."`
		Next    string      `json:"next,omitempty" doc:"The path of the following page; absent at the end."`
	}
}

// JobDetail reads a long action with a page of its results.
func (s Services) JobDetail(ctx context.Context, scope lists.Scope, id string, cursor endpoint.Cursor) (*JobDetailOutput, error) {
	after, err := cursor.After(ctx)
	if err != nil {
		return nil, err
	}
	found, page, err := s.CaseJobs.Job(ctx, endpoint.Principal(ctx), scope, id, after, cursor.Limit)
	if err != nil {
		return nil, err
	}
	out := &JobDetailOutput{}
	b := &out.Body
	b.Job, b.Limit, b.Results, b.Next = JobOf(found), cursor.Limit, make([]JobResult, 0, len(page.Items)), endpoint.Next(ctx, page.Next)
	for _, one := range page.Items {
		orgID, caseID := casejobs.TargetCase(one.Target)
		b.Results = append(b.Results, JobResult{CaseID: caseID, OrgID: orgID, Outcome: string(one.Outcome), Message: one.Message})
	}
	return out, nil
}

// RetryJob does once more what failed of a long action.
func (s Services) RetryJob(ctx context.Context, by identity.Principal, scope lists.Scope, id string) (*JobOutput, error) {
	found, err := s.CaseJobs.RetryJob(ctx, by, scope, id)
	return &JobOutput{Body: JobOf(found)}, err
}
