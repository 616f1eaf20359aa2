package casejobs

import (
	"context"
	"encoding/json"
	"slices"

	"github.com/tenantry/tenantry/shared/fault"
	"github.com/tenantry/tenantry/shared/identity"
	"github.com/tenantry/tenantry/shared/job"
	"github.com/tenantry/tenantry/shared/search"
	"github.com/tenantry/tenantry/shared/support"
	"github.com/tenantry/tenantry/shared/support/lists"
)

// CountMatching returns how many cases an action with a filter would be performed on, for principals
// who may perform it. It returns a fault of code Invalid if there are more than a job can have.
func (s *Service) CountMatching(
	ctx context.Context, by identity.Principal, scope lists.Scope, action BulkAction, filter lists.Query,
) (int, error) {
	if !slices.Contains(BulkActions(), action) {
		return 0, fault.OneOf("action", BulkActions())
	}
	if _, err := s.jobPlace(ctx, by, scope, action.permission()); err != nil {
		return 0, err
	}
	matching, err := s.matching(ctx, by, scope, filter)
	return len(matching), err
}

// matching returns the cases that a filter selects and that the principal sees.
func (s *Service) matching(
	ctx context.Context, by identity.Principal, scope lists.Scope, filter lists.Query,
) ([]support.Reference, error) {
	admission, err := s.lists.Admit(ctx, by, scope, filter)
	if err != nil {
		return nil, err
	}
	if lists.Number(filter.Phrase) > 0 {
		return nil, fault.InField("search", "must be words: name a case by its id in cases")
	}
	if err := s.lists.CheckValues(ctx, scope, filter, admission); err != nil {
		return nil, err
	}
	query := s.lists.SearchQuery(filter)
	query.Order, query.Descending, query.Limit, query.After = "", false, search.MostHits, ""
	var cases []support.Reference
	for {
		page, err := s.index.Find(ctx, scope.Space(), query)
		if err != nil {
			return nil, err
		}
		lines := make([]support.Summary, len(page.Hits))
		for i, hit := range page.Hits {
			if err := json.Unmarshal(hit.Data, &lines[i]); err != nil {
				return nil, err
			}
		}
		if lines, err = s.lists.Permitted(ctx, by, scope, admission, lines); err != nil {
			return nil, err
		}
		for _, line := range lines {
			cases = append(cases, support.Reference{OrgID: line.OrgID, CaseID: line.ID})
		}
		if len(cases) > job.MaxTargets {
			return nil, fault.InField("filter", "matches more than %d cases: narrow it", job.MaxTargets)
		}
		if query.After = page.Next; page.Next == "" {
			break
		}
	}
	return cases, nil
}

// selected returns the cases of a request: those that it names, or those that its filter selects.
func (s *Service) selected(
	ctx context.Context, by identity.Principal, scope lists.Scope, request Bulk,
) ([]support.Reference, error) {
	if request.Filter == nil {
		if request.Expected != nil {
			return nil, fault.InField("expected", "must be given only with a filter")
		}
		return request.Cases, nil
	}
	if len(request.Cases) > 0 {
		return nil, fault.InField("filter", "must not be given together with cases")
	}
	cases, err := s.matching(ctx, by, scope, *request.Filter)
	if err != nil {
		return nil, err
	}
	if len(cases) == 0 {
		return nil, fault.InField("filter", "matches no case that you see: change it, or name the cases")
	}
	if request.Expected != nil && *request.Expected != len(cases) {
		return nil, fault.New(fault.Conflict,
			"The filter matches %d cases by now, and not %d. Nothing was changed: look at the list again.",
			len(cases), *request.Expected)
	}
	return cases, nil
}
