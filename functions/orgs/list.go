package orgs

import (
	"cmp"
	"context"
	"slices"
	"strings"

	"github.com/tenantry/tenantry/functions/endpoint"
	"github.com/tenantry/tenantry/functions/grant"
	"github.com/tenantry/tenantry/shared/fault"
	"github.com/tenantry/tenantry/shared/identity"
	"github.com/tenantry/tenantry/shared/tenant"
	"github.com/tenantry/tenantry/shared/tenant/directory"
)

// ListFilter is what lists of organizations are selected and ordered by.
type ListFilter struct {
	Name          string `query:"name" maxLength:"128" doc:"Only organizations with this in their name, however it is capitalized."`
	AccountNumber string `query:"account_number" maxLength:"64" doc:"Only organizations with this account number, however it is capitalized."`
	Sort          string `query:"sort" enum:"name,-name,created_time,-created_time,modified_time,-modified_time,timestamp,-timestamp" doc:"The order; with a leading - descending. timestamp is another name of modified_time. By default by name."`
}

// Query returns the query of a filter.
func (f ListFilter) Query() directory.Query {
	query := directory.Query{Name: f.Name, AccountNumber: f.AccountNumber, Sort: f.Sort}
	switch f.Sort {
	case "timestamp":
		query.Sort = directory.ByModified
	case "-timestamp":
		query.Sort = "-" + directory.ByModified
	}
	return query
}

// OfPage returns the query of a page by its number.
func OfPage(query directory.Query, pages endpoint.Pages) directory.Query {
	query.Limit, query.Offset = pages.Limit, (pages.Page-1)*pages.Limit
	return query
}

// ListGrants returns the grants that listing organizations needs.
func ListGrants() grant.Grants { return grant.On(grant.Derived, grant.Get, grant.Query) }

// ListOutput is a page of organizations.
type ListOutput struct {
	endpoint.PageHeaders
	Body []Org
}

// Headers returns the headers of a page.
func Headers(page directory.Page, pages endpoint.Pages) endpoint.PageHeaders {
	return endpoint.PageHeaders{Limit: pages.Limit, Page: pages.Page, Total: int(page.Total)}
}

// List shapes a page of organizations.
func List(
	ctx context.Context, tenants *tenant.Tenants, page directory.Page, pages endpoint.Pages,
) (*ListOutput, error) {
	shown, err := Shape(ctx, tenants, page.Orgs)
	return &ListOutput{PageHeaders: Headers(page, pages), Body: shown}, err
}

type listInput struct {
	endpoint.Pages
	ListFilter
}

// list lists organizations.
func list(s Services) endpoint.Endpoint {
	return endpoint.Get("orgs.list", "/orgs",
		"List organizations: all direct customers for operators; otherwise your own, by name",
		func(ctx context.Context, in *listInput) (*ListOutput, error) {
			by := endpoint.Principal(ctx)
			if !by.May(identity.RunPlatform, identity.ThePlatform()) {
				return s.own(ctx, by, *in)
			}
			page, err := s.Directory.List(ctx, by, directory.Scope{}, OfPage(in.Query(), in.Pages))
			if err != nil {
				return nil, err
			}
			return List(ctx, s.Tenants, page, in.Pages)
		}).Using(ListGrants())
}

// own lists the organizations of the caller's own privileges, of which there are few.
func (s Services) own(ctx context.Context, by identity.Principal, in listInput) (*ListOutput, error) {
	if in.AccountNumber != "" {
		return nil, fault.InField("query.account_number", "is for operators: leave it out, your own organizations are few")
	}
	all, err := s.Tenants.OwnOrgs(ctx, by)
	if err != nil {
		return nil, err
	}
	var named []tenant.Org
	for _, org := range all {
		if tenant.NameContains(org.Name, in.Name) {
			named = append(named, org)
		}
	}
	sortOwn(named, in.Query().Sort)
	orgs, headers := endpoint.PageOf(named, in.Pages)
	shown, err := Shape(ctx, s.Tenants, orgs)
	return &ListOutput{PageHeaders: headers, Body: shown}, err
}

// sortOwn orders organizations, which are ordered by name, as a query asks for.
func sortOwn(orgs []tenant.Org, order string) {
	field, descending := strings.CutPrefix(order, "-")
	slices.SortStableFunc(orgs, func(a, b tenant.Org) int {
		switch field {
		case directory.ByCreated:
			return cmp.Compare(a.Created, b.Created)
		case directory.ByModified:
			return cmp.Compare(a.Modified, b.Modified)
		}
		return 0
	})
	if descending {
		slices.Reverse(orgs)
	}
}
