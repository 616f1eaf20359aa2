package job

import (
	"context"
	"fmt"
	"time"

	"github.com/tenantry/tenantry/shared/change"
	"github.com/tenantry/tenantry/shared/fault"
	"github.com/tenantry/tenantry/shared/identity"
)

// Retry resets the failed targets of a job to waiting, and returns the job as it is then:
// immediately for a small job, through a worker for a large one. It returns a fault of code
// NotFound if there is no such job, the error of allow if it refuses, and Conflict if the job has
// not ended, has no failed targets or is too old.
func (l *Ledger) Retry(
	ctx context.Context,
	by change.Actor,
	place identity.Place,
	id string,
	allow func(Job) error,
) (Job, error) {
	var retried Job
	err := again(ctx, func() error {
		e, err := l.edit(ctx, Kinds{}, place, id)
		if err != nil {
			return err
		}
		h := &e.head
		if err := allow(h.Job); err != nil {
			return err
		}
		switch {
		case h.Ended == 0:
			return fault.New(fault.Conflict, "The job is still running. Wait until it has ended.")
		case h.Failed == 0:
			return fault.New(fault.Conflict, "The job has no failed targets.")
		case l.journal.Now().Sub(time.UnixMicro(h.Created)) > RetriedFor:
			return fault.New(fault.Conflict, "The job is too old to retry. Create a new one.")
		}
		before := h.Job
		record := change.Record{
			Action:  "jobs.retry",
			Message: fmt.Sprintf("%s: retrying %d", h.Title, h.Failed),
			Before:  counts(before),
		}
		// Stages no longer apply: all failures are retried at once. It does not matter whether the
		// job was stopped before.
		h.Format, h.PartsMade, h.Stop, h.Ended, h.State = format, h.parts(), nil, 0, Running
		h.Stage = max(len(h.Stages)-1, 0)
		h.Retrying, h.RetryFrom, e.touched = true, 0, true
		if h.large() {
			err = e.send(task{Part: -1, Step: stepRetry})
		} else {
			err = e.reopenFrom(ctx, h.parts())
		}
		if err != nil {
			return err
		}
		record.After = counts(h.Job)
		retried = h.Job
		return e.commit(ctx, by, record)
	})
	return retried, err
}

func counts(j Job) map[string]int {
	return map[string]int{"done": j.Done, "failed": j.Failed, "skipped": j.Skipped}
}

// reopen resets the failed targets of the next parts to waiting, and reports whether there are more
// parts to reset.
func (l *Ledger) reopen(ctx context.Context, e *edit, last bool) (bool, error) {
	h := &e.head
	if !h.Retrying {
		return false, nil
	}
	if err := e.reopenFrom(ctx, stepParts); err != nil {
		return false, err
	}
	if h.Retrying && last {
		if err := e.send(task{Part: -1, Step: stepRetry}); err != nil {
			return false, err
		}
	}
	return h.Retrying, e.commit(ctx, change.ByPlatform(), change.Record{
		Action:  "jobs.retry",
		Message: fmt.Sprintf("%s: reset %d of %d parts", h.Title, min(h.RetryFrom, h.parts()), h.parts()),
	})
}

// reopenFrom handles up to most parts. After the last one the work begins, unless the job was
// stopped in the meantime.
func (e *edit) reopenFrom(ctx context.Context, most int) error {
	h := &e.head
	end := min(h.RetryFrom+most, h.parts())
	var numbers []int
	for number := h.RetryFrom; number < end && h.Stop == nil; number++ {
		numbers = append(numbers, number)
	}
	if len(numbers) > 0 {
		if err := e.changeParts(ctx, numbers, e.reopenPart); err != nil {
			return err
		}
	}
	h.RetryFrom, e.touched = end, true // also if none of the parts changed, or a cancelled job has none to reset
	if end < h.parts() && h.Stop == nil {
		return nil
	}
	h.Retrying, h.RetryFrom = false, 0
	return e.endStep(ctx)
}

// reopenPart resets the failed targets of a part to waiting.
func (e *edit) reopenPart(number int, some *part) {
	again := false
	for i, result := range some.Results {
		if result.Outcome == TargetFailed {
			some.Results[i] = Result{Target: result.Target, Outcome: TargetWaiting}
			again = true
		}
	}
	if !again {
		return
	}
	some.Attempts = 0
	e.head.Pending.add(number)
	e.head.PartsLeft++
	if len(e.head.Stages) > 0 {
		e.head.Stages[e.head.stageOf(number)].Left++
	}
}
