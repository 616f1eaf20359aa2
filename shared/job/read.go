package job

import (
	"context"
	"errors"
	"strconv"

	"github.com/tenantry/tenantry/shared/change"
	"github.com/tenantry/tenantry/shared/fault"
	"github.com/tenantry/tenantry/shared/identity"
	"github.com/tenantry/tenantry/shared/store/table"
)

// maxPage is how many jobs or results a page holds at the most.
const maxPage = 100

// Page is some of a list, and where the next page begins; Next is empty at the end.
type Page[T any] struct {
	Items []T
	Next  string
}

// Get gives a job of a place, without its payload. It returns a fault of code NotFound if there is none.
func (l *Ledger) Get(ctx context.Context, place identity.Place, id string) (Job, error) {
	j, _, err := l.get(ctx, place, id)
	return j, err
}

func (l *Ledger) get(ctx context.Context, place identity.Place, id string) (Job, int64, error) {
	var j Job
	if id == "" || len(id) > 100 {
		return j, 0, fault.Missing()
	}
	version, err := l.journal.Get(ctx, jobKey(place, id), &j)
	if errors.Is(err, table.ErrAbsent) {
		return j, 0, fault.Missing()
	}
	return j, version, err
}

// List gives the jobs of a place, the newest first; after is the Next of the page before.
func (l *Ledger) List(ctx context.Context, place identity.Place, after string, limit int) (Page[Job], error) {
	query := table.Query{
		Table: table.Core, Partition: jobKey(place, "").Partition, Descending: true, Limit: min(max(limit, 1), maxPage), After: after,
	}
	found, err := l.journal.Query(ctx, query)
	if err != nil {
		return Page[Job]{}, err
	}
	page := Page[Job]{Next: found.Next, Items: make([]Job, len(found.Items))}
	for i, item := range found.Items {
		if err := change.Decode(item, &page.Items[i]); err != nil {
			return Page[Job]{}, err
		}
	}
	return page, nil
}

// Results gives what became of a job's targets, in the order in which they were given; after is the Next of the page
// before. It returns a fault of code NotFound if there is no such job.
func (l *Ledger) Results(ctx context.Context, place identity.Place, id, after string, limit int) (Page[Result], error) {
	j, err := l.Get(ctx, place, id)
	if err != nil {
		return Page[Result]{}, err
	}
	first := 0
	if after != "" {
		if first, err = strconv.Atoi(after); err != nil || first < 0 || first > j.Total {
			return Page[Result]{}, fault.InField("after", "%q is not where a page ends", after)
		}
	}
	end := min(first+min(max(limit, 1), maxPage), j.Total)
	page := Page[Result]{Items: []Result{}}
	if first == end {
		return page, nil
	}
	_, parts, err := l.parts(ctx, j, first/PartTargets, (end-1)/PartTargets)
	if err != nil {
		return Page[Result]{}, err
	}
	for _, some := range parts {
		page.Items = append(page.Items, some.Results...)
	}
	skip := first % PartTargets
	page.Items = page.Items[skip : skip+end-first]
	if end < j.Total {
		page.Next = strconv.Itoa(end)
	}
	return page, nil
}

// parts reads some of a job's parts, from the first to the last, with their versions.
func (l *Ledger) parts(ctx context.Context, j Job, first, last int) ([]int64, []part, error) {
	var keys []table.Key
	for number := first; number <= last; number++ {
		keys = append(keys, partKey(j.place(), j.ID, number))
	}
	items, err := l.journal.BatchGet(ctx, keys)
	if err != nil {
		return nil, nil, err
	}
	versions, parts := make([]int64, len(items)), make([]part, len(items))
	for i, item := range items {
		if item.Version == 0 {
			return nil, nil, fault.Missing() // it has just expired
		}
		versions[i] = item.Version
		if err := change.Decode(item, &parts[i]); err != nil {
			return nil, nil, err
		}
	}
	return versions, parts, nil
}
