package cases

import (
	"context"
	"net/http"

	"github.com/tenantry/tenantry/functions/endpoint"
	"github.com/tenantry/tenantry/functions/jobs"
	"github.com/tenantry/tenantry/shared/support"
	"github.com/tenantry/tenantry/shared/support/casejobs"
	"github.com/tenantry/tenantry/shared/support/lists"
)

// BulkRequest is a request to change many cases.
type BulkRequest struct {
	Action       string     `json:"action" enum:"archive,unarchive,close,delete,restore,assign,tag" doc:"delete and restore are for administrators, assign for agents."`
	Value        string     `json:"value,omitempty" maxLength:"100" doc:"With assign: the agent's id, or empty to unassign the cases. With tag: the custom tag."`
	Cases        []BulkCase `json:"cases" minItems:"1" maxItems:"20000"`
	Confirmation string     `json:"confirmation,omitempty" maxLength:"20" doc:"With delete: the word DELETE, in capitals."`
	RequestID    string     `json:"request_id,omitempty" maxLength:"100" doc:"A key of your choice. A request that is sent again with the same key is carried out only once."`
}

// BulkCase identifies one of the cases.
type BulkCase struct {
	ID    string `json:"id" format:"uuid"`
	OrgID string `json:"org_id,omitempty" maxLength:"36" doc:"The case's organization; required in requests for an MSP."`
}

// Bulk starts a job that changes many cases of a scope.
func (s Services) Bulk(ctx context.Context, scope lists.Scope, in BulkRequest) (*jobs.Output, error) {
	by := endpoint.Principal(ctx)
	request := casejobs.Bulk{
		Action: casejobs.BulkAction(in.Action), Value: in.Value, Confirmation: in.Confirmation,
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
		Uses:    jobs.CreateGrants(),
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
