package job_test

import (
	"context"
	"fmt"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/tenantry/tenantry/shared/identity"
	"github.com/tenantry/tenantry/shared/job"
	"github.com/tenantry/tenantry/shared/store/queue"
)

// serve handles the queue of jobs with that many workers, and relays messages to it, as the program
// on one machine does, until the test calls the returned function.
func (w *world) serve(workers int) (stop func()) {
	ctx, cancel := context.WithCancel(w.t.Context())
	var group sync.WaitGroup
	group.Go(func() {
		for ctx.Err() == nil {
			if messages := w.take(); len(messages) > 0 {
				if err := w.Queues.Send(w.t.Context(), messages); err != nil {
					w.t.Error(err)
				}
			} else {
				time.Sleep(time.Millisecond)
			}
		}
	})
	for range workers {
		group.Go(func() {
			for ctx.Err() == nil {
				if err := w.workOnce(); err != nil {
					w.t.Error(err)
					return
				}
			}
		})
	}
	return func() {
		cancel()
		group.Wait()
	}
}

// workOnce handles the next message, or waits a moment if there is none.
func (w *world) workOnce() error {
	deliveries, err := w.Queues.Receive(w.t.Context(), queue.CasesJobs, 1)
	if err != nil || len(deliveries) == 0 {
		time.Sleep(time.Millisecond)
		return err
	}
	if err := w.ledger.Run(w.t.Context(), deliveries[0].Message, w.kinds); err != nil {
		return err
	}
	return w.Queues.Delete(w.t.Context(), deliveries...)
}

// TestSmallJobsDoNotWaitForALargeOne starts a job of 10,000 targets and, while it runs, twenty jobs
// of five: half of them of other organizations, half of the same.
func TestSmallJobsDoNotWaitForALargeOne(t *testing.T) {
	w := newWorld(t)
	var ofLarge atomic.Int64
	kinds, err := job.NewKinds(job.Kind{
		Name: "cases.archive", See: identity.SeeCases, Act: identity.OpenCases,
		Perform: func(_ context.Context, j job.Job, _ job.Target) error {
			if j.Total > 5 {
				ofLarge.Add(1)
			}
			time.Sleep(200 * time.Microsecond)
			return nil
		},
	})
	w.must(err)
	w.kinds = kinds
	stop := w.serve(4)
	defer stop()
	began := time.Now()
	large, err := w.ledger.Create(t.Context(), anna, place, asked(targets(10_000)...))
	w.must(err)
	for ofLarge.Load() == 0 {
		time.Sleep(time.Millisecond)
	}
	small := map[string]identity.Place{}
	for number := range 20 {
		at := place
		if number%2 == 0 {
			at = identity.Place{Scope: identity.OrgScope, MSPID: "m", OrgID: fmt.Sprintf("other-%d", number)}
		}
		created, err := w.ledger.Create(t.Context(), anna, at, asked(targets(5)...))
		w.must(err)
		small[created.ID] = at
	}
	before, start := ofLarge.Load(), time.Now()
	for id, at := range small {
		for {
			j, err := w.ledger.Get(t.Context(), at, id)
			w.must(err)
			if j.State == job.Done {
				break
			}
			if time.Since(start) > time.Minute {
				t.Fatalf("a small job is not done after a minute: %+v", j)
			}
			time.Sleep(time.Millisecond)
		}
	}
	// Twenty parts of the large job may come first, and one between two of the same organization.
	meanwhile, took := ofLarge.Load()-before, time.Since(start)
	if meanwhile > 50*job.PartTargets {
		t.Errorf("%d targets of the large job came before the last small one", meanwhile)
	}
	for {
		j, err := w.ledger.Get(t.Context(), place, large.ID)
		w.must(err)
		if j.State == job.Done {
			break
		}
		if time.Since(began) > 5*time.Minute {
			t.Fatalf("the large job is not done after five minutes: %+v", j)
		}
		time.Sleep(10 * time.Millisecond)
	}
	t.Logf(
		"the small jobs were done after %v and %d targets of the large one, the large one after %v",
		took,
		meanwhile,
		time.Since(began),
	)
}
