package platform

import (
	"context"
	"net/http"

	"github.com/tenantry/tenantry/functions/endpoint"
	"github.com/tenantry/tenantry/functions/grant"
	"github.com/tenantry/tenantry/functions/jobs"
	"github.com/tenantry/tenantry/functions/orgs"
)

type changeOrgsInput struct {
	Body struct {
		orgs.BulkRequest
		RequestID string `json:"request_id,omitempty" maxLength:"100" doc:"A key of your choice. A request that is sent again with the same key is carried out only once."`
	}
}

// changeOrgs runs an action on many organizations of the installation.
func changeOrgs(s Services) endpoint.Endpoint {
	about := endpoint.About{
		Name: "platform.change_orgs", Method: http.MethodPost, Path: "/platform/orgs/bulk",
		Summary: "Run an action on many organizations of any MSP and direct customers, " +
			"as a job with a result for each (operators)",
		MaxBody: 1 << 20, BodyKey: "request_id",
		Uses: grant.Union(jobs.CreateGrants(), grant.On(grant.Core, grant.Query)),
	}
	return endpoint.New(about, func(ctx context.Context, in *changeOrgsInput) (*jobs.Output, error) {
		created, err := s.OrgJobs.Create(ctx, endpoint.Principal(ctx), "", in.Body.Request())
		return &jobs.Output{Body: jobs.Of(created)}, err
	}).NeedsFresh(endpoint.FreshByRule)
}

type previewOrgsInput struct{ Body orgs.BulkRequest }

// previewOrgs says what an action on many organizations of the installation would do.
func previewOrgs(s Services) endpoint.Endpoint {
	about := endpoint.About{
		Name: "platform.preview_orgs", Method: http.MethodPost, Path: "/platform/orgs/bulk/preview",
		Summary: "See what an action on many organizations would do; it changes nothing (operators)",
		MaxBody: 1 << 20,
		Uses:    grant.Union(grant.On(grant.Core, grant.Query), grant.On(grant.Audit, grant.Put)),
	}
	return endpoint.New(about, func(ctx context.Context, in *previewOrgsInput) (*orgs.PreviewOutput, error) {
		preview, err := s.OrgJobs.Preview(ctx, endpoint.Principal(ctx), "", in.Body.Request())
		if err != nil {
			return nil, err
		}
		return orgs.PreviewOf(preview), nil
	}).ReadsMuch()
}
