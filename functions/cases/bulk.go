package cases

import (
	"context"
	"net/http"

	"github.com/tenantry/tenantry/functions/endpoint"
	"github.com/tenantry/tenantry/functions/grant"
	"github.com/tenantry/tenantry/functions/jobs"
	"github.com/tenantry/tenantry/shared/support"
	"github.com/tenantry/tenantry/shared/support/casejobs"
	"github.com/tenantry/tenantry/shared/support/lists"
)

// BulkRequest is a request to change many cases.
type BulkRequest struct {
	Action       string      `json:"action" enum:"archive,unarchive,close,delete,restore,assign,tag" doc:"delete and restore are for administrators, assign for agents."`
	Value        string      `json:"value,omitempty" maxLength:"100" doc:"With assign: the agent's id, or empty to unassign the cases. With tag: the custom tag."`
	Cases        []BulkCase  `json:"cases,omitempty" minItems:"1" maxItems:"20000" doc:"The cases to change; give them or a filter."`
	Filter       *BulkFilter `json:"filter,omitempty" doc:"Selects the cases instead: all that match it when the job is created, at most 20,000. An empty filter stands for the open cases."`
	Expected     *int        `json:"expected,omitempty" minimum:"1" doc:"With filter: how many cases it must match. If others match by now, nothing is changed, and the answer is 409."`
	Confirmation string      `json:"confirmation,omitempty" maxLength:"20" doc:"With delete: the word DELETE, in capitals."`
	RequestID    string      `json:"request_id,omitempty" maxLength:"100" doc:"A key of your choice. A request that is sent again with the same key is carried out only once."`
}

// BulkCase identifies one of the cases.
type BulkCase struct {
	ID    string `json:"id" format:"uuid"`
	OrgID string `json:"org_id,omitempty" maxLength:"36" doc:"The case's organization; required in requests for an MSP."`
}

// BulkFilter selects the cases of a request to change many.
type BulkFilter struct {
	ConsoleFilter
	OrgID []string `query:"org_id,explode" json:"org_id,omitempty" maxItems:"50" doc:"Only cases of these organizations; for lists of several."`
}

// Bulk starts a job that changes many cases of a scope.
func (s Services) Bulk(ctx context.Context, scope lists.Scope, in BulkRequest) (*jobs.Output, error) {
	by := endpoint.Principal(ctx)
	request := casejobs.Bulk{
		Action: casejobs.BulkAction(in.Action), Value: in.Value, Confirmation: in.Confirmation,
	}
	if in.Filter != nil {
		query := in.Filter.OfOrgs(by.UserID, in.Filter.OrgID)
		request.Filter, request.Expected = &query, in.Expected
	}
	for _, one := range in.Cases {
		request.Cases = append(request.Cases, support.Reference{OrgID: one.OrgID, CaseID: one.ID})
	}
	created, err := s.CaseJobs.Bulk(ctx, by, scope, request)
	return &jobs.Output{Body: jobs.Of(created)}, err
}

type bulkInput struct {
	OrgID string `path:"org_id" format:"uuid"`
	Body  BulkRequest
}

// BulkAbout declares an endpoint that changes up to 20,000 cases in one call.
func BulkAbout(name, path, summary string) endpoint.About {
	return endpoint.About{
		Name:    name,
		Method:  http.MethodPost,
		Path:    path,
		Summary: summary,
		MaxBody: 4 << 20,
		Uses:    grant.Union(jobs.CreateGrants(), MatchingGrants()),
		BodyKey: "request_id",
	}
}

// changeMany starts a job that changes many cases of an organization.
func changeMany(s Services) endpoint.Endpoint {
	about := BulkAbout(
		"cases.change_many",
		"/orgs/{org_id}/cases/bulk",
		"Change many cases, as a job with a result for each",
	)
	return endpoint.New(about, func(ctx context.Context, in *bulkInput) (*jobs.Output, error) {
		return s.Bulk(ctx, lists.Scope{OrgID: in.OrgID}, in.Body)
	})
}

// MatchingFilter selects cases for an action on many.
type MatchingFilter struct {
	Action string `query:"action" required:"true" enum:"archive,unarchive,close,delete,restore,assign,tag" doc:"What would be done with the cases."`
	ConsoleFilter
}

// MatchingOutput is how many cases match.
type MatchingOutput struct {
	Body struct {
		Count int `json:"count" doc:"How many cases the action would be performed on; the expected of the request for it."`
	}
}

// CountMatching counts the cases of a scope that an action with a filter would be performed on.
func (s Services) CountMatching(
	ctx context.Context, scope lists.Scope, in MatchingFilter, orgIDs []string,
) (*MatchingOutput, error) {
	by, out := endpoint.Principal(ctx), &MatchingOutput{}
	var err error
	out.Body.Count, err = s.CaseJobs.CountMatching(ctx, by, scope, casejobs.BulkAction(in.Action),
		in.OfOrgs(by.UserID, orgIDs))
	return out, err
}

// MatchingGrants returns what finding the cases that match a filter needs.
func MatchingGrants() grant.Grants {
	return grant.Union(
		grant.On(grant.Core, grant.Get), grant.On(grant.Audit, grant.Put),
		grant.On(grant.Derived, grant.Get, grant.BatchGet, grant.Query),
	)
}

type matchingInput struct {
	OrgID string `path:"org_id" format:"uuid"`
	MatchingFilter
}

// countMatching counts the cases of an organization that an action on many would be performed on.
func countMatching(s Services) endpoint.Endpoint {
	return endpoint.Get("cases.count_matching", "/orgs/{org_id}/cases/bulk",
		"Count the cases that an action on many would change",
		func(ctx context.Context, in *matchingInput) (*MatchingOutput, error) {
			return s.CountMatching(ctx, lists.Scope{OrgID: in.OrgID}, in.MatchingFilter, nil)
		}).Using(MatchingGrants())
}
