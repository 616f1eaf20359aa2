package job_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/tenantry/tenantry/shared/fault"
	"github.com/tenantry/tenantry/shared/job"
)

func TestAStageBeginsWhenTheOneBeforeHasEnded(t *testing.T) {
	for _, test := range []struct {
		total         int
		stages        []int
		broken        string // the targets with this in their names fail
		state         job.State
		done, failed  int
		stage, notRun int
	}{
		{111, []int{1, 10, 100}, "none", job.Done, 111, 0, 2, 0},
		{111, []int{1, 10, 100}, "case-0000", job.Failed, 0, 1, 0, 110},
		{111, []int{1, 10, 100}, "case-0005", job.Failed, 110, 1, 2, 0}, // 9 percent of the targets so far
		{111, []int{1, 10, 100}, "case-000", job.Failed, 0, 1, 0, 110},
		{2000, []int{30, 270, 1700}, "none", job.Done, 2000, 0, 2, 0},
		{2000, []int{30, 270, 1700}, "case-02", job.Failed, 200, 100, 1, 1700},
	} {
		w := newWorld(t)
		w.register(job.Kind{Abort: job.FailedAbove(10)})
		order := asked(targets(test.total)...)
		order.Stages = test.stages
		created, err := w.ledger.Create(t.Context(), anna, place, order)
		w.must(err)
		begun := 0
		w.fails = func(target string, _ int) error {
			var number int
			if _, err := fmt.Sscanf(target, "case-%d", &number); err != nil {
				return err
			}
			first := 0
			for _, targets := range test.stages {
				if number >= first+targets && begun < first+targets ||
					number < first+targets && number >= first && begun < first {
					t.Errorf("%v: %s was begun after %d others", test.stages, target, begun)
				}
				first += targets
			}
			begun++
			if strings.Contains(target, test.broken) {
				return fault.Denied()
			}
			return nil
		}
		w.drain()
		w.check(created.ID)
		j := w.wants(created.ID, test.state, test.done, test.failed, 0)
		if j.Cancelled != test.notRun || j.Stage != test.stage || len(w.results(created.ID, 100)) != test.total {
			t.Errorf("%+v", j)
		}
		if aborted := j.Stop != nil && j.Stop.Aborted; aborted != (test.notRun > 0) {
			t.Errorf("%+v", j.Stop)
		}
		if test.failed > 0 {
			w.fails = func(string, int) error { return nil }
			_, err := w.ledger.Retry(t.Context(), anna, place, created.ID, anybody)
			w.must(err)
			w.drain()
			w.check(created.ID)
			want := job.Done
			if test.notRun > 0 {
				want = job.Cancelled
			}
			w.wants(created.ID, want, test.done+test.failed, 0, 0)
		}
	}
}

func TestATargetThatWasSentIsSettledOnce(t *testing.T) {
	w := newWorld(t)
	w.fails = func(target string, _ int) error {
		if target < "case-1000" {
			return job.Sent()
		}
		return nil
	}
	created := w.create(1100)
	_, err := w.ledger.Settle(t.Context(), w.kinds, place, created.ID, 0, job.Settlement{Outcome: job.TargetDone})
	w.Wants(fault.NotFound, err) // its parts are not created yet
	w.drain()
	if j := w.wants(created.ID, job.Running, 100, 0, 0); j.Sent != 1000 {
		t.Errorf("%+v", j)
	}
	settle := func(part int, want int, results ...job.Settlement) {
		t.Helper()
		got, err := w.ledger.Settle(t.Context(), w.kinds, place, created.ID, part, results...)
		if err != nil || got != want {
			t.Errorf("%d settled, %v; want %d", got, err, want)
		}
		w.check(created.ID)
	}
	for part := range 40 {
		settle(
			part,
			2,
			job.Settlement{Index: 1, Outcome: job.TargetFailed, Message: "No answer."},
			job.Settlement{Index: 3, Outcome: job.TargetDone},
			job.Settlement{Index: 99, Outcome: job.TargetDone},
		)
		settle(
			part,
			0,
			job.Settlement{Index: 1, Outcome: job.TargetDone},
			job.Settlement{Index: 3, Outcome: job.TargetSkipped},
		)
	}
	_, err = w.ledger.Settle(t.Context(), w.kinds, place, created.ID, 0, job.Settlement{Outcome: job.TargetCancelled})
	w.Wants(fault.Invalid, err)
	_, err = w.ledger.Settle(t.Context(), w.kinds, place, created.ID, 99, job.Settlement{Outcome: job.TargetDone})
	w.Wants(fault.NotFound, err)
	if j, err := w.ledger.Cancel(
		t.Context(),
		anna,
		place,
		created.ID,
		anybody,
	); err != nil || j.State != job.Cancelling ||
		j.Sent != 920 {
		t.Errorf("%+v, %v", j, err)
	}
	for part := range 40 {
		var all []job.Settlement
		for index := range 25 {
			all = append(all, job.Settlement{Index: index, Outcome: job.TargetDone})
		}
		settle(part, 23, all...)
	}
	w.wants(created.ID, job.Cancelled, 1060, 40, 0)
}
