package cases

import (
	"context"

	"github.com/tenantry/tenantry/functions/endpoint"
	"github.com/tenantry/tenantry/functions/grant"
	"github.com/tenantry/tenantry/shared/support/lists"
)

type listInput struct {
	OrgID string `path:"org_id" format:"uuid"`
	endpoint.Cursor
	ConsoleFilter
}

// list lists an organization's cases.
func list(s Services) endpoint.Endpoint {
	return endpoint.Get("cases.list", "/orgs/{org_id}/cases", "List, filter and search an organization's cases",
		func(ctx context.Context, in *listInput) (*ListOutput, error) {
			return s.Console(ctx, lists.Scope{OrgID: in.OrgID}, in.ConsoleFilter, nil, in.Cursor)
		}).Using(ConsoleGrants())
}

// ConsoleGrants is what a console needs.
func ConsoleGrants() grant.Grants {
	return grant.Union(
		grant.On(grant.Core, grant.Query),
		grant.On(grant.Audit, grant.Put),
		grant.On(grant.Derived, grant.Get, grant.BatchGet, grant.Query),
	)
}

// Console answers with a page of the cases of a scope.
func (s Services) Console(
	ctx context.Context,
	scope lists.Scope,
	filter ConsoleFilter,
	orgIDs []string,
	cursor endpoint.Cursor,
) (*ListOutput, error) {
	by := endpoint.Principal(ctx)
	wanted, wrong := filter.Wanted(by.UserID)
	if orgIDs = given(orgIDs); len(orgIDs) > 0 {
		wanted.Filters["org"] = orgIDs
	}
	var err error
	if wanted.After, err = cursor.After(ctx); err != nil {
		return nil, err
	}
	if wrong != nil {
		return nil, s.Lists.Refuse(ctx, by, scope, wrong)
	}
	wanted.Limit = cursor.Limit
	found, err := s.Lists.Search(ctx, by, scope, wanted)
	if err != nil {
		return nil, err
	}
	return List(ctx, found, cursor.Limit), nil
}
