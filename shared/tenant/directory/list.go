package directory

import (
	"context"
	"encoding/json"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/google/uuid"

	"github.com/tenantry/tenantry/shared/fault"
	"github.com/tenantry/tenantry/shared/identity"
	"github.com/tenantry/tenantry/shared/search"
	"github.com/tenantry/tenantry/shared/tenant"
)

// MaxLimit is the maximum number of organizations on a page.
const MaxLimit = search.MostHits

// maxName is the longest part of a name, in characters: that of a name.
const maxName = 128

// Query selects and orders organizations; empty fields select all.
type Query struct {
	// Name is a part of their name, however it is capitalized.
	Name string
	// AccountNumber is the whole of their account number, however it is capitalized.
	AccountNumber string
	// OrgID is the only organization, which is listed if it belongs to the scope and the rest selects it.
	OrgID string
	// LabelID is a label that they have; a fault of code Invalid if the MSP has no such label.
	LabelID string
	// Sort is one of Orders, with a leading "-" for descending order; "" is ByName.
	Sort string
	// Limit is the maximum number of organizations on a page, from 1 to MaxLimit; 0 only counts them.
	Limit int
	// Offset is how many of the list come before the page. After, the Next of the previous page, takes
	// precedence: it costs the same on each page.
	Offset int
	After  string
	// reach are the labels whose organizations are all that the reader reaches; nil for all.
	reach *[]string
}

// Page is a page of a list.
type Page struct {
	// Orgs are as they are now. They may be fewer than the limit, because some have changed since the index
	// followed.
	Orgs []tenant.Org
	// Total is how many the list has if Exact, and a lower bound otherwise.
	Total int64
	Exact bool
	// Next continues the list; "" at its end.
	Next string
}

// order returns the order of the list, and whether it is descending.
func (q Query) order() (string, bool) {
	order, descending := strings.CutPrefix(q.Sort, "-")
	if order == "" {
		order = ByName
	}
	return order, descending
}

// where returns the conditions by terms.
func (q Query) where() []search.Condition {
	var where []search.Condition
	switch {
	case q.reach != nil && q.LabelID != "" && !slices.Contains(*q.reach, q.LabelID):
		where = append(where, search.Condition{Field: byLabel}) // matches none
	case q.LabelID != "":
		where = append(where, search.Condition{Field: byLabel, Values: []string{q.LabelID}})
	case q.reach != nil:
		where = append(where, search.Condition{Field: byLabel, Values: *q.reach})
	}
	if q.AccountNumber != "" {
		where = append(where, search.Condition{Field: byAccountNumber, Values: []string{search.Fold(q.AccountNumber)}})
	}
	return where
}

func (q Query) check() error {
	if q.OrgID != "" && uuid.Validate(q.OrgID) != nil {
		return fault.InField("org_id", "must be an id")
	}
	if q.Name != "" && (!utf8.ValidString(q.Name) || utf8.RuneCountInString(q.Name) > maxName) {
		return fault.InField("name", "must have at most %d characters", maxName)
	}
	if order, _ := q.order(); !slices.Contains(Orders(), order) {
		return fault.InField("sort", "must be one of %s; with a leading - for descending", strings.Join(Orders(), ", "))
	}
	return nil
}

// matches reports whether a listed organization is still one that the query selects. Its account number is
// not looked at.
func (q Query) matches(org tenant.Org) bool {
	return inLists(org) && (q.LabelID == "" || slices.Contains(org.Labels, q.LabelID)) &&
		tenant.NameContains(org.Name, q.Name) &&
		(q.reach == nil || slices.ContainsFunc(org.Labels, func(id string) bool { return slices.Contains(*q.reach, id) }))
}

// List returns a page of organizations: of an MSP for those who reach some of it, and no others of them; of
// others for operators. It looks while it checks that, and returns nothing before it is known.
func (s *Service) List(ctx context.Context, by identity.Principal, scope Scope, query Query) (Page, error) {
	if !scope.All {
		if labels, limited := by.LimitedTo(identity.SeeOrg, scope.MSPID); limited {
			query.reach = &labels
		}
	}
	lookCtx, cancel := context.WithCancel(ctx)
	defer cancel()
	var looked found
	var failed error
	done := make(chan struct{})
	go func() {
		defer close(done)
		if failed = query.check(); failed == nil && query.OrgID == "" {
			if failed = s.checkComplete(lookCtx); failed == nil {
				looked, failed = s.find(lookCtx, scope.space(), query)
			}
		}
	}()
	refused := s.admit(ctx, by, scope)
	if refused != nil {
		cancel()
	}
	<-done
	switch {
	case refused != nil:
		return Page{}, refused
	case failed != nil:
		return Page{}, failed
	case query.OrgID != "":
		return s.only(ctx, scope, query)
	}
	if query.LabelID != "" && looked.total == 0 {
		if _, err := s.tenants.Label(ctx, by, scope.MSPID, query.LabelID); err != nil {
			return Page{}, noLabel(err)
		}
	}
	return s.load(ctx, scope, query, looked)
}

// only returns the page with the one organization of a query, if it belongs to the list.
func (s *Service) only(ctx context.Context, scope Scope, query Query) (Page, error) {
	page := Page{Exact: true}
	items, err := s.journal.BatchGet(ctx, keysOf(query.OrgID)[:2])
	if err != nil {
		return Page{}, err
	}
	present, err := s.stateOf(items)
	switch {
	case fault.Is(err, fault.NotFound):
		return page, nil
	case err != nil:
		return Page{}, err
	case !scope.has(present.Org) || !query.matches(present.Org) ||
		query.AccountNumber != "" && search.Fold(query.AccountNumber) != search.Fold(present.accountNumber):
		return page, nil
	}
	page.Total = 1
	if query.Limit > 0 && query.Offset == 0 {
		page.Orgs = []tenant.Org{present.Org}
	}
	return page, nil
}

func noLabel(err error) error {
	if fault.Is(err, fault.NotFound) {
		return tenant.NoLabel()
	}
	return err
}

// Count returns how many organizations of a scope a query selects, as List does.
func (s *Service) Count(ctx context.Context, by identity.Principal, scope Scope, query Query) (Page, error) {
	query.Limit, query.Offset, query.After = 0, 0, ""
	return s.List(ctx, by, scope, query)
}

func (s *Service) admit(ctx context.Context, by identity.Principal, scope Scope) error {
	if scope.MSPID != "" && !scope.All {
		_, err := s.tenants.MSP(ctx, by, scope.MSPID, identity.ListOrgs)
		return err
	}
	return by.Check(identity.RunPlatform, identity.ThePlatform())
}

// load reads the organizations that were found. It leaves out those that no longer belong to the list.
func (s *Service) load(ctx context.Context, scope Scope, query Query, found found) (Page, error) {
	page := Page{Total: found.total, Exact: found.exact, Next: found.next}
	if len(found.hits) == 0 {
		return page, nil
	}
	ids := make([]string, len(found.hits))
	for i, hit := range found.hits {
		var listed entry
		if err := json.Unmarshal(hit.Data, &listed); err != nil {
			return Page{}, err
		}
		ids[i] = listed.OrgID
	}
	orgs, err := s.tenants.LoadOrgs(ctx, ids)
	if err != nil {
		return Page{}, err
	}
	present := make(map[string]tenant.Org, len(orgs))
	for _, org := range orgs {
		present[org.ID] = org
	}
	for _, id := range ids {
		if org, there := present[id]; there && scope.has(org) && query.matches(org) {
			page.Orgs = append(page.Orgs, org)
		}
	}
	page.Total -= int64(len(ids) - len(page.Orgs))
	return page, nil
}
