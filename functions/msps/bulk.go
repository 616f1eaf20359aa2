package msps

import (
	"context"
	"net/http"

	"github.com/tenantry/tenantry/functions/endpoint"
	"github.com/tenantry/tenantry/functions/grant"
	"github.com/tenantry/tenantry/functions/jobs"
	"github.com/tenantry/tenantry/shared/tenant"
	"github.com/tenantry/tenantry/shared/tenant/bulk"
)

// OrgsRequest is an action on many organizations.
type OrgsRequest struct {
	Action string     `json:"action" enum:"label" doc:"label gives labels and takes others off."`
	OrgIDs []string   `json:"org_ids,omitempty" maxItems:"10000" doc:"The organizations; or use filter."`
	Filter *OrgFilter `json:"filter,omitempty" doc:"Which organizations are meant; or use org_ids."`
	Add    []string   `json:"add,omitempty" maxItems:"20" doc:"With label: the ids or names of labels to give."`
	Remove []string   `json:"remove,omitempty" maxItems:"500" doc:"With label: the ids or names of labels to take off."`
}

// OrgFilter selects organizations; an empty one selects all.
type OrgFilter struct {
	LabelID string `json:"orggroup_id,omitempty" maxLength:"36" doc:"Those with this label."`
	Name    string `json:"name,omitempty" maxLength:"128" doc:"Those with this in their name, however it is capitalized."`
}

func (r OrgsRequest) request() bulk.Request {
	request := bulk.Request{
		Action: bulk.Action(r.Action), OrgIDs: r.OrgIDs, Labels: tenant.Relabeling{Add: r.Add, Remove: r.Remove},
	}
	if r.Filter != nil {
		request.Filter = &tenant.OrgFilter{LabelID: r.Filter.LabelID, Name: r.Filter.Name}
	}
	return request
}

type changeOrgsInput struct {
	ID
	Body struct {
		OrgsRequest
		RequestID string `json:"request_id,omitempty" maxLength:"100" doc:"A key of your choice. A request that is sent again with the same key is carried out only once."`
	}
}

// changeOrgs runs an action on many organizations of an MSP.
func changeOrgs(s Services) endpoint.Endpoint {
	about := endpoint.About{
		Name: "msps.change_orgs", Method: http.MethodPost, Path: "/msps/{msp_id}/orgs/bulk",
		Summary: "Run an action on many organizations of an MSP, as a job with a result for each",
		MaxBody: 1 << 20, BodyKey: "request_id",
		Uses: grant.Union(jobs.CreateGrants(), grant.On(grant.Core, grant.Get, grant.Query)),
	}
	return endpoint.New(about, func(ctx context.Context, in *changeOrgsInput) (*jobs.Output, error) {
		created, err := s.OrgJobs.Create(ctx, endpoint.Principal(ctx), in.MSPID, in.Body.request())
		return &jobs.Output{Body: jobs.Of(created)}, err
	})
}

type previewOrgsInput struct {
	ID
	Body OrgsRequest
}

// Effect is what an action would do to an organization.
type Effect struct {
	OrgID    string   `json:"org_id"`
	Name     string   `json:"name"`
	Add      []string `json:"add" doc:"The ids of the labels that it would get."`
	Remove   []string `json:"remove" doc:"The ids of the labels that it would lose."`
	Blockers []string `json:"blockers" doc:"What is in the way; the action would fail here."`
}

type previewOrgsOutput struct {
	Body struct {
		Total     int      `json:"total" doc:"How many organizations are meant."`
		Changed   int      `json:"changed"`
		Unchanged int      `json:"unchanged"`
		Blocked   int      `json:"blocked"`
		Results   []Effect `json:"results" doc:"At most 1,000 of them: blocked ones, then those that would change, each by name."`
	}
}

// previewOrgs says what an action on many organizations would do.
func previewOrgs(s Services) endpoint.Endpoint {
	about := endpoint.About{
		Name: "msps.preview_orgs", Method: http.MethodPost, Path: "/msps/{msp_id}/orgs/bulk/preview",
		Summary: "See what an action on many organizations would do; it changes nothing",
		MaxBody: 1 << 20,
		Uses:    grant.Union(grant.On(grant.Core, grant.Get, grant.Query), grant.On(grant.Audit, grant.Put)),
	}
	return endpoint.New(about, func(ctx context.Context, in *previewOrgsInput) (*previewOrgsOutput, error) {
		preview, err := s.OrgJobs.Preview(ctx, endpoint.Principal(ctx), in.MSPID, in.Body.request())
		if err != nil {
			return nil, err
		}
		out := &previewOrgsOutput{}
		b := &out.Body
		b.Total, b.Changed, b.Unchanged, b.Blocked = preview.Total, preview.Changed, preview.Unchanged, preview.Blocked
		b.Results = make([]Effect, 0, len(preview.Effects))
		for _, effect := range preview.Effects {
			b.Results = append(b.Results, Effect{
				OrgID: effect.OrgID, Name: effect.Name, Add: append([]string{}, effect.Add...),
				Remove: append([]string{}, effect.Remove...), Blockers: append([]string{}, effect.Blockers...),
			})
		}
		return out, nil
	}).ReadsMuch()
}
