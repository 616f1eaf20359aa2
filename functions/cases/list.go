package cases

import (
	"context"

	"github.com/tenantry/tenantry/functions/endpoint"
	"github.com/tenantry/tenantry/functions/grant"
	"github.com/tenantry/tenantry/shared/support"
)

// StatusFilter says which cases a list shows.
type StatusFilter struct {
	Status string `query:"status" enum:"open,closed,archived,deleted" default:"open" doc:"open: those not solved or closed; closed: those solved or closed; archived: those put away; deleted: those that can still be restored (administrators)."`
}

// Filter makes the filter of a list.
func (f StatusFilter) Filter(ctx context.Context, cursor endpoint.Cursor) (support.ListFilter, error) {
	after, err := cursor.After(ctx)
	return support.ListFilter{State: support.State(f.Status), Limit: cursor.Limit, After: after}, err
}

// ListOutput is a page of cases.
type ListOutput struct {
	Body struct {
		Limit   int    `json:"limit"`
		Results []Case `json:"results" doc:"The newest change first."`
		Next    string `json:"next,omitempty" doc:"The path of the following page; absent at the end."`
	}
}

// List shapes a page of cases.
func List(ctx context.Context, found support.Lines, limit int) *ListOutput {
	out := &ListOutput{}
	out.Body.Limit, out.Body.Results = limit, make([]Case, 0, len(found.Lines))
	for _, line := range found.Lines {
		out.Body.Results = append(out.Body.Results, lineOf(line))
	}
	out.Body.Next = endpoint.Next(ctx, found.Next)
	return out
}

type listInput struct {
	OrgID string `path:"org_id" format:"uuid"`
	endpoint.Cursor
	StatusFilter
	Submitter string `query:"submitter" maxLength:"36" doc:"The id of a person, or me: only the cases opened by them."`
}

// list lists an organization's cases.
func list(s Services) endpoint.Endpoint {
	return endpoint.Get("cases.list", "/orgs/{org_id}/cases", "List an organization's cases, the newest change first",
		func(ctx context.Context, in *listInput) (*ListOutput, error) {
			by := endpoint.Principal(ctx)
			filter, err := in.Filter(ctx, in.Cursor)
			if err != nil {
				return nil, err
			}
			if filter.SubmitterID = in.Submitter; in.Submitter == "me" {
				filter.SubmitterID = by.UserID
			}
			found, err := s.Desk.Cases(ctx, by, in.OrgID, filter)
			if err != nil {
				return nil, err
			}
			return List(ctx, found, in.Limit), nil
		}).Using(grant.On(grant.Core, grant.Query), grant.On(grant.Audit, grant.Put))
}
