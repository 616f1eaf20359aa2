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

const (
	// stepParts is how many parts one transaction of a step handles.
	stepParts = 20
	// stepsAtOnce is how many transactions one message of a step makes; the last one sends the next
	// message, so that messages of other jobs get their turn in between.
	stepsAtOnce = 5
)

// runStep performs a step of a job's bookkeeping. Repeating it does what is left to do.
func (l *Ledger) runStep(ctx context.Context, t task) error {
	steps := map[step]func(ctx context.Context, e *edit, last bool) (more bool, err error){
		stepExpand: l.expand, stepCancel: l.cancelPending, stepRetry: l.reopen,
	}
	do := steps[t.Step]
	if do == nil {
		return fault.New(fault.Invalid, "The message requests the unknown step %q.", t.Step)
	}
	place := identity.Place{Scope: t.Scope, MSPID: t.MSPID, OrgID: t.OrgID}
	for number := range stepsAtOnce {
		more := false
		err := again(ctx, func() error {
			e, err := l.edit(ctx, Kinds{}, place, t.JobID)
			if err != nil {
				return err
			}
			more, err = do(ctx, e, number == stepsAtOnce-1)
			return err
		})
		switch {
		case fault.Is(err, fault.NotFound), errors.Is(err, errGone):
			return nil // it has expired
		case err != nil || !more:
			return err
		}
	}
	return nil
}

// targetsOf returns the range of all targets in the parts of a step, which begins with the part
// first.
func (h *head) targetsOf(first int) (from, to int) {
	from, _ = h.partTargets(first)
	_, to = h.partTargets(min(first+stepParts, h.parts()) - 1)
	return from, to
}

// expand creates the next parts of a large job, and reports whether there are more to create.
func (l *Ledger) expand(ctx context.Context, e *edit, last bool) (bool, error) {
	h := &e.head
	first, all := h.PartsMade, h.parts()
	if h.Format == 0 || first >= all {
		return false, nil
	}
	var some targets
	_, err := l.journal.Get(ctx, targetsKey(h.Place(), h.ID, first/stepParts), &some)
	if errors.Is(err, table.ErrAbsent) {
		return false, errGone
	}
	if err != nil {
		return false, err
	}
	if h.Stop != nil { // targets are counted as they are created
		if err := e.readTallies(ctx, everyTally()...); err != nil {
			return false, err
		}
	}
	if err := e.makeParts(first, min(first+stepParts, all), some.Targets); err != nil {
		return false, err
	}
	more := h.PartsMade < all
	switch {
	case more && last:
		err = e.send(task{Part: -1, Step: stepExpand})
	case !more && h.Stop == nil:
		h.State, h.Started = Running, e.now
		e.beginWork()
		err = e.settle(ctx)
	case !more:
		err = e.endStep(ctx)
	}
	if err != nil {
		return false, err
	}
	return more, e.commit(ctx, change.ByPlatform(), change.Record{
		Action: "jobs.expand", Message: fmt.Sprintf("%s: created %d of %d parts", h.Title, h.PartsMade, all),
	})
}

// endStep continues with a job that may have been stopped: its pending parts are then to be
// cancelled.
func (e *edit) endStep(ctx context.Context) error {
	if _, ok := e.head.Pending.first(); ok && e.head.Stop != nil {
		return e.send(task{Part: -1, Step: stepCancel})
	}
	return e.settle(ctx)
}
