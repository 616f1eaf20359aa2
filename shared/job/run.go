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

// recordEvery is how often results are recorded while the work on a part lasts.
const recordEvery = 5 * time.Second

// Perform does to one target what the job's payload says. It must be repeatable: after a crash, or when a message is delivered
// twice, it is called again for a target whose result was not recorded yet.
//
// nil is done; Skip's error is skipped. A fault that would come again makes the target failed, with the fault's message as the
// result. Any other error (a fault of code Unavailable, Limited or Internal, a lost race, what is no fault) is
// tried again with the message, MaxAttempts times.
type Perform func(ctx context.Context, j Job, target string) error

// skipped is the result of a target to which nothing is to be done.
type skipped struct{ message string }

// Error gives the reason.
func (s skipped) Error() string { return s.message }

// Skip gives the error by which a target is recorded as skipped, with the reason for people.
func Skip(format string, arguments ...any) error { return skipped{fmt.Sprintf(format, arguments...)} }

// Run does a message's part of a job: it performs the targets that wait and records their results. A message that is seen again
// performs only what has no result. It returns an error if some targets are to be tried again: then the message must be
// delivered again.
func (l *Ledger) Run(ctx context.Context, message queue.Message, perform Perform) error {
	var t task
	if err := json.Unmarshal(message.Body, &t); err != nil || t.JobID == "" || t.Part < 0 {
		return fault.Wrap(err, fault.Invalid, "The message names no part of a job.")
	}
	r := &run{ledger: l, task: t, place: identity.Place{Scope: t.Scope, MSPID: t.MSPID, OrgID: t.OrgID}, started: l.journal.Now()}
	j, some, err := r.load(ctx)
	if err != nil || j.ID == "" {
		return err
	}
	return r.all(ctx, j, some, perform)
}

// run is the work on one part.
type run struct {
	ledger  *Ledger
	task    task
	place   identity.Place
	started time.Time
	// found are results that are not recorded yet; trouble is why a target is to be tried again.
	found   map[int]Result
	trouble map[int]error
	// gone is set when the job has expired meanwhile.
	gone bool
}

// load reads the job and its part; a job without an id if there is none any more.
func (r *run) load(ctx context.Context) (Job, part, error) {
	var j Job
	var what order
	var some part
	items, err := r.ledger.journal.BatchGet(ctx, []table.Key{
		jobKey(r.place, r.task.JobID), orderKey(r.place, r.task.JobID), partKey(r.place, r.task.JobID, r.task.Part),
	})
	if err != nil {
		return Job{}, part{}, err
	}
	for i, into := range []any{&j, &what, &some} {
		if items[i].Version == 0 {
			return Job{}, part{}, nil
		}
		if err := change.Decode(items[i], into); err != nil {
			return Job{}, part{}, err
		}
	}
	j.Payload = what.Payload
	return j, some, nil
}

// all performs what waits, and records it.
func (r *run) all(ctx context.Context, j Job, some part, perform Perform) error {
	r.found, r.trouble = map[int]Result{}, map[int]error{}
	recorded := r.ledger.journal.Now()
	for i, before := range some.Results {
		if before.Outcome != TargetWaiting {
			continue
		}
		if ctx.Err() != nil || r.gone {
			break
		}
		err := safely(ctx, perform, j, before.Target)
		if outcome, message, final := judge(err); final {
			r.found[i] = Result{Target: before.Target, Outcome: outcome, Message: message}
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
	// What was done is recorded though the time is up. What the end of the time disturbed is no attempt.
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

// safely keeps a panic from ending more than the work on its own target.
func safely(ctx context.Context, perform Perform, j Job, target string) (err error) {
	defer func() {
		if thrown := recover(); thrown != nil {
			err = fmt.Errorf("panic: %v\n%s", thrown, debug.Stack())
		}
	}()
	return perform(ctx, j, target)
}

// judge says what an error means for its target; false if it is to be tried again.
func judge(err error) (Outcome, string, bool) {
	if err == nil {
		return TargetDone, "", true
	}
	if skip, ok := errors.AsType[skipped](err); ok {
		return TargetSkipped, short(skip.message), true
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

// givenUp is the message for a target that was tried often enough.
func givenUp(err error) string {
	if problem, ok := errors.AsType[*fault.Error](err); ok && problem.Code != fault.Internal {
		return short(problem.Message)
	}
	return "It could not be done, for a reason that may pass. Try it again."
}

// short bounds a message, so that a part's results always fit into an item.
func short(message string) string {
	const most = 500
	if len(message) <= most {
		return message
	}
	return strings.ToValidUTF8(message[:most], "") + "…"
}
