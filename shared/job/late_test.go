package job_test

import (
	"testing"

	"github.com/tenantry/tenantry/shared/job"
)

// TestATargetThatFailsAfterItsJobHasEndedFailsTheJob holds for a job whose counts are in its head, and for
// one with tallies.
func TestATargetThatFailsAfterItsJobHasEndedFailsTheJob(t *testing.T) {
	for _, total := range []int{30, 2000} {
		w := newWorld(t)
		w.register(job.Kind{})
		w.fails = func(string, int) error { return nil }
		created, err := w.ledger.Create(t.Context(), anna, place, asked(targets(total)...))
		w.must(err)
		w.drain()
		ended := w.wants(created.ID, job.Done, total, 0, 0)
		last := job.Target{Part: (total - 1) / job.PartTargets, Index: (total - 1) % job.PartTargets}
		for range 2 { // the second message about it changes nothing
			w.must(w.ledger.Fail(t.Context(), place, created.ID, last, "The mail came back."))
		}
		w.must(w.ledger.Fail(t.Context(), place, created.ID, job.Target{Part: last.Part, Index: 99}, "No such target."))
		w.check(created.ID)
		j := w.wants(created.ID, job.Failed, total-1, 1, 0)
		if j.Ended != ended.Ended {
			t.Errorf("%d targets: the job ended at %d, and now at %d", total, ended.Ended, j.Ended)
		}
		results := w.results(created.ID, 100)
		if got := results[targets(total)[total-1]]; got.Outcome != job.TargetFailed || got.Message != "The mail came back." {
			t.Errorf("%d targets: the last result is %+v", total, got)
		}
		_, err = w.ledger.Retry(t.Context(), anna, place, created.ID, func(job.Job) error { return nil })
		w.must(err)
		w.drain()
		w.check(created.ID)
		w.wants(created.ID, job.Done, total, 0, 0)
	}
}

func TestASentTargetThatFailsEndsItsJob(t *testing.T) {
	w := newWorld(t)
	w.register(job.Kind{})
	w.fails = func(string, int) error { return job.Sent() }
	created, err := w.ledger.Create(t.Context(), anna, place, asked("case-0000"))
	w.must(err)
	w.drain()
	w.must(w.ledger.Fail(t.Context(), place, created.ID, job.Target{}, "Refused."))
	w.check(created.ID)
	w.wants(created.ID, job.Failed, 0, 1, 0)
	payload, err := w.ledger.Payload(t.Context(), place, created.ID)
	if err != nil || string(payload) != `{"do":"it"}` {
		t.Errorf("%s, %v", payload, err)
	}
}
