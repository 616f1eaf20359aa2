package search

import (
	"context"
	"slices"
	"strings"

	"github.com/tenantry/tenantry/shared/fault"
	"github.com/tenantry/tenantry/shared/store/table"
)

// byOrder returns a page in a named order. It reads and sorts the matching documents if they are
// few, and otherwise walks along the rows of the order.
func (f *finder) byOrder(ctx context.Context) (Page, error) {
	if f.folded != "" {
		return f.searchByOrder(ctx)
	}
	walk, err := f.filter(ctx, true)
	if err != nil {
		return Page{}, err
	}
	sets := map[int64]numbers{}
	total := 0
	_, spent, err := walk.each(ctx, f.firstStripe(), func(set numbers, stripe int64) (bool, error) {
		sets[stripe] = set
		total += set.count()
		return true, nil
	})
	if err != nil {
		return Page{}, err
	}
	if spent {
		return Page{}, fault.InField(OrderField,
			"cannot be used with so many cases. Filter more narrowly, or sort by number.")
	}
	page := Page{Total: int64(total), Exact: true}
	if total <= f.maxSorted && int64(total)*int64(total) <= f.state.Documents*int64(f.Limit)/orderRowsPerUnit {
		var candidates []int64
		for stripe, set := range sets {
			candidates = append(candidates, walk.numbersOf(set, stripe)...)
		}
		err = f.sorted(ctx, candidates, &page)
		return page, err
	}
	err = f.along(ctx, sets, &page)
	return page, err
}

// orderRowsPerUnit is how many rows of an order cost as much to read as one document. So both ways
// cost the same if the square of the total is the number of all documents times the size of a page
// divided by this.
const orderRowsPerUnit = 40

// searchByOrder reads and sorts all documents that may contain the phrase, if they are not too
// many.
func (f *finder) searchByOrder(ctx context.Context) (Page, error) {
	tooMany := fault.InField(OrderField, "cannot be used for a search that finds so many cases. "+
		"Search for more, filter more narrowly, or sort by number.")
	walk, err := f.search(ctx)
	if err != nil {
		return Page{}, err
	}
	var candidates []int64
	_, spent, err := walk.each(ctx, f.firstStripe(), func(set numbers, stripe int64) (bool, error) {
		candidates = append(candidates, walk.numbersOf(set, stripe)...)
		return len(candidates) <= f.maxSorted, nil
	})
	if err != nil {
		return Page{}, err
	}
	if spent || len(candidates) > f.maxSorted {
		return Page{}, tooMany
	}
	hits, err := f.verify(ctx, walk, candidates)
	if err != nil {
		return Page{}, err
	}
	page := Page{Total: int64(len(hits)), Exact: true}
	err = f.sorted(ctx, hits, &page)
	return page, err
}

// sorted reads documents, sorts them, and fills the page with those after the cursor.
func (f *finder) sorted(ctx context.Context, numbers []int64, page *Page) error {
	matches, err := f.read(ctx, numbers)
	if err != nil {
		return err
	}
	type sortable struct {
		sort string
		hit  Hit
	}
	var sorted []sortable
	for _, match := range matches {
		value, ok := match.record.Orders[f.Order]
		sort := orderSort(value, match.number)
		if ok && (f.after == nil || f.isAfter(sort, f.after.Sort)) {
			sorted = append(sorted, sortable{sort, Hit{match.number, match.record.Data}})
		}
	}
	slices.SortFunc(sorted, func(a, b sortable) int {
		if f.Descending {
			a, b = b, a
		}
		return strings.Compare(a.sort, b.sort)
	})
	if len(sorted) > f.Limit {
		sorted = sorted[:f.Limit]
		page.Next = cursor{Sort: sorted[f.Limit-1].sort}.String()
	}
	for _, next := range sorted {
		page.Hits = append(page.Hits, next.hit)
	}
	return nil
}

func (f *finder) isAfter(a, b string) bool {
	if f.Descending {
		return a < b
	}
	return a > b
}

// along walks along the rows of the order and takes those whose documents are in the sets, until
// the page is full or no requests are left.
func (f *finder) along(ctx context.Context, sets map[int64]numbers, page *Page) error {
	expected := 3 * int64(f.Limit) / 2 * f.state.Documents / max(1, page.Total)
	query := table.Query{
		Table:      table.Derived,
		Partition:  f.order(f.Order),
		Descending: f.Descending,
		Limit:      int(min(table.MaxPage, max(expected, int64(f.Limit)+1))),
	}
	if f.after != nil {
		query.After = f.after.Sort
	}
	var matching []table.Item
	for {
		rows, err := f.store.Query(ctx, query)
		if err != nil {
			return err
		}
		for _, row := range rows.Items {
			number, err := numberOf(row.Sort)
			if err != nil {
				return err
			}
			if set := sets[number/f.state.Grams]; set != nil && set.has(int(number%f.state.Grams)) {
				matching = append(matching, row)
			}
		}
		query.After = rows.Next
		if len(matching) > f.Limit || rows.Next == "" || f.store.spent() {
			break
		}
		query.Limit = table.MaxPage
	}
	switch {
	case len(matching) > f.Limit:
		matching = matching[:f.Limit]
		page.Next = cursor{Sort: matching[f.Limit-1].Sort}.String()
	case query.After != "":
		page.Next = cursor{Sort: query.After}.String()
	}
	var err error
	page.Hits, err = f.hitsInOrder(ctx, matching)
	return err
}
