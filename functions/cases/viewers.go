package cases

import (
	"context"

	"github.com/tenantry/tenantry/functions/endpoint"
	"github.com/tenantry/tenantry/functions/grant"
	"github.com/tenantry/tenantry/shared/support"
)

// Viewer is an agent who has a case open.
type Viewer struct {
	ID   string `json:"id"`
	Name string `json:"name"`
	Seen int64  `json:"seen_at" doc:"Epoch seconds, to about half a minute."`
}

type viewersOutput struct {
	Body []Viewer
}

func viewersOf(viewers []support.Viewer) *viewersOutput {
	out := &viewersOutput{Body: make([]Viewer, 0, len(viewers))}
	for _, viewer := range viewers {
		out.Body = append(out.Body, Viewer(viewer))
	}
	return out
}

// listViewers lists the other agents who have a case open.
func listViewers(s Services) endpoint.Endpoint {
	return endpoint.Get("cases.list_viewers", "/orgs/{org_id}/cases/{case_id}/viewers",
		"List the other agents who have the case open, at most twenty (agents)",
		func(ctx context.Context, in *ID) (*viewersOutput, error) {
			viewers, err := s.Cases.Viewers(ctx, endpoint.Principal(ctx), in.OrgID, in.CaseID)
			return viewersOf(viewers), err
		}).Using(grant.On(grant.Derived, grant.Query))
}

// announceViewer notes for a minute that the caller has a case open.
func announceViewer(s Services) endpoint.Endpoint {
	return endpoint.Post("cases.announce_viewer", "/orgs/{org_id}/cases/{case_id}/viewers",
		"Say that you have the case open, for a minute, and list the other agents who have (agents)",
		func(ctx context.Context, in *ID) (*viewersOutput, error) {
			viewers, err := s.Cases.View(ctx, endpoint.Principal(ctx), in.OrgID, in.CaseID)
			return viewersOf(viewers), err
		}).Using(grant.On(grant.Derived, grant.Query))
}
