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

// Payload returns what a job is to do; a fault of code NotFound if there is no such job.
func (l *Ledger) Payload(ctx context.Context, place identity.Place, id string) ([]byte, error) {
	var o order
	_, err := l.journal.Get(ctx, orderKey(place, id), &o)
	if errors.Is(err, table.ErrAbsent) {
		return nil, fault.Missing()
	}
	return o.Payload, err
}

// Fail records that a target that was done or sent has failed after all, as when a mail comes back. The
// job has then failed too, also if it ended long ago, and the target can be retried. Other targets keep
// their result, and it is no error if the job has expired.
func (l *Ledger) Fail(ctx context.Context, place identity.Place, id string, target Target, message string) error {
	err := again(ctx, func() error {
		e, before, version, err := l.editPart(ctx, Kinds{}, place, id, target.Part)
		if err != nil {
			return err
		}
		if target.Index < 0 || target.Index >= len(before.Results) || e.head.idle() {
			return nil
		}
		after := before.clone()
		result := &after.Results[target.Index]
		if result.Outcome != TargetDone && result.Outcome != TargetSent {
			return nil
		}
		result.Outcome, result.Message = TargetFailed, short(message)
		if err := e.change(target.Part, before, after, version); err != nil {
			return err
		}
		if ended := e.head.Ended; ended == 0 {
			err = e.settle(ctx)
		} else if err = e.total(ctx); err == nil {
			e.head.end(ended)
			e.touched = true
		}
		if err != nil {
			return err
		}
		return e.commit(ctx, change.ByPlatform(), change.Record{
			Action: "jobs.record", Message: fmt.Sprintf("%s: one failed later", e.head.Title), After: []Result{*result},
		})
	})
	if errors.Is(err, errGone) {
		return nil
	}
	return err
}
