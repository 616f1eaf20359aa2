package lists

import (
	"cmp"
	"context"
	"slices"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/tenantry/tenantry/shared/fault"
	"github.com/tenantry/tenantry/shared/identity"
	"github.com/tenantry/tenantry/shared/search"
	"github.com/tenantry/tenantry/shared/support"
)

// Count is the number of cases with a value.
type Count struct {
	Value string
	// Name is the display name of the value, if the value is an ID.
	Name  string
	Count int64
}

// Counts is the distribution of the cases of a scope.
type Counts struct {
	// Counts are the nonzero counts, greatest first; days and ages are in order of time.
	Counts []Count
	// IndexedUntil and Lags are as in Page.
	IndexedUntil int64
	Lags         bool
}

// CountQuery selects what is counted.
type CountQuery struct {
	// By is one of CountFields, or "age" or "agent"; "" means the status.
	By string
	// List is OpenList, which leaves out solved, closed and archived cases, or AllLists, as "" is.
	// Ages always count open cases only.
	List support.State
	// Status "open" is another name of OpenList.
	Status string
	// From and To are the first and the last day of counts by day, as in 2026-11-22; "" for no
	// limit.
	From, To string
}

// maxCounts is the maximum number of values in one result.
const maxCounts = 4000

// Count returns the distribution of the cases of a scope, for principals who see them. Its cost
// depends on the number of values, not on the number of cases.
func (s *Service) Count(ctx context.Context, by identity.Principal, scope Scope, query CountQuery) (Counts, error) {
	admission, err := s.admit(ctx, by, scope, "")
	if err != nil {
		return Counts{}, err
	}
	field, err := query.field()
	if err != nil {
		return Counts{}, err
	}
	var state search.State
	var newest int64
	group, groupCtx := errgroup.WithContext(ctx)
	group.Go(func() (err error) {
		state, err = s.index.State(groupCtx, scope.Space())
		return err
	})
	group.Go(func() (err error) {
		newest, err = s.newest(groupCtx, scope)
		return err
	})
	if err := group.Wait(); err != nil { // before the counts, so that they are at least as new
		return Counts{}, err
	}
	tally := Counts{IndexedUntil: state.Indexed, Lags: newest > state.Indexed}
	if scope == (Scope{}) {
		tally.Counts, err = s.countDirect(ctx, by, field)
	} else if tally.Counts, err = s.totals(ctx, scope.Space(), field); err == nil {
		tally.Counts, err = s.subtract(ctx, admission, field, tally.Counts)
	}
	if err != nil {
		return Counts{}, err
	}
	if err := s.shape(ctx, &tally, query, admission.Agent); err != nil {
		return Counts{}, err
	}
	return tally, nil
}

func (w *CountQuery) field() (string, error) {
	w.By = cmp.Or(w.By, "status")
	prefix := allCases
	switch {
	case w.List != "" && w.List != AllLists && w.List != support.OpenList:
		return "", fault.OneOf("list", []support.State{support.OpenList, AllLists})
	case w.Status != "" && w.Status != string(support.Open):
		return "", fault.InField("status", "cannot be counted by: give list=open or list=all, or distinct=status")
	}
	if w.List == support.OpenList || w.Status != "" {
		prefix = openCases
	}
	for _, date := range []struct{ field, text string }{{"from", w.From}, {"to", w.To}} {
		if _, err := time.Parse(time.DateOnly, date.text); date.text != "" && err != nil {
			return "", fault.InField(date.field, "must be a day, as in 2026-11-22")
		}
	}
	switch {
	case w.By == "age":
		return openCases + "opened", nil
	case w.By == "agent":
		return prefix + byAssignee, nil
	case !slices.Contains(CountFields(), w.By):
		return "", fault.OneOf("distinct", append(CountFields(), "agent", "age"))
	}
	return prefix + w.By, nil
}

// shape converts counts to the form that callers expect.
func (s *Service) shape(ctx context.Context, tally *Counts, query CountQuery, agent bool) error {
	switch query.By {
	case "opened", "solved":
		tally.Counts = slices.DeleteFunc(tally.Counts, func(c Count) bool {
			return query.From != "" && c.Value < query.From || query.To != "" && c.Value > query.To
		})
		return nil // already in the order of days
	case "age":
		tally.Counts = ages(tally.Counts, s.journal.Now())
		return nil
	}
	slices.SortStableFunc(
		tally.Counts,
		func(a, b Count) int { return cmp.Or(cmp.Compare(b.Count, a.Count), cmp.Compare(a.Value, b.Value)) },
	)
	switch query.By {
	case byAssignee, "agent":
		return s.nameAgents(ctx, tally.Counts, agent)
	case byOrg:
		ids := make([]string, len(tally.Counts))
		for i, c := range tally.Counts {
			ids[i] = c.Value
		}
		names, err := s.tenants.Names(ctx, nil, ids)
		for i, c := range tally.Counts {
			tally.Counts[i].Name = names[c.Value]
		}
		return err
	}
	return nil
}

// maxNamedAgents is the maximum number of agents whose names are read from their accounts.
const maxNamedAgents = 100

func (s *Service) nameAgents(ctx context.Context, counts []Count, agent bool) error {
	var ids []string
	for _, c := range counts {
		if c.Value != none && len(ids) < maxNamedAgents {
			ids = append(ids, c.Value)
		}
	}
	people, err := s.accounts.People(ctx, ids)
	if err != nil {
		return err
	}
	for i, c := range counts {
		for _, person := range people {
			if person.ID == c.Value {
				counts[i].Name = partyName(person, agent)
			}
		}
	}
	return nil
}

// partyName returns a person's name. Customers do not see an agent's address, which replaces a
// missing name.
func partyName(person identity.Person, agent bool) string {
	principal := person.Principal("", "")
	if name := principal.Name(); agent || name != person.Email {
		return name
	}
	return ""
}

// ages groups the days on which open cases were opened by age.
func ages(days []Count, now time.Time) []Count {
	spans := []struct {
		name string
		days int
	}{{"1 day", 1}, {"3 days", 3}, {"7 days", 7}, {"30 days", 30}, {"90 days", 90}, {"365 days", 365}, {"older", 1 << 20}}
	counts := make([]Count, len(spans))
	for i, span := range spans {
		counts[i].Value = span.name
	}
	today := now.UTC().Truncate(24 * time.Hour)
	for _, one := range days {
		opened, err := time.Parse(time.DateOnly, one.Value)
		if err != nil {
			continue // not a valid day
		}
		age := int(today.Sub(opened) / (24 * time.Hour))
		at := slices.IndexFunc(spans, func(span struct {
			name string
			days int
		}) bool {
			return age < span.days
		})
		counts[at].Count += one.Count
	}
	return counts
}
