package search

import (
	"context"
	"slices"
	"strings"

	"github.com/tenantry/tenantry/shared/fault"
	"github.com/tenantry/tenantry/shared/store/table"
)

// byOrder returns a page in an order of the documents' own: few documents are read and sorted; of
// many, the order is walked along.
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
		var all []int64
		for stripe, set := range sets {
			all = append(all, walk.numbersOf(set, stripe)...)
		}
		err = f.sorted(ctx, all, &page)
		return page, err
	}
	err = f.along(ctx, sets, &page)
	return page, err
}

// rowsOfAUnit is how many rows of an order are read for what one document takes. So the two
// ways cost the same where the square of the total is all documents times a page by this.
const orderRowsPerUnit = 40

// searchByOrder reads all that may have the phrase, if that is not too much.
func (f *finder) searchByOrder(ctx context.Context) (Page, error) {
	tooMany := fault.InField(OrderField, "cannot be used for a search that finds so many cases. "+
		"Search for more, filter more narrowly, or sort by number.")
	walk, err := f.search(ctx)
	if err != nil {
		return Page{}, err
	}
	var all []int64
	_, spent, err := walk.each(ctx, f.firstStripe(), func(set numbers, stripe int64) (bool, error) {
		all = append(all, walk.numbersOf(set, stripe)...)
		return len(all) <= f.maxSorted, nil
	})
	if err != nil {
		return Page{}, err
	}
	if spent || len(all) > f.maxSorted {
		return Page{}, tooMany
	}
	hits, err := f.verify(ctx, walk, all)
	if err != nil {
		return Page{}, err
	}
	page := Page{Total: int64(len(hits)), Exact: true}
	err = f.sorted(ctx, hits, &page)
	return page, err
}

// sorted reads documents and fills a page with those behind the page before.
func (f *finder) sorted(ctx context.Context, numbers []int64, page *Page) error {
	matches, err := f.read(ctx, numbers)
	if err != nil {
		return err
	}
	type line struct {
		sort string
		hit  Hit
	}
	var lines []line
	for _, match := range matches {
		value, has := match.record.Orders[f.Order]
		one := line{orderSort(value, match.number), Hit{match.number, match.record.Data}}
		if has && (f.after == nil || f.isAfter(one.sort, f.after.Sort)) {
			lines = append(lines, one)
		}
	}
	slices.SortFunc(lines, func(a, b line) int {
		if f.Descending {
			a, b = b, a
		}
		return strings.Compare(a.sort, b.sort)
	})
	if len(lines) > f.Limit {
		lines = lines[:f.Limit]
		page.Next = cursor{Sort: lines[f.Limit-1].sort}.String()
	}
	for _, line := range lines {
		page.Hits = append(page.Hits, line.hit)
	}
	return nil
}

func (f *finder) isAfter(a, b string) bool {
	if f.Descending {
		return a < b
	}
	return a > b
}

// along walks along the order's rows and takes those whose documents are in the sets, until
// the page is full or the requests are used up.
func (f *finder) along(ctx context.Context, sets map[int64]numbers, page *Page) error {
	expected := 3 * int64(f.Limit) / 2 * f.state.Documents / max(1, page.Total)
	query := table.Query{
		Table: table.Derived, Partition: f.order(f.Order), Descending: f.Descending,
		Limit: int(min(table.MaxPage, max(expected, int64(f.Limit)+1))),
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
