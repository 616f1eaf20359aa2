package job

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"time"

	"github.com/tenantry/tenantry/shared/change"
	"github.com/tenantry/tenantry/shared/fault"
	"github.com/tenantry/tenantry/shared/identity"
	"github.com/tenantry/tenantry/shared/store/table"
)

const (
	// races is how often to retry recording when another part of the job is recorded concurrently.
	races = 40
	// longestPause limits the random pause in between.
	longestPause = 100 * time.Millisecond
)

// record writes the results, together with the job's counts. A target keeps a final result. At the
// end of the part's work, it counts the attempt, and targets that reached MaxAttempts fail. In a
// stopped job, waiting targets are cancelled.
func (r *run) record(ctx context.Context, end bool) error {
	if len(r.results) == 0 && (!end || len(r.trouble) == 0 && !r.stopped) || r.gone {
		return nil
	}
	err := again(ctx, func() error { return r.recordOnce(ctx, end) })
	if errors.Is(err, errGone) {
		r.gone = true
		return nil
	}
	return err
}

func (r *run) recordOnce(ctx context.Context, end bool) error {
	e, before, version, err := r.ledger.editPart(ctx, r.kinds, r.place, r.task.JobID, r.task.Part)
	if err != nil {
		return err
	}
	some := before.clone()
	results := some.take(r.results, r.trouble, end)
	if e.head.Stop != nil {
		r.stopped = true
		some.cancel()
	}
	if e.head.Started == 0 {
		e.head.Started, e.touched = r.started.UnixMicro(), true
	}
	if r.stopped && slices.Equal(before.Results, some.Results) {
		clear(r.trouble)
		return nil
	}
	if err := e.change(r.task.Part, before, some, version); err != nil {
		return err
	}
	if err := e.settle(ctx); err != nil {
		return err
	}
	if err := e.commit(ctx, change.ByPlatform(), e.recorded(r.task.Part, results, before, some)); err != nil {
		return err
	}
	r.results = map[int]Result{}
	for i := range r.trouble {
		if some.Results[i].Outcome != TargetWaiting {
			delete(r.trouble, i)
		}
	}
	return nil
}

// recorded returns what the audit log says about results. While a large job runs, its counts are
// not in its head.
func (e *edit) recorded(number int, results []Result, before, after part) change.Record {
	j := e.head.Job
	message := fmt.Sprintf("%s: %d of %d done, %d failed", j.Title, j.Done+j.Skipped, j.Total, j.Failed)
	if e.head.large() && j.Ended == 0 {
		message = fmt.Sprintf("%s: part %d has results for %d more", j.Title, number, len(results))
	}
	if cancelled := after.count(TargetCancelled) - before.count(TargetCancelled); cancelled > 0 {
		message += fmt.Sprintf(", %d cancelled", cancelled)
	}
	return change.Record{Action: "jobs.record", Message: message, After: results}
}

// editPart reads a job with one of its parts, and the part's tally, to change them; errGone if it
// has expired.
func (l *Ledger) editPart(
	ctx context.Context,
	kinds Kinds,
	place identity.Place,
	id string,
	number int,
) (*edit, part, int64, error) {
	keys := []table.Key{partKey(place, id, number), jobKey(place, id), tallyKey(place, id, number%tallies)}
	items, err := l.journal.BatchGet(ctx, keys)
	if err != nil {
		return nil, part{}, 0, err
	}
	if items[0].Version == 0 || items[1].Version == 0 {
		return nil, part{}, 0, errGone
	}
	var some part
	var h head
	if err := errors.Join(change.Decode(items[0], &some), change.Decode(items[1], &h)); err != nil {
		return nil, part{}, 0, err
	}
	e := l.editOf(kinds, h, items[1].Version)
	if h.large() {
		err = e.takeTally(number%tallies, items[2])
	}
	return e, some, items[0].Version, err
}

func (p part) clone() part {
	p.Results = slices.Clone(p.Results)
	return p
}

// take stores results of waiting targets, and returns them.
func (p *part) take(results map[int]Result, trouble map[int]error, end bool) []Result {
	given := []Result{}
	give := func(i int, result Result) {
		if i < len(p.Results) && p.Results[i].Outcome == TargetWaiting {
			p.Results[i] = result
			given = append(given, result)
		}
	}
	for i := range p.Results {
		if result, ok := results[i]; ok {
			give(i, result)
		}
	}
	if !end || len(trouble) == 0 {
		return given
	}
	p.Attempts++
	for i := range p.Results {
		if err, ok := trouble[i]; ok && p.Attempts >= MaxAttempts {
			give(i, Result{Target: p.Results[i].Target, Outcome: TargetFailed, Message: givenUp(err)})
		}
	}
	return given
}

// pause waits a random time, so that changes that collided do not collide again.
func pause(ctx context.Context, race int) error {
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-time.After(rand.N(min(time.Millisecond<<min(race, 10), longestPause))):
		return nil
	}
}

// Settlement is the result of a sent target.
type Settlement struct {
	// Index is the target's index, as passed to Perform.
	Index   int
	Outcome Outcome
	// Message is the reason if the target failed or was skipped.
	Message string
}

// Settle stores final results of targets of one part that come from outside. Open targets get them;
// targets with a final result keep it. It returns how many were stored. It returns a fault of code
// NotFound if there is no such job or part, Conflict if the part was not begun, and Invalid for an
// outcome that is not final.
func (l *Ledger) Settle(
	ctx context.Context,
	kinds Kinds,
	place identity.Place,
	id string,
	number int,
	results ...Settlement,
) (int, error) {
	for _, one := range results {
		if one.Outcome != TargetDone && one.Outcome != TargetFailed && one.Outcome != TargetSkipped {
			return 0, fault.InField("outcome", "must be done, failed or skipped")
		}
	}
	settled := 0
	err := again(ctx, func() error {
		e, before, version, err := l.editPart(ctx, kinds, place, id, number)
		if err != nil {
			return err
		}
		if !e.head.begun(number) {
			return fault.New(fault.Conflict, "This part of the job was not begun.")
		}
		after := before.clone()
		given := after.settle(results)
		if settled = len(given); settled == 0 {
			return nil
		}
		if err := errors.Join(e.change(number, before, after, version), e.settle(ctx)); err != nil {
			return err
		}
		return e.commit(ctx, change.ByPlatform(), e.recorded(number, given, before, after))
	})
	if errors.Is(err, errGone) {
		return 0, fault.Missing()
	}
	return settled, err
}

// settle stores final results of open targets, and returns them.
func (p *part) settle(results []Settlement) []Result {
	var given []Result
	for _, one := range results {
		if one.Index < 0 || one.Index >= len(p.Results) || p.Results[one.Index].Outcome.final() {
			continue
		}
		result := &p.Results[one.Index]
		result.Outcome, result.Message = one.Outcome, short(one.Message)
		given = append(given, *result)
	}
	return given
}
