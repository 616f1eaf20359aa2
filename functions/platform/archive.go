package platform

import (
	"context"

	"github.com/tenantry/tenantry/functions/endpoint"
	"github.com/tenantry/tenantry/functions/grant"
)

type archiveOutput struct {
	Body struct {
		Day     string `json:"day,omitempty" doc:"The last day in the archive, as in 2026-11-30; absent if there is none yet."`
		SHA256  string `json:"sha256,omitempty" doc:"The SHA-256 of the manifest of that day, which confirms all days before it."`
		Waiting int    `json:"waiting" doc:"How many finished days are not in the archive yet."`
		Late    bool   `json:"late" doc:"Set if more than two days wait."`
	}
}

// getArchive tells how far the archive of the audit log is.
func getArchive(s Services) endpoint.Endpoint {
	return endpoint.Get("platform.get_archive", "/platform/archive",
		"Get how far the archive of the audit log is (operators)",
		func(ctx context.Context, _ *endpoint.None) (*archiveOutput, error) {
			state, err := s.Archive.State(ctx, endpoint.Principal(ctx))
			if err != nil {
				return nil, err
			}
			out := &archiveOutput{}
			out.Body.Day, out.Body.SHA256 = state.Day, state.SHA256
			out.Body.Waiting, out.Body.Late = state.Waiting, state.Late()
			return out, nil
		}).Using(grant.On(grant.Core, grant.Get), grant.On(grant.Audit, grant.Query, grant.Put))
}
