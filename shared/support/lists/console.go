package lists

import (
	"cmp"
	"context"
	"encoding/json"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/google/uuid"
	"golang.org/x/sync/errgroup"

	"github.com/tenantry/tenantry/shared/fault"
	"github.com/tenantry/tenantry/shared/identity"
	"github.com/tenantry/tenantry/shared/search"
	"github.com/tenantry/tenantry/shared/store/table"
	"github.com/tenantry/tenantry/shared/support"
	"github.com/tenantry/tenantry/shared/support/desk"
)

// Scope selects the cases of an organization, of all organizations of an MSP if OrgID is empty, or of
// the platform's direct customers if both are.
type Scope struct{ OrgID, MSPID string }

// AllLists as the State of a Query means all but deleted cases.
const AllLists support.State = "all"

// Query selects and orders the cases that a console shows.
type Query struct {
	// State is one of the lists; "" or AllLists means all but deleted cases.
	State support.State
	// AnyList lets a case that is found by its number be in any list but that of deleted cases.
	AnyList bool `json:",omitempty"`
	// Filters are the accepted values by field name; see FilterFields.
	Filters map[string][]string
	// Due selects the cases with a promise of the service level whose time has passed (Breached), or
	// that or will pass within a number of hours, rounded up to a whole hour; "" for all. It is for
	// agents.
	Due string `json:",omitempty"`
	// Phrase is a part of a word, or several consecutive words, in the subject or the description;
	// "" for none. If it is the number of a case, that case comes first.
	Phrase string
	// Sort is one of Orders, with a leading "-" for descending order. "" puts the latest change
	// first, or with a phrase the newest case.
	Sort string
	// Limit is the maximum number of cases on a page; After is the Next of the previous page.
	Limit int
	After string
}

// list returns the list that the query is about; "" for all but deleted cases.
func (w Query) list() support.State {
	if w.State == AllLists {
		return ""
	}
	return w.State
}

// FilterFields lists the fields that cases can be filtered by.
func FilterFields() []string {
	return []string{
		"status",
		"severity",
		"type",
		"component",
		"reason",
		"version",
		"environment",
		"custom_tag",
		byOrg,
		bySubmitter,
		byAssignee,
	}
}

// Page is a page of a console.
type Page struct {
	SummaryPage
	// Total is the number of matching cases if Exact, and a lower bound otherwise.
	Total int64
	Exact bool
	// IndexedUntil is the time of the latest indexed change, in microseconds since 1970; Lags is
	// set if there are later changes. Both are empty if the page needs no index.
	IndexedUntil int64
	Lags         bool
	// Masked is set if the principal sees people masked here, so that there is no order by their names.
	Masked bool
}

// plain reports whether a list stored with the cases answers the query. Those lists never lag.
func (w Query) plain() bool {
	for field, values := range w.Filters {
		if field != bySubmitter || len(values) != 1 {
			return false
		}
	}
	return w.list() != "" && w.Phrase == "" && w.Due == "" && (w.Sort == "" || w.Sort == "-updated")
}

// Search returns a page of cases for principals who see them. Filters by values that neither the
// provider's lists nor any case has are a fault of code Invalid.
func (s *Service) Search(ctx context.Context, by identity.Principal, scope Scope, query Query) (Page, error) {
	if labels, limited := by.LimitedTo(identity.SeeCases, scope.MSPID); limited && scope.OrgID == "" {
		return s.searchReached(ctx, by, scope, query, labels)
	}
	if scope.valid() && query.Check(scope) == nil && query.plain() && (scope.OrgID != "" || len(query.Filters) == 0) {
		return s.plainPage(ctx, by, scope, query)
	}
	admission, err := s.Admit(ctx, by, scope, query)
	if err != nil {
		return Page{}, err
	}
	page, err := s.foundPage(ctx, scope, query, admission)
	if err != nil {
		return Page{}, err
	}
	if query.After == "" && query.doubtful(page) {
		err = s.checkValues(ctx, scope, query, admission.MSPID)
	}
	return s.shown(ctx, by, query, admission, page, err)
}

// shown removes the cases of a page that the principal may not see: those of organizations that do
// not allow support access. How many there are in all would tell of them too.
func (s *Service) shown(
	ctx context.Context,
	by identity.Principal,
	query Query,
	admission Admission,
	page Page,
	err error,
) (Page, error) {
	page.Masked = admission.masked()
	switch {
	case err != nil:
		return page, err
	case admission.Place.Scope == identity.OrgScope:
		page.Lines = admission.Show(page.Lines)
		return page, nil
	case admission.Place.Scope == identity.MSPScope:
		return s.withoutWithheld(ctx, query, admission, page)
	}
	page.Total, page.Exact = 0, false
	if page.Lines, page.Masked, err = s.visible(ctx, by, page.Lines); err == nil && page.Masked {
		err = Admission{Place: admission.Place, Reader: support.Reader{Masked: true}}.checkOrder(query)
	}
	if err != nil {
		return Page{}, err
	}
	return page, nil
}

// valid reports whether the ids of a scope can be ids.
func (s Scope) valid() bool {
	return s == (Scope{}) || uuid.Validate(s.OrgID) == nil || s.OrgID == "" && uuid.Validate(s.MSPID) == nil
}

// Check returns a fault of code Invalid if the query breaks a rule.
func (w Query) Check(scope Scope) error {
	if err := cmp.Or(CheckPhrase(w.Phrase), w.checkDue()); err != nil {
		return err
	}
	if !slices.Contains(Lists(), w.State) && w.State != "" {
		return fault.OneOf("list", Lists())
	}
	if w.Sort != "" && !slices.Contains(Orders(), strings.TrimPrefix(w.Sort, "-")) {
		return fault.InField(
			"sort",
			"must be one of %s; with a leading - for descending",
			strings.Join(Orders(), ", "),
		)
	}
	for field, requested := range w.Filters {
		if !slices.Contains(FilterFields(), field) || field == byOrg && scope.OrgID != "" {
			return fault.InField(field, "is not a field that cases are filtered by")
		}
		for _, value := range requested {
			if (field == bySubmitter || field == byOrg || field == byAssignee && value != none) &&
				uuid.Validate(value) != nil {
				return fault.InField(nameOf(field), "must be an id")
			}
			if allowed := fixedValues(field); allowed != nil && !slices.Contains(allowed, value) {
				return wrongValue(field, value, allowed)
			}
		}
	}
	if w.values() > search.MostValues-mostStates {
		return fault.InField("query", "must have at most %d values in all filters together", search.MostValues-mostStates)
	}
	return nil
}

// mostStates is how many states may be added to the values of a query.
const mostStates = 3

// values returns how many values the filters have.
func (w Query) values() int {
	values := len(w.due(time.Time{}))
	for _, requested := range w.Filters {
		values += len(requested)
	}
	return values
}

// Space is the part of the index with a scope's cases; partition is the prefix of the partitions of
// its lists.
func (s Scope) Space() string {
	if s.OrgID == "" {
		return desk.Partition(s.MSPID)
	}
	return orgSpace(s.OrgID)
}

// searchQuery returns the query in the form that the index takes, at a time.
func (w Query) searchQuery(now time.Time) search.Query {
	query := search.Query{Phrase: w.Phrase, Limit: w.Limit, After: w.After}
	states := search.Condition{Field: byState, Values: []string{string(w.list())}}
	if w.list() == "" {
		states.Values = []string{string(support.OpenList), string(support.ClosedList), string(support.ArchiveList)}
	}
	query.Where = append(query.Where, states)
	for _, field := range slices.Sorted(maps.Keys(w.Filters)) {
		query.Where = append(query.Where, search.Condition{Field: field, Values: support.Distinct(w.Filters[field])})
	}
	if due := w.due(now); len(due) > 0 {
		query.Where = append(query.Where, search.Condition{Field: byDue, Values: due})
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

// plainPage reads a page of a list stored with the cases, its total, and whether the principal may
// see it, all concurrently; it returns nothing before the last is known.
func (s *Service) plainPage(ctx context.Context, by identity.Principal, scope Scope, query Query) (Page, error) {
	partition := scope.Space() + "#CASES#" + query.list().List()
	if submitter := query.Filters[bySubmitter]; len(submitter) == 1 {
		partition += "#BY#" + submitter[0]
	}
	var page table.Page
	var result Page
	group, groupCtx := errgroup.WithContext(ctx)
	group.Go(func() (err error) {
		page, err = s.journal.Query(
			groupCtx,
			table.Query{Partition: partition, Descending: true, Limit: query.Limit, After: query.After},
		)
		return err
	})
	if query.After == "" && scope != (Scope{}) {
		group.Go(func() (err error) {
			result.Total, err = s.plainTotal(groupCtx, scope, query)
			result.Exact = true
			return err
		})
	}
	admission, refused := s.admit(ctx, by, scope, query.State)
	if err := group.Wait(); refused != nil || err != nil {
		return Page{}, cmp.Or(refused, err)
	}
	lines, err := summariesOf(page)
	result.SummaryPage = SummaryPage{Lines: lines, Next: page.Next}
	return s.shown(ctx, by, query, admission, result, err)
}

// plainTotal returns how many cases a list has: for all submitters from the count of its state, for
// one submitter from the intersection of both sets.
func (s *Service) plainTotal(ctx context.Context, scope Scope, request Query) (int64, error) {
	if len(request.Filters) > 0 {
		query := s.SearchQuery(request)
		query.Order, query.Limit = "", 1
		page, err := s.index.Find(ctx, scope.Space(), query)
		return page.Total, err
	}
	counts, _, err := s.index.Totals(ctx, scope.Space(), byState, search.MostHits, "")
	for _, count := range counts {
		if count.Value == string(request.list()) {
			return count.Count, err
		}
	}
	return 0, err
}

func (s *Service) indexedPage(ctx context.Context, scope Scope, query Query) (Page, error) {
	var result Page
	var newest int64
	group, groupCtx := errgroup.WithContext(ctx)
	group.Go(func() error {
		page, err := s.index.Find(groupCtx, scope.Space(), s.SearchQuery(query))
		if err != nil {
			return err
		}
		// The page itself says how far the index was. Its state, read at the same time, may be
		// ahead of the page.
		result.Next, result.Total, result.Exact, result.IndexedUntil = page.Next, page.Total, page.Exact, page.Indexed
		for _, hit := range page.Hits {
			var line support.Summary
			if err := json.Unmarshal(hit.Data, &line); err != nil {
				return err
			}
			result.Lines = append(result.Lines, line)
		}
		return nil
	})
	group.Go(func() (err error) {
		newest, err = s.newest(groupCtx, scope)
		return err
	})
	err := group.Wait()
	result.Lags = newest > result.IndexedUntil
	return result, err
}

// newest returns the time of the latest change of a scope's cases.
func (s *Service) newest(ctx context.Context, scope Scope) (int64, error) {
	lists := support.ListNames()
	times := make([]int64, len(lists))
	group, groupCtx := errgroup.WithContext(ctx)
	for i, list := range lists {
		group.Go(func() error {
			page, err := s.journal.Query(
				groupCtx,
				table.Query{Partition: scope.Space() + "#CASES#" + list, Descending: true, Limit: 1},
			)
			if err != nil || len(page.Items) == 0 {
				return err
			}
			lines, err := summariesOf(page)
			if err == nil {
				times[i] = lines[0].Updated
			}
			return err
		})
	}
	err := group.Wait()
	return slices.Max(times), err
}
