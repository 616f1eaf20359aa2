package platform

import (
	"context"
	"time"

	"github.com/tenantry/tenantry/functions/endpoint"
	"github.com/tenantry/tenantry/functions/grant"
	"github.com/tenantry/tenantry/shared/support/lists"
)

type rebuildInput struct {
	Body struct {
		MSPID string `json:"msp_id,omitempty" maxLength:"36" doc:"Only of this MSP's cases."`
		OrgID string `json:"org_id,omitempty" maxLength:"36" doc:"Only of this organization's cases."`
	}
}

type rebuildOutput struct {
	Body struct {
		Parts int `json:"parts" doc:"How many parts are rebuilt: one per provider and one per organization, and, with all of them, that of organizations."`
	}
}

// rebuildIndex rebuilds the search index.
func rebuildIndex(s Services) endpoint.Endpoint {
	return endpoint.Post("platform.rebuild_index", "/platform/index",
		"Rebuild the search index; searches use the present one until it is done (operators)",
		func(ctx context.Context, in *rebuildInput) (*rebuildOutput, error) {
			by := endpoint.Principal(ctx)
			parts, err := s.Lists.RebuildAll(ctx, by, in.Body.OrgID, in.Body.MSPID)
			if err == nil && in.Body.OrgID == "" && in.Body.MSPID == "" {
				parts++
				err = s.Directory.RequestRebuild(ctx, by)
			}
			out := &rebuildOutput{}
			out.Body.Parts = parts
			return out, err
		}).
		Using(grant.On(grant.Derived, grant.Get), grant.On(grant.Core, grant.Query, grant.Put, grant.Get),
			grant.On(grant.Audit, grant.Put)).
		Sized(512, 29*time.Second)
}

type indexInput struct {
	MSPID string `query:"msp_id" maxLength:"36" doc:"An MSP."`
	OrgID string `query:"org_id" maxLength:"36" doc:"An organization; with neither, the platform's direct customers."`
}

type indexOutput struct {
	Body struct {
		Generation   int64  `json:"generation" doc:"How often it was built; 0 if never, in which case nothing can be found."`
		Cases        int64  `json:"cases" doc:"The number of indexed cases."`
		IndexedUntil int64  `json:"indexed_until" doc:"The time of the latest indexed change, in epoch seconds."`
		ChangedUntil int64  `json:"changed_until" doc:"The time of the latest change of a case, in epoch seconds."`
		Lagging      bool   `json:"lagging" doc:"Set if there are changes that are not searchable yet."`
		RebuildSince int64  `json:"rebuilding_since,omitempty" doc:"Since when it is being rebuilt, in epoch seconds."`
		Rebuilt      *int64 `json:"rebuilt,omitempty" doc:"While it is being rebuilt: how many cases are written."`
	}
}

// getIndex returns the state of the search index.
func getIndex(s Services) endpoint.Endpoint {
	return endpoint.Get("platform.get_index", "/platform/index", "Get the state of the search index (operators)",
		func(ctx context.Context, in *indexInput) (*indexOutput, error) {
			state, err := s.Lists.IndexState(ctx, endpoint.Principal(ctx),
				lists.Scope{MSPID: in.MSPID, OrgID: in.OrgID})
			if err != nil {
				return nil, err
			}
			out := &indexOutput{}
			b := &out.Body
			b.Generation, b.Cases, b.Lagging = state.Generation, state.Documents, state.Lags()
			b.IndexedUntil, b.ChangedUntil = state.Indexed/1_000_000, state.Newest/1_000_000
			if !state.Rebuilding.IsZero() {
				b.RebuildSince, b.Rebuilt = state.Rebuilding.Unix(), &state.Built
			}
			return out, nil
		}).
		Using(grant.On(grant.Core, grant.Query), grant.On(grant.Audit, grant.Put), grant.On(grant.Derived, grant.Get))
}
