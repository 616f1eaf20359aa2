package job

import (
	"context"
	"errors"
	"slices"
	"strconv"

	"github.com/tenantry/tenantry/shared/change"
	"github.com/tenantry/tenantry/shared/fault"
	"github.com/tenantry/tenantry/shared/identity"
	"github.com/tenantry/tenantry/shared/store/table"
)

const (
	// maxPage is the maximum number of jobs or results on a page.
	maxPage = 100
	// maxLooked is how many jobs, and maxLookedParts how many parts of a job, one page of a
	// filtered list reads.
	maxLooked, maxLookedParts = 500, 40
)

// Page is a page of a list; Next is the cursor of the next page, empty at the end.
type Page[T any] struct {
	Items []T
	Next  string
}

// Get returns a job of a place with its counts, without its payload. It returns a fault of code
// NotFound if there is none.
func (l *Ledger) Get(ctx context.Context, place identity.Place, id string) (Job, error) {
	h, _, err := l.head(ctx, place, id)
	if err != nil {
		return Job{}, err
	}
	counted, err := l.counted(ctx, []head{h})
	if err != nil {
		return Job{}, err
	}
	return counted[0], nil
}

// head reads a job's head and its version.
func (l *Ledger) head(ctx context.Context, place identity.Place, id string) (head, int64, error) {
	var h head
	if id == "" || len(id) > 100 {
		return h, 0, fault.Missing()
	}
	version, err := l.journal.Get(ctx, jobKey(place, id), &h)
	if errors.Is(err, table.ErrAbsent) {
		return h, 0, fault.Missing()
	}
	return h, version, err
}

// counted returns jobs with their counts. It reads the tallies of large jobs that have not ended.
func (l *Ledger) counted(ctx context.Context, heads []head) ([]Job, error) {
	jobs := make([]Job, len(heads))
	var keys []table.Key
	var of []int
	for i, h := range heads {
		jobs[i] = h.Job
		for number := 0; number < tallies && h.large() && h.Ended == 0; number++ {
			keys, of = append(keys, tallyKey(h.Place(), h.ID, number)), append(of, i)
		}
	}
	sums := map[int][]tally{}
	for some := range slices.Chunk(keys, table.MaxBatch) {
		items, err := l.journal.BatchGet(ctx, some)
		if err != nil {
			return nil, err
		}
		for _, item := range items {
			var t tally
			if item.Version > 0 { // otherwise the job has just expired
				if err := change.Decode(item, &t); err != nil {
					return nil, err
				}
			}
			sums[of[0]], of = append(sums[of[0]], t), of[1:]
		}
	}
	for i, all := range sums {
		jobs[i].count(all)
	}
	return jobs, nil
}

// List returns the jobs of a place that keep accepts, newest first; a nil keep accepts all. After
// is the Next of the previous page. A page may have fewer than limit jobs though there are more: it
// reads a bounded number of jobs.
func (l *Ledger) List(
	ctx context.Context,
	place identity.Place,
	keep func(Job) bool,
	after string,
	limit int,
) (Page[Job], error) {
	limit = min(max(limit, 1), maxPage)
	query := table.Query{
		Table: table.Core, Partition: jobKey(place, "").Partition, Descending: true, Limit: limit, After: after,
	}
	var heads []head
	page := Page[Job]{}
	for looked := 0; looked < maxLooked && len(heads) < limit; looked += query.Limit {
		items, err := l.journal.Query(ctx, query)
		if err != nil {
			return Page[Job]{}, err
		}
		page.Next = items.Next
		for _, item := range items.Items {
			var h head
			if err := change.Decode(item, &h); err != nil {
				return Page[Job]{}, err
			}
			if keep != nil && !keep(h.Job) {
				continue
			}
			if len(heads) == limit {
				page.Next = heads[limit-1].ID
				break
			}
			heads = append(heads, h)
		}
		query.After = items.Next
		if items.Next == "" {
			break
		}
		query.Limit = maxPage
	}
	var err error
	page.Items, err = l.counted(ctx, heads)
	return page, err
}

// Results returns the results of a job's targets in their original order: those with an outcome, or
// all if it is empty. After is the Next of the previous page. A page may have fewer than limit
// results though there are more, because it reads a bounded number of parts. It returns a fault of
// code NotFound if there is no such job.
func (l *Ledger) Results(
	ctx context.Context,
	place identity.Place,
	id string,
	outcome Outcome,
	after string,
	limit int,
) (Page[Result], error) {
	h, _, err := l.head(ctx, place, id)
	if err != nil {
		return Page[Result]{}, err
	}
	return l.results(ctx, &h, outcome, after, min(max(limit, 1), maxPage))
}

func (l *Ledger) results(ctx context.Context, h *head, outcome Outcome, after string, limit int) (Page[Result], error) {
	page := Page[Result]{Items: []Result{}}
	position := 0
	if after != "" {
		var err error
		if position, err = strconv.Atoi(after); err != nil || position < 0 || position > h.Total {
			return page, fault.InField("after", "%q is not a cursor of this list", after)
		}
	}
	if position == h.Total {
		return page, nil
	}
	first, at := h.partAt(position)
	last, _ := h.partAt(min(position+limit, h.Total) - 1)
	if outcome != "" {
		last = min(first+maxLookedParts, h.parts()) - 1
	}
	parts, err := l.parts(ctx, h, first, last)
	if err != nil {
		return page, err
	}
	for _, some := range parts {
		for _, result := range some.Results {
			if at < position || outcome != "" && result.Outcome != outcome {
				at++
				continue
			}
			if len(page.Items) == limit {
				page.Next = strconv.Itoa(at)
				return page, nil
			}
			page.Items = append(page.Items, result)
			at++
		}
	}
	if at < h.Total {
		page.Next = strconv.Itoa(at)
	}
	return page, nil
}

// parts reads a range of a job's parts. The targets of parts that are not created yet are waiting.
func (l *Ledger) parts(ctx context.Context, h *head, first, last int) ([]part, error) {
	var keys []table.Key
	for number := first; number <= last; number++ {
		keys = append(keys, partKey(h.Place(), h.ID, number))
	}
	items, err := l.journal.BatchGet(ctx, keys)
	if err != nil {
		return nil, err
	}
	parts := make([]part, len(items))
	for i, item := range items {
		if item.Version == 0 {
			if parts[i], err = l.unmade(ctx, h, first+i); err != nil {
				return nil, err
			}
			continue
		}
		if err := change.Decode(item, &parts[i]); err != nil {
			return nil, err
		}
	}
	return parts, nil
}

// unmade returns a part that is not created yet.
func (l *Ledger) unmade(ctx context.Context, h *head, number int) (part, error) {
	var some targets
	if h.PartsMade > number || !h.large() {
		return part{}, fault.Missing() // it has just expired
	}
	if _, err := l.journal.Get(
		ctx,
		targetsKey(h.Place(), h.ID, number/stepParts),
		&some,
	); errors.Is(
		err,
		table.ErrAbsent,
	) {
		return part{}, fault.Missing()
	} else if err != nil {
		return part{}, err
	}
	offset, _ := h.targetsOf(number / stepParts * stepParts)
	from, to := h.partTargets(number)
	created := part{}
	for _, name := range some.Targets[from-offset : to-offset] {
		created.Results = append(created.Results, Result{Target: name, Outcome: TargetWaiting})
	}
	return created, nil
}
