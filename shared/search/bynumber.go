package search

import (
	"context"
	"slices"
	"sort"
)

// byNumber returns a page ordered by number.
func (f *finder) byNumber(ctx context.Context) (Page, error) {
	if f.folded != "" {
		return f.searchByNumber(ctx)
	}
	total, known, err := f.total(ctx)
	if err != nil {
		return Page{}, err
	}
	page := Page{Total: total, Exact: true}
	counting := !known && f.after == nil
	if !known && f.after != nil {
		page.Total, page.Exact = f.after.Total, f.after.Exact
	}
	walk, err := f.filter(ctx, counting)
	if err != nil {
		return Page{}, err
	}
	var hits []int64
	reached, spent, err := walk.each(ctx, f.target(), func(set numbers, stripe int64) (bool, error) {
		if counting {
			page.Total += int64(set.count())
		}
		if len(hits) <= f.Limit {
			hits = append(hits, f.afterCursor(walk.numbersOf(set, stripe))...)
		}
		return counting || len(hits) <= f.Limit, nil
	})
	if err != nil {
		return Page{}, err
	}
	if counting && spent {
		page.Exact = false
	}
	next := cursor{Total: page.Total, Exact: page.Exact}
	switch {
	case len(hits) > f.Limit:
		hits = hits[:f.Limit]
		next.Number = hits[f.Limit-1]
		page.Next = next.String()
	case spent:
		next.Number = walk.start(reached)
		page.Next = next.String()
	}
	page.Hits, err = f.hits(ctx, hits)
	return page, err
}

// filter returns a walk over all documents that match the conditions. If the walk will go to the
// end, it reads large pages from the start.
func (f *finder) filter(ctx context.Context, toTheEnd bool) (*walk, error) {
	limit := 1
	if toTheEnd {
		limit = 1000
	}
	parts, lists := f.conditions(limit)
	w := &walk{direction: f.direction, stripe: f.state.Grams}
	w.main = &intersection{direction: f.direction, store: f.store, parts: parts, stripe: f.state.Grams}
	return w, prefetch(ctx, lists, f.target())
}

// target returns the stripe at which the page begins.
func (f *finder) target() int64 {
	if f.after == nil || f.Order != "" {
		return f.firstStripe()
	}
	if f.Descending {
		return max(0, (f.after.Number-1)/f.state.Grams)
	}
	return max(0, (f.after.Number+1)/f.state.Grams)
}

// afterCursor returns the numbers that come after the previous page.
func (f *finder) afterCursor(numbers []int64) []int64 {
	if f.after == nil || f.Order != "" {
		return numbers
	}
	from := sort.Search(len(numbers), func(i int) bool { return f.before(f.after.Number, numbers[i]) })
	return slices.Clone(numbers[from:])
}
