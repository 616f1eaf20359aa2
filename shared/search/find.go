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
	folded string  // the folded phrase
}

// Find returns a page of the documents of a space that match all conditions and contain the phrase.
// A document that matches throughout is on exactly one of the pages. Find returns a fault about the
// field "search" as CheckPhrase does, about "sort" if there are too many candidates to sort in the
// named order, and about "cursor" if After is not valid.
func (x *Index) Find(ctx context.Context, space string, query Query) (Page, error) {
	if err := query.check(); err != nil {
		return Page{}, err
	}
	after, err := parseCursor(query.After)
	if err != nil {
		return Page{}, err
	}
	stored, err := x.load(ctx, x.store, root{space: space})
	if err != nil {
		return Page{}, err
	}
	f := &finder{
		Index:      x,
		Query:      query,
		generation: stored.generation(),
		direction:  direction{query.Descending},
		state:      stored,
		store:      &budget{Store: x.store},
		after:      after,
		folded:     foldBy(stored.Folding, query.Phrase),
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

// everything returns a page of all documents of the space.
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

// match is a document that matches the conditions.
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

// hits reads the documents of a page and drops those that no longer match the conditions.
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

// read reads the documents with the given numbers that match the conditions.
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

// readers is the maximum number of concurrent requests for rows.
const readers = 4

// rows reads the rows with the given numbers from a partition.
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

// firstStripe returns the stripe at which a walk over the whole space begins.
func (f *finder) firstStripe() int64 {
	if f.Descending {
		return math.MaxInt64 / f.state.Grams / 2
	}
	return 0
}

// conditions returns a walker for each condition, and the lists that they consist of. The first
// page of each list has limit rows.
func (f *finder) conditions(limit int) (parts []walker, lists []*list) {
	for _, condition := range f.Where {
		values := &union{direction: f.direction}
		for _, value := range condition.Values {
			list := f.list(f.term(Term{condition.Field, value}), f.state.Terms, limit)
			lists = append(lists, list)
			values.parts = append(values.parts, list)
		}
		parts = append(parts, values)
	}
	return parts, lists
}

func (f *finder) list(place place, width int64, limit int) *list {
	f.store.left.Add(2) // allow for reading each list at least once
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

// total returns the number of documents that match the conditions, if a counter holds it.
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
