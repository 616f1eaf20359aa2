package lists

import (
	"context"
	"encoding/json"

	"golang.org/x/sync/errgroup"

	"github.com/tenantry/tenantry/shared/fault"
	"github.com/tenantry/tenantry/shared/identity"
	"github.com/tenantry/tenantry/shared/search"
	"github.com/tenantry/tenantry/shared/support"
)

// Queues are the numbers of open cases that an agent chooses the next one from.
type Queues struct {
	// Mine are assigned to the agent, Unassigned to nobody; All are all open ones.
	Mine, Unassigned, All int64
	// Breaching have a promised time that has passed. There are more than that if BreachingMore is
	// set.
	Breaching     int64
	BreachingMore bool
}

// Queues counts the open cases of a scope for an agent. Its cost depends on the number of agents and of
// breached promises, not on the number of cases.
func (s *Service) Queues(ctx context.Context, by identity.Principal, scope Scope) (Queues, error) {
	query := Query{State: support.OpenList, Due: Breached}
	admission, err := s.Admit(ctx, by, scope, query)
	if err != nil {
		return Queues{}, err
	}
	if !admission.Agent {
		return Queues{}, fault.New(fault.Forbidden, "Only agents have queues.")
	}
	var queues Queues
	group, ctx := errgroup.WithContext(ctx)
	group.Go(func() (err error) {
		queues.Breaching, queues.BreachingMore, err = s.countSeen(ctx, by, scope, query, admission)
		return err
	})
	var counts []Count
	group.Go(func() (err error) {
		field := openCases + byAssignee
		if scope == (Scope{}) {
			counts, err = s.countDirect(ctx, by, field)
			return err
		}
		if counts, err = s.totals(ctx, scope.Space(), field); err == nil {
			counts, err = s.subtract(ctx, admission, field, counts)
		}
		return err
	})
	if err := group.Wait(); err != nil {
		return Queues{}, err
	}
	for _, count := range counts {
		queues.All += count.Count
		switch count.Value {
		case by.UserID:
			queues.Mine = count.Count
		case none:
			queues.Unassigned = count.Count
		}
	}
	return queues, nil
}

// countSeen returns how many cases match a query and are seen by the principal, among the first thousand
// that match; more is set if there are others.
func (s *Service) countSeen(
	ctx context.Context, by identity.Principal, scope Scope, query Query, admission Admission,
) (count int64, more bool, err error) {
	query.Limit = search.MostHits
	page, err := s.index.Find(ctx, scope.Space(), s.SearchQuery(query))
	if err != nil {
		return 0, false, err
	}
	lines := make([]support.Summary, len(page.Hits))
	for i, hit := range page.Hits {
		if err := json.Unmarshal(hit.Data, &lines[i]); err != nil {
			return 0, false, err
		}
	}
	lines, err = s.Permitted(ctx, by, scope, admission, lines)
	return int64(len(lines)), page.Next != "", err
}
