package job

import (
	"context"
	"fmt"
	"math/rand/v2"
	"time"

	"github.com/tenantry/tenantry/shared/change"
	"github.com/tenantry/tenantry/shared/fault"
	"github.com/tenantry/tenantry/shared/store/table"
)

const (
	// races is how often a record is tried again when another part of the job is recorded at the same moment.
	races = 40
	// longestPause bounds the random pause in between.
	longestPause = 100 * time.Millisecond
)

// record writes what was found, together with the job's counts. A target that has a result keeps it. At the end of
// the part's work, the attempt is counted, and targets that were tried often enough have failed.
func (r *run) record(ctx context.Context, end bool) error {
	if len(r.found) == 0 && (!end || len(r.trouble) == 0) {
		return nil
	}
	for race := range races {
		err := r.recordOnce(ctx, end)
		if !lostRace(err, jobKey(r.place, r.task.JobID), partKey(r.place, r.task.JobID, r.task.Part)) {
			return err
		}
		if err := pause(ctx, race); err != nil {
			return err
		}
	}
	return fault.New(fault.Unavailable, "The job is being changed by many others. Try again.")
}

func (r *run) recordOnce(ctx context.Context, end bool) error {
	partAt, jobAt := partKey(r.place, r.task.JobID, r.task.Part), jobKey(r.place, r.task.JobID)
	items, err := r.ledger.journal.BatchGet(ctx, []table.Key{partAt, jobAt})
	if err != nil {
		return err
	}
	var some part
	var j Job
	for i, into := range []any{&some, &j} {
		if items[i].Version == 0 {
			r.gone = true
			return nil
		}
		if err := change.Decode(items[i], into); err != nil {
			return err
		}
	}
	given := some.take(r.found, r.trouble, end)
	for _, result := range given {
		j.add(result.Outcome, 1)
	}
	now := r.ledger.journal.Now()
	if len(given) > 0 {
		j.settle(now.UnixMicro())
	}
	if j.Started == 0 {
		j.Started = r.started.UnixMicro()
	}
	partWrite, err := j.write(partAt, items[0].Version, some)
	if err != nil {
		return err
	}
	jobWrite, err := j.write(jobAt, items[1].Version, j)
	if err != nil {
		return err
	}
	err = r.ledger.journal.Commit(ctx, change.ByPlatform(), change.Record{
		Action: "jobs.record", Message: fmt.Sprintf("%s: %d of %d done, %d failed", j.Title, j.Done+j.Skipped, j.Total, j.Failed),
		OrgID: j.OrgID, MSPID: j.MSPID, Target: "job:" + j.ID, After: given, Writes: []table.Write{partWrite, jobWrite},
	})
	if err != nil {
		return err
	}
	r.found = map[int]Result{}
	for i := range r.trouble {
		if some.Results[i].Outcome != TargetWaiting {
			delete(r.trouble, i)
		}
	}
	return nil
}

// take gives results to targets that wait, and says which.
func (p *part) take(found map[int]Result, trouble map[int]error, end bool) []Result {
	given := []Result{}
	give := func(i int, result Result) {
		if i < len(p.Results) && p.Results[i].Outcome == TargetWaiting {
			p.Results[i] = result
			given = append(given, result)
		}
	}
	for i := range p.Results {
		if result, ok := found[i]; ok {
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

// lostRace reports whether err says that one of the items was changed meanwhile.
func lostRace(err error, keys ...table.Key) bool {
	for _, key := range keys {
		if table.ConflictAt(err, key) {
			return true
		}
	}
	return false
}

// pause waits a random moment, so that those who met do not meet again.
func pause(ctx context.Context, race int) error {
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-time.After(rand.N(min(time.Millisecond<<min(race, 10), longestPause))):
		return nil
	}
}
