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

// ConsoleGrants returns the grants that listing and searching cases needs.
func ConsoleGrants() grant.Grants {
	return grant.Union(
		grant.On(grant.Core, grant.Query, grant.Get),
		grant.On(grant.Audit, grant.Put),
		grant.On(grant.Derived, grant.Get, grant.BatchGet, grant.Query),
	)
}

// Console returns a page of the cases of a scope.
func (s Services) Console(
	ctx context.Context,
	scope lists.Scope,
	filter ConsoleFilter,
	orgIDs []string,
	cursor endpoint.Cursor,
) (*ListOutput, error) {
	by := endpoint.Principal(ctx)
	query := filter.OfOrgs(by.UserID, orgIDs)
	var err error
	if query.After, err = cursor.After(ctx); err != nil {
		return nil, err
	}
	query.Limit = cursor.Limit
	page, err := s.Lists.Search(ctx, by, scope, query)
	if err != nil {
		return nil, err
	}
	return List(ctx, page, cursor.Limit), nil
}
