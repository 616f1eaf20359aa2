package job

import (
	"context"
	"errors"
	"fmt"

	"github.com/tenantry/tenantry/shared/change"
	"github.com/tenantry/tenantry/shared/fault"
	"github.com/tenantry/tenantry/shared/identity"
	"github.com/tenantry/tenantry/shared/store/table"
)

// Cancel stops a job: workers start nothing more of it, finish what they have started, and the rest
// is cancelled. It is idempotent. It returns a fault of code NotFound if there is no such job, the
// error of allow if it refuses, and Conflict if the job has ended.
func (l *Ledger) Cancel(
	ctx context.Context,
	by change.Actor,
	place identity.Place,
	id string,
	allow func(Job) error,
) (Job, error) {
	var cancelled Job
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
		case h.Ended != 0:
			return fault.New(fault.Conflict, "The job has ended.")
		case h.Stop != nil:
			cancelled, err = e.counted(ctx)
			return err
		}
		h.stop(by, e.now, false)
		e.touched = true
		if _, ok := h.Pending.first(); ok && !h.idle() {
			if err := e.send(task{Part: -1, Step: stepCancel}); err != nil {
				return err
			}
		}
		if err := e.commit(
			ctx,
			by,
			change.Record{Action: "jobs.cancel", Message: h.Title + ": cancelled"},
		); err != nil {
			return err
		}
		cancelled, err = e.counted(ctx)
		return err
	})
	return cancelled, err
}

// cancelPending cancels the next pending parts, and reports whether there are more.
func (l *Ledger) cancelPending(ctx context.Context, e *edit, last bool) (bool, error) {
	h := &e.head
	if h.Stop == nil || h.idle() {
		return false, nil
	}
	var numbers []int
	pending := append(set{}, h.Pending...)
	for number, ok := pending.first(); ok && len(numbers) < stepParts; number, ok = pending.first() {
		pending.remove(number)
		numbers = append(numbers, number)
	}
	if len(numbers) == 0 {
		return false, nil
	}
	err := e.changeParts(ctx, numbers, func(_ int, some *part) { some.cancel() })
	if err != nil {
		return false, err
	}
	for _, number := range numbers {
		h.Pending.remove(number)
	}
	_, more := h.Pending.first()
	if more && last {
		err = e.send(task{Part: -1, Step: stepCancel})
	}
	if err := errors.Join(err, e.settle(ctx)); err != nil {
		return false, err
	}
	return more, e.commit(ctx, change.ByPlatform(), change.Record{
		Action:  "jobs.cancel",
		Message: fmt.Sprintf("%s: cancelled %d parts that were not begun", h.Title, len(numbers)),
	})
}

// changeParts reads some parts and writes what edit returns for them, with the counts.
func (e *edit) changeParts(ctx context.Context, numbers []int, edit func(number int, some *part)) error {
	h := &e.head
	keys := make([]table.Key, len(numbers))
	var needed []int
	for i, number := range numbers {
		keys[i] = partKey(h.Place(), h.ID, number)
		needed = append(needed, number%tallies)
	}
	if h.large() {
		if err := e.readTallies(ctx, needed...); err != nil {
			return err
		}
	}
	items, err := e.ledger.journal.BatchGet(ctx, keys)
	if err != nil {
		return err
	}
	for i, item := range items {
		var before part
		if item.Version == 0 {
			return errGone
		}
		if err := change.Decode(item, &before); err != nil {
			return err
		}
		after := before.clone()
		edit(numbers[i], &after)
		if err := e.change(numbers[i], before, after, item.Version); err != nil {
			return err
		}
	}
	e.touched = true
	return nil
}
