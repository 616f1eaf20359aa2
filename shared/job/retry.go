package job

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/tenantry/tenantry/shared/change"
	"github.com/tenantry/tenantry/shared/fault"
	"github.com/tenantry/tenantry/shared/identity"
	"github.com/tenantry/tenantry/shared/store/table"
)

// Retry lets the failed targets of a job wait again, and gives the job as it is then. It returns a fault of code NotFound if
// there is no such job, what allow says against the job, and Conflict if it has not ended, has no failed targets or is too old.
func (l *Ledger) Retry(ctx context.Context, by change.Actor, place identity.Place, id string, allow func(Job) error) (Job, error) {
	for race := range races {
		j, err := l.retryOnce(ctx, by, place, id, allow)
		if !lostRace(err, jobKey(place, id)) {
			return j, err
		}
		if err := pause(ctx, race); err != nil {
			return Job{}, err
		}
	}
	return Job{}, fault.New(fault.Unavailable, "The job is being changed by many others. Try again.")
}

func (l *Ledger) retryOnce(ctx context.Context, by change.Actor, place identity.Place, id string, allow func(Job) error) (Job, error) {
	j, version, err := l.get(ctx, place, id)
	if err != nil {
		return Job{}, err
	}
	if err := allow(j); err != nil {
		return Job{}, err
	}
	switch {
	case j.Ended == 0:
		return Job{}, fault.New(fault.Conflict, "The job is still running. Wait until it has ended.")
	case j.Failed == 0:
		return Job{}, fault.New(fault.Conflict, "Nothing of the job has failed.")
	case l.journal.Now().Sub(time.UnixMicro(j.Created)) > RetriedFor:
		return Job{}, fault.New(fault.Conflict, "The job is too old to be tried again. Make a new one.")
	}
	versions, parts, err := l.parts(ctx, j, 0, j.parts()-1)
	if err != nil {
		return Job{}, err
	}
	before := j
	done := change.Record{Action: "jobs.retry", OrgID: j.OrgID, MSPID: j.MSPID, Target: "job:" + j.ID}
	for number, some := range parts {
		again := 0
		for i, result := range some.Results {
			if result.Outcome == TargetFailed {
				some.Results[i] = Result{Target: result.Target, Outcome: TargetWaiting}
				again++
			}
		}
		if again == 0 {
			continue
		}
		some.Attempts = 0
		j.add(TargetFailed, -again)
		write, writeErr := j.write(partKey(place, id, number), versions[number], some)
		message, messageErr := j.message(number)
		if err := errors.Join(writeErr, messageErr); err != nil {
			return Job{}, err
		}
		done.Writes, done.Messages = append(done.Writes, write), append(done.Messages, message)
	}
	j.settle(0)
	write, err := j.write(jobKey(place, id), version, j)
	if err != nil {
		return Job{}, err
	}
	done.Writes = append([]table.Write{write}, done.Writes...) // first, as a conflict names the first write that fails
	done.Message = fmt.Sprintf("%s: trying %d again", j.Title, before.Failed)
	done.Before, done.After = counts(before), counts(j)
	return j, l.journal.Commit(ctx, by, done)
}

func counts(j Job) map[string]int {
	return map[string]int{"done": j.Done, "failed": j.Failed, "skipped": j.Skipped}
}
