package support

import (
	"cmp"
	"context"
	"encoding/json"
	"maps"
	"slices"
	"strings"

	"github.com/google/uuid"
	"golang.org/x/sync/errgroup"

	"github.com/tenantry/tenantry/shared/fault"
	"github.com/tenantry/tenantry/shared/identity"
	"github.com/tenantry/tenantry/shared/search"
	"github.com/tenantry/tenantry/shared/store/table"
)

// Scope is whose cases are meant: those of an organization, or of all organizations of an MSP where OrgID is empty.
type Scope struct{ OrgID, MSPID string }

// Wanted says which cases a console shows, and in which order.
type Wanted struct {
	// State is one of the lists; "" means all but what was deleted.
	State State
	// Filters are values by the name of a field, any of which will do; see Filters.
	Filters map[string][]string
	// Phrase is a part of a word, or several words as they stand, in the subject or the description; "" for none.
	Phrase string
	// Sort is one of Orders, descending with a "-" before it. "" is the newest change first, or the newest case first where
	// a phrase is looked for.
	Sort string
	// Limit is how many cases a page has at the most; After is the Next of the page before.
	Limit int
	After string
}

// Filters lists the fields that cases are filtered by.
func Filters() []string {
	return []string{"status", "severity", "type", "component", "reason", "version", "environment", "custom_tag", byOrg, bySubmitter, byAssignee}
}

// Found is a page of a console.
type Found struct {
	Lines
	// Total is how many cases there are in all, if Exact, else a number that they are not fewer than.
	Total int64
	Exact bool
	// IndexedUntil is the latest change that is found by what it says, in microseconds since 1970; Lags is set where there are later
	// ones. Both are empty where the page needs no index.
	IndexedUntil int64
	Lags         bool
}

// plain reports whether a list that is kept with the cases has just what is wanted. Those lists never lag.
func (w Wanted) plain() bool {
	for field, values := range w.Filters {
		if field != bySubmitter || len(values) != 1 {
			return false
		}
	}
	return w.State != "" && w.Phrase == "" && (w.Sort == "" || w.Sort == "-updated")
}

// Console gives a page of cases for those who see them.
func (d *Desk) Console(ctx context.Context, by identity.Principal, scope Scope, wanted Wanted) (Found, error) {
	if uuid.Validate(scope.OrgID) == nil || scope.OrgID == "" && uuid.Validate(scope.MSPID) == nil {
		if wanted.check(scope) == nil && wanted.plain() && (scope.OrgID != "" || len(wanted.Filters) == 0) {
			return d.plainPage(ctx, by, scope, wanted)
		}
	}
	agent, err := d.admitTo(ctx, by, scope, wanted.State)
	if err != nil {
		return Found{}, err
	}
	if err := wanted.check(scope); err != nil {
		return Found{}, err
	}
	return d.indexedPage(ctx, scope, wanted, agent)
}

// Refuse gives a refusal to those who see the cases of a scope; others are told of that first.
func (d *Desk) Refuse(ctx context.Context, by identity.Principal, scope Scope, wrong error) error {
	_, err := d.admitTo(ctx, by, scope, "")
	return cmp.Or(err, wrong)
}

// admitTo checks that a principal sees the cases of a scope, and whether as an agent.
func (d *Desk) admitTo(ctx context.Context, by identity.Principal, scope Scope, state State) (agent bool, err error) {
	var place identity.Place
	if scope.OrgID == "" {
		msp, err := d.tenants.MSP(ctx, by, scope.MSPID, identity.SeeMSP|identity.SeeCases)
		if err != nil {
			return false, err
		}
		place, agent = msp.Place(), true
	} else {
		org, err := d.tenants.Org(ctx, by, scope.OrgID, identity.SeeCases)
		if err != nil {
			return false, err
		}
		place, agent = org.Place(), by.IsAgent(org.Place())
	}
	if state == InBin {
		err = by.Check(identity.DeleteCases, place)
	}
	return agent, err
}

func (w Wanted) check(scope Scope) error {
	if err := search.CheckPhrase(w.Phrase); err != nil {
		return err
	}
	if w.Sort != "" && !slices.Contains(Orders(), strings.TrimPrefix(w.Sort, "-")) {
		return fault.InField("sort", "must be one of %s; with a - before it for descending", strings.Join(Orders(), ", "))
	}
	values := 0
	for field, wanted := range w.Filters {
		if !slices.Contains(Filters(), field) || field == byOrg && scope.OrgID != "" {
			return fault.InField(field, "is nothing that these cases are filtered by")
		}
		for _, value := range wanted {
			if (field == bySubmitter || field == byOrg || field == byAssignee && value != none) && uuid.Validate(value) != nil {
				return fault.InField(field, "must be an id")
			}
		}
		values += len(wanted)
	}
	if values > search.MostValues-3 { // three states may be asked for beside them
		return fault.InField("query", "must have at most %d values in all filters together", search.MostValues-3)
	}
	return nil
}

// space is the part of the index in which a scope's cases are found; partition what the partitions of its lists begin with.
func (s Scope) space() string {
	if s.OrgID == "" {
		return deskPartition(s.MSPID)
	}
	return orgSpace(s.OrgID)
}

func (w Wanted) query() search.Query {
	query := search.Query{Phrase: w.Phrase, Limit: w.Limit, After: w.After}
	states := search.Condition{Field: byState, Values: []string{string(w.State)}}
	if w.State == "" {
		states.Values = []string{string(AreOpen), string(AreClosed), string(InArchive)}
	}
	query.Where = append(query.Where, states)
	for _, field := range slices.Sorted(maps.Keys(w.Filters)) {
		query.Where = append(query.Where, search.Condition{Field: field, Values: unique(w.Filters[field])})
	}
	sort := w.Sort
	if sort == "" {
		if sort = "-updated"; w.Phrase != "" {
			sort = "-number"
		}
	}
	query.Order, query.Descending = strings.TrimPrefix(sort, "-"), strings.HasPrefix(sort, "-")
	if query.Order == "number" || query.Order == "opened" {
		query.Order = ""
	}
	return query
}

// plainPage reads a page of a list that is kept with the cases, its total, and whether the principal may see it, all at once: what was read goes no
// further until that is answered.
func (d *Desk) plainPage(ctx context.Context, by identity.Principal, scope Scope, wanted Wanted) (Found, error) {
	partition := scope.space() + "#CASES#" + wanted.State.list()
	if submitter := wanted.Filters[bySubmitter]; len(submitter) == 1 {
		partition += "#BY#" + submitter[0]
	}
	var page table.Page
	var agent bool
	var found Found
	group, groupCtx := errgroup.WithContext(ctx)
	group.Go(func() (err error) {
		page, err = d.journal.Query(groupCtx, table.Query{Partition: partition, Descending: true, Limit: wanted.Limit, After: wanted.After})
		return err
	})
	if wanted.After == "" {
		group.Go(func() (err error) {
			found.Total, err = d.plainTotal(groupCtx, scope, wanted)
			found.Exact = true
			return err
		})
	}
	agent, refused := d.admitTo(ctx, by, scope, wanted.State)
	if err := group.Wait(); refused != nil || err != nil {
		return Found{}, cmp.Or(refused, err)
	}
	lines, err := linesOf(page, agent)
	found.Lines = Lines{Lines: lines, Next: page.Next}
	return found, err
}

// plainTotal is how many cases a list has: of all submitters by the count of its state, of one by the sets of both.
func (d *Desk) plainTotal(ctx context.Context, scope Scope, wanted Wanted) (int64, error) {
	if len(wanted.Filters) > 0 {
		query := wanted.query()
		query.Order, query.Limit = "", 1
		page, err := d.found.Find(ctx, scope.space(), query)
		return page.Total, err
	}
	counts, _, err := d.found.Totals(ctx, scope.space(), byState, search.MostHits, "")
	for _, count := range counts {
		if count.Value == string(wanted.State) {
			return count.Count, err
		}
	}
	return 0, err
}

func (d *Desk) indexedPage(ctx context.Context, scope Scope, wanted Wanted, agent bool) (Found, error) {
	var found Found
	var newest int64
	group, groupCtx := errgroup.WithContext(ctx)
	group.Go(func() error {
		page, err := d.found.Find(groupCtx, scope.space(), wanted.query())
		if err != nil {
			return err
		}
		found.Next, found.Total, found.Exact = page.Next, page.Total, page.Exact
		for _, hit := range page.Hits {
			var line Line
			if err := json.Unmarshal(hit.Data, &line); err != nil {
				return err
			}
			found.Lines.Lines = append(found.Lines.Lines, line.seenBy(agent))
		}
		return nil
	})
	group.Go(func() (err error) {
		newest, err = d.newest(groupCtx, scope)
		return err
	})
	group.Go(func() error {
		state, err := d.found.State(groupCtx, scope.space())
		found.IndexedUntil = state.Indexed
		return err
	})
	err := group.Wait()
	found.Lags = newest > found.IndexedUntil
	return found, err
}

// newest gives the time of the latest change of a scope's cases.
func (d *Desk) newest(ctx context.Context, scope Scope) (int64, error) {
	lists := []string{openList, closedList, archivedList, deletedList}
	times := make([]int64, len(lists))
	group, groupCtx := errgroup.WithContext(ctx)
	for i, list := range lists {
		group.Go(func() error {
			page, err := d.journal.Query(groupCtx, table.Query{Partition: scope.space() + "#CASES#" + list, Descending: true, Limit: 1})
			if err != nil || len(page.Items) == 0 {
				return err
			}
			lines, err := linesOf(page, true)
			if err == nil {
				times[i] = lines[0].Updated
			}
			return err
		})
	}
	err := group.Wait()
	return slices.Max(times), err
}
