package job

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"runtime/debug"
	"strings"
	"time"

	"github.com/tenantry/tenantry/shared/change"
	"github.com/tenantry/tenantry/shared/fault"
	"github.com/tenantry/tenantry/shared/identity"
	"github.com/tenantry/tenantry/shared/store/queue"
	"github.com/tenantry/tenantry/shared/store/table"
)

// recordEvery is how often results are recorded during the work on a part.
const recordEvery = 5 * time.Second

// Run handles a message: it performs the waiting targets of a part and records their results, or
// performs a step of the bookkeeping. A repeated message performs only targets without a result. It
// returns an error if some targets must be retried: then the message must be delivered again. A
// fault of code Invalid means that retrying is of no use.
func (l *Ledger) Run(ctx context.Context, message queue.Message, kinds Kinds) error {
	var t task
	if err := json.Unmarshal(message.Body, &t); err != nil || t.JobID == "" || t.Part < 0 && t.Step == "" {
		return fault.Wrap(err, fault.Invalid, "The message names no part of a job.")
	}
	if t.Step != "" {
		return l.runStep(ctx, t)
	}
	r := &run{
		ledger:  l,
		kinds:   kinds,
		task:    t,
		place:   identity.Place{Scope: t.Scope, MSPID: t.MSPID, OrgID: t.OrgID},
		started: l.journal.Now(),
		results: map[int]Result{},
		trouble: map[int]error{},
	}
	h, some, err := r.load(ctx)
	if err != nil || h.ID == "" {
		return err
	}
	kind, known := kinds.Find(h.Kind)
	if !known {
		return fault.New(fault.Invalid, "There is no kind of job named %q.", h.Kind)
	}
	r.stopped = h.Stop != nil
	return r.all(ctx, h.Job, some, kind.Perform)
}

// run is the work on one part.
type run struct {
	ledger  *Ledger
	kinds   Kinds
	task    task
	place   identity.Place
	started time.Time
	// results are the results not recorded yet; trouble is why a target must be retried.
	results map[int]Result
	trouble map[int]error
	// stopped is set if the job was stopped, gone if it has expired in the meantime.
	stopped, gone bool
}

// load reads the job and its part; a job without an ID if there is none any more.
func (r *run) load(ctx context.Context) (head, part, error) {
	var h head
	var o order
	var some part
	items, err := r.ledger.journal.BatchGet(ctx, []table.Key{
		jobKey(r.place, r.task.JobID), orderKey(r.place, r.task.JobID), partKey(r.place, r.task.JobID, r.task.Part),
	})
	if err != nil {
		return head{}, part{}, err
	}
	for i, into := range []any{&h, &o, &some} {
		if items[i].Version == 0 {
			return head{}, part{}, nil
		}
		if err := change.Decode(items[i], into); err != nil {
			return head{}, part{}, err
		}
	}
	h.Payload = o.Payload
	return h, some, nil
}

// look checks whether the job was stopped.
func (r *run) look(ctx context.Context) error {
	h, _, err := r.ledger.head(ctx, r.place, r.task.JobID)
	if fault.Is(err, fault.NotFound) {
		r.gone = true
		return nil
	}
	r.stopped = h.Stop != nil
	return err
}

// all performs the waiting targets, and records the results.
func (r *run) all(ctx context.Context, j Job, some part, perform Perform) error {
	recorded, begun := r.ledger.journal.Now(), false
	for i, before := range some.Results {
		if before.Outcome != TargetWaiting {
			continue
		}
		if begun && !r.stopped && ctx.Err() == nil {
			if err := r.look(ctx); err != nil {
				return errors.Join(err, r.record(context.WithoutCancel(ctx), false))
			}
		}
		if ctx.Err() != nil || r.stopped || r.gone {
			break
		}
		begun = true
		err := safely(ctx, perform, j, Target{Name: before.Target, Part: r.task.Part, Index: i})
		if outcome, message, judged := judge(err); judged {
			r.results[i] = Result{Target: before.Target, Outcome: outcome, Message: message}
		} else {
			r.trouble[i] = fmt.Errorf("%s: %w", before.Target, err)
		}
		if now := r.ledger.journal.Now(); now.Sub(recorded) >= recordEvery {
			if err := r.record(ctx, false); err != nil {
				return err
			}
			recorded = now
		}
	}
	// Results are recorded even after the time ran out. A target interrupted by that does not count
	// as an attempt.
	if err := r.record(context.WithoutCancel(ctx), ctx.Err() == nil); err != nil {
		return err
	}
	if r.gone {
		return nil
	}
	err := ctx.Err()
	for _, trouble := range r.trouble {
		err = errors.Join(err, trouble)
	}
	return err
}

// safely limits a panic to its own target.
func safely(ctx context.Context, perform Perform, j Job, target Target) (err error) {
	defer func() {
		if thrown := recover(); thrown != nil {
			err = fmt.Errorf("panic: %v\n%s", thrown, debug.Stack())
		}
	}()
	return perform(ctx, j, target)
}

// judge returns the outcome that an error means for its target; false if it must be retried.
func judge(err error) (Outcome, string, bool) {
	if err == nil {
		return TargetDone, "", true
	}
	if skip, ok := errors.AsType[skipped](err); ok {
		return TargetSkipped, short(skip.message), true
	}
	if _, ok := errors.AsType[sent](err); ok {
		return TargetSent, "", true
	}
	problem, ok := errors.AsType[*fault.Error](err)
	if !ok {
		return "", "", false
	}
	switch problem.Code {
	case fault.Unavailable, fault.Limited, fault.Internal:
		return "", "", false
	case fault.Conflict:
		if problem.Present > 0 { // somebody else was faster
			return "", "", false
		}
	}
	return TargetFailed, short(problem.Message), true
}

// givenUp returns the message for a target that reached MaxAttempts.
func givenUp(err error) string {
	if problem, ok := errors.AsType[*fault.Error](err); ok && problem.Code != fault.Internal {
		return short(problem.Message)
	}
	return "It failed for a reason that may be temporary. Try again."
}

// short truncates a message, so that a part's results always fit in an item.
func short(message string) string {
	const most = 500
	if len(message) <= most {
		return message
	}
	return strings.ToValidUTF8(message[:most], "") + "…"
}
