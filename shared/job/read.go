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
	// maxPage is how many jobs or results a page holds at the most.
	maxPage = 100
	// maxLooked is how many jobs, or parts of a job, one page of a filtered list looks at.
	maxLooked, maxLookedParts = 500, 40
)

// Page is some of a list, and where the next page begins; Next is empty at the end.
type Page[T any] struct {
	Items []T
	Next  string
}

// Get gives a job of a place with its counts, without its payload. It returns a fault of code
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

// counted gives jobs with their counts. It reads the tallies of the large ones that have not ended.
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
			if item.Version > 0 { // else the job has just expired
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

// List gives the jobs of a place that keep says yes to, the newest first; nil keeps all. After is
// the Next of the page before. A page may have fewer than limit though there are more: it looks at
// a bounded number of jobs.
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

// Results gives what became of a job's targets, in the order in which they were given: those with
// an outcome, or all if it is empty. After is the Next of the page before. A page may have fewer
// than limit though there are more, as it looks at a bounded number of parts. It returns a fault of
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
			return page, fault.InField("after", "%q is not where a page ends", after)
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

// parts reads some of a job's parts, from the first to the last. Those that are yet to be made
// wait.
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

// unmade gives a part that is yet to be made.
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
