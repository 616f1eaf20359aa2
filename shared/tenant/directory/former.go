package directory

import (
	"context"
	"slices"
	"strconv"
	"strings"

	"github.com/tenantry/tenantry/shared/identity"
	"github.com/tenantry/tenantry/shared/search"
	"github.com/tenantry/tenantry/shared/tenant"
)

// formerMost is how many organizations a list of a former version had at most.
const formerMost = 10_000

// fromLists returns a page from the stored lists, as former versions did, until the index of an installation
// that they leave behind is complete. It has no filter by account number: it finds nothing by one.
func (s *Service) fromLists(ctx context.Context, by identity.Principal, scope Scope, query Query) (Page, error) {
	all, err := s.formerOrgs(ctx, by, scope, tenant.OrgFilter{LabelID: query.LabelID, Name: query.Name})
	if err != nil {
		return Page{}, err
	}
	if query.AccountNumber != "" {
		all = nil
	}
	all = slices.DeleteFunc(all, func(org tenant.Org) bool { return !inLists(org) })
	order, descending := query.order()
	slices.SortFunc(all, func(x, y tenant.Org) int {
		if descending {
			x, y = y, x
		}
		return strings.Compare(sortKey(x, order), sortKey(y, order))
	})
	from := query.Offset
	if query.After != "" {
		from, _ = strconv.Atoi(query.After) // it is sealed; a cursor of the index begins the list again
	}
	from = min(max(from, 0), len(all))
	page := Page{Total: int64(len(all)), Exact: len(all) <= formerMost}
	page.Orgs = all[from:min(from+query.Limit, len(all))]
	if end := from + len(page.Orgs); end < len(all) && query.Limit > 0 {
		page.Next = strconv.Itoa(end)
	}
	return page, nil
}

// sortKey returns what an organization is sorted by; IDs sort by time of creation, as numbers do.
func sortKey(org tenant.Org, order string) string {
	switch order {
	case ByCreated:
		return seconds(org.Created) + org.ID
	case ByModified:
		return seconds(org.Modified) + org.ID
	default:
		return search.Fold(org.Name) + "\x00" + org.ID
	}
}

func (s *Service) formerOrgs(
	ctx context.Context, by identity.Principal, scope Scope, filter tenant.OrgFilter,
) ([]tenant.Org, error) {
	if scope.MSPID != "" && !scope.All {
		return s.tenants.MSPOrgs(ctx, by, scope.MSPID, filter, formerMost)
	}
	all, err := s.tenants.DirectOrgs(ctx, by, filter, formerMost)
	if err != nil || !scope.All {
		return all, err
	}
	msps, err := s.tenants.MSPs(ctx, by)
	for _, msp := range msps {
		if len(all) > formerMost {
			break
		}
		some, failed := s.tenants.MSPOrgs(ctx, by, msp.ID, filter, formerMost)
		if failed != nil {
			return nil, failed
		}
		all = append(all, some...)
	}
	return all, err
}
