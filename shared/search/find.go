package search

import (
	"context"
	"errors"
	"math"
	"slices"

	"golang.org/x/sync/errgroup"

	"github.com/tenantry/tenantry/shared/store/table"
)

// finder is one call of Find.
type finder struct {
	*Index
	Query
	generation
	direction
	state  state
	store  *budget
	after  *cursor // nil for the first page
	folded string  // the phrase
}

// Find returns a page of the documents of a space for which all conditions hold and whose text has
// the phrase. It returns a fault about the field at fault: "search" as CheckPhrase does, "sort"
// where too many documents may have the phrase to be sorted in another order than that of the
// numbers, and "cursor". Pages that follow each other have each document once that is found all the
// while.
func (x *Index) Find(ctx context.Context, space string, query Query) (Page, error) {
	if err := query.check(); err != nil {
		return Page{}, err
	}
	after, err := parseCursor(query.After)
	if err != nil {
		return Page{}, err
	}
	stored, err := x.load(ctx, x.store, space)
	if err != nil {
		return Page{}, err
	}
	f := &finder{
		Index: x, Query: query, generation: stored.generation(), direction: direction{query.Descending},
		state: stored, store: &budget{Store: x.store}, after: after, folded: foldBy(stored.Folding, query.Phrase),
	}
	f.Where = slices.Clone(query.Where)
	for i, condition := range f.Where {
		if f.Where[i] = condition.valid(); len(condition.Values) == 0 {
			return Page{Exact: true, Indexed: stored.Changed}, nil
		}
	}
	f.store.left.Store(int64(x.maxRequests))
	page, err := f.page(ctx)
	page.Indexed = stored.Changed
	return page, err
}

func (f *finder) page(ctx context.Context) (Page, error) {
	switch {
	case f.folded == "" && len(f.Where) == 0:
		return f.everything(ctx)
	case f.Order == "":
		return f.byNumber(ctx)
	default:
		return f.byOrder(ctx)
	}
}

// everything lists a space in the order of its rows.
func (f *finder) everything(ctx context.Context) (Page, error) {
	query := table.Query{Table: table.Derived, Partition: f.documents(), Descending: f.Descending, Limit: f.Limit}
	if f.Order != "" {
		query.Partition = f.order(f.Order)
	}
	if f.after != nil {
		query.After = f.after.Sort
	}
	rows, err := f.store.Query(ctx, query)
	if err != nil {
		return Page{}, err
	}
	page := Page{Total: f.state.Documents, Exact: true}
	if rows.Next != "" {
		page.Next = cursor{Sort: rows.Next}.String()
	}
	if f.Order == "" {
		page.Hits, err = hitsOf(rows.Items)
		return page, err
	}
	page.Hits, err = f.hitsInOrder(ctx, rows.Items)
	return page, err
}

func hitsOf(rows []table.Item) ([]Hit, error) {
	hits := make([]Hit, len(rows))
	for i, row := range rows {
		number, err := parseOrdered(row.Sort)
		if err != nil {
			return nil, err
		}
		record, err := decode[record](row)
		if err != nil {
			return nil, err
		}
		hits[i] = Hit{Number: number, Data: record.Data}
	}
	return hits, nil
}

// found is a document with what is stored of it.
type match struct {
	number int64
	record record
}

func (f *finder) hitsInOrder(ctx context.Context, rows []table.Item) ([]Hit, error) {
	numbers := make([]int64, len(rows))
	for i, row := range rows {
		var err error
		if numbers[i], err = numberOf(row.Sort); err != nil {
			return nil, err
		}
	}
	return f.hits(ctx, numbers)
}

// hits reads the documents of a page, without those for which the conditions no longer hold.
func (f *finder) hits(ctx context.Context, numbers []int64) ([]Hit, error) {
	matches, err := f.read(ctx, numbers)
	if err != nil {
		return nil, err
	}
	hits := make([]Hit, len(matches))
	for i, match := range matches {
		hits[i] = Hit{match.number, match.record.Data}
	}
	return hits, nil
}

// read reads documents for which the conditions hold, some at a time.
func (f *finder) read(ctx context.Context, numbers []int64) ([]match, error) {
	items, err := f.rows(ctx, f.documents(), numbers)
	if err != nil {
		return nil, err
	}
	matches := make([]match, 0, len(items))
	for i, item := range items {
		if item.Version == 0 {
			continue
		}
		record, err := decode[record](item)
		if err != nil {
			return nil, err
		}
		if holds(f.Where, &record) {
			matches = append(matches, match{numbers[i], record})
		}
	}
	return matches, nil
}

// readers is how many requests for rows are on their way at once.
const readers = 4

// rows reads the rows of some documents in a partition.
func (f *finder) rows(ctx context.Context, partition string, numbers []int64) ([]table.Item, error) {
	items := make([]table.Item, len(numbers))
	reads, ctx := errgroup.WithContext(ctx)
	reads.SetLimit(readers)
	for from := 0; from < len(numbers); from += table.MaxBatch {
		batch := numbers[from:min(from+table.MaxBatch, len(numbers))]
		reads.Go(func() error {
			keys := make([]table.Key, len(batch))
			for i, number := range batch {
				keys[i] = derived(partition, ordered(number))
			}
			answer, err := f.store.BatchGet(ctx, keys)
			copy(items[from:], answer)
			return err
		})
	}
	return items, reads.Wait()
}

// first is the stripe at which a walk begins.
func (f *finder) firstStripe() int64 {
	if f.Descending {
		return math.MaxInt64 / f.state.Grams / 2
	}
	return 0
}

// conditions returns the sets of the conditions, and their lists; a page of each has limit rows.
func (f *finder) conditions(limit int) (parts []walker, lists []*list) {
	for _, condition := range f.Where {
		any := &union{direction: f.direction}
		for _, value := range condition.Values {
			list := f.list(f.term(Term{condition.Field, value}), f.state.Terms, limit)
			lists = append(lists, list)
			any.parts = append(any.parts, list)
		}
		parts = append(parts, any)
	}
	return parts, lists
}

func (f *finder) list(place place, width int64, limit int) *list {
	f.store.left.Add(2) // each list is read at least once, whatever else there is
	return &list{
		direction: f.direction,
		store:     f.store,
		place:     place,
		width:     width,
		stripe:    f.state.Grams,
		limit:     limit,
		growth:    16,
	}
}

// total returns how many documents fulfil the conditions, where a counter tells.
func (f *finder) total(ctx context.Context) (total int64, known bool, err error) {
	if len(f.Where) != 1 || len(f.Where[0].Values) != 1 {
		return 0, false, nil
	}
	item, err := f.store.Get(ctx, f.counter(Term{f.Where[0].Field, f.Where[0].Values[0]}))
	if errors.Is(err, table.ErrAbsent) {
		return 0, true, nil
	}
	if err != nil {
		return 0, false, err
	}
	counter, err := decode[counter](item)
	return counter.Count, true, err
}
