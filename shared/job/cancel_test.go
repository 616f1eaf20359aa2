package job_test

import (
	"fmt"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/tenantry/tenantry/shared/fault"
	"github.com/tenantry/tenantry/shared/job"
	"github.com/tenantry/tenantry/shared/store/queue"
)

func TestAfterAJobWasCancelledNothingMoreIsBegun(t *testing.T) {
	for _, total := range []int{10, 700, 1100} {
		t.Run(fmt.Sprint(total), func(t *testing.T) {
			w := newWorld(t)
			created := w.create(total)
			w.fails = func(target string, _ int) error {
				if target == "case-0006" {
					j, err := w.ledger.Cancel(t.Context(), anna, place, created.ID, anybody)
					if err != nil || j.State != job.Cancelling || j.Stop.By != anna {
						t.Errorf("%+v, %v", j, err)
					}
				}
				return nil
			}
			w.drain()
			w.check(created.ID)
			if j := w.wants(created.ID, job.Cancelled, 7, 0, 0); j.Cancelled != total-7 || len(w.performed) != 7 {
				t.Errorf("%+v, %d performed", j, len(w.performed))
			}
			_, err := w.ledger.Cancel(t.Context(), anna, place, created.ID, anybody)
			w.Wants(fault.Conflict, err)
			_, err = w.ledger.Retry(t.Context(), anna, place, created.ID, anybody)
			w.Wants(fault.Conflict, err)
		})
	}
}

func TestAJobCanBeCancelledWhileItsPartsAreMade(t *testing.T) {
	for _, made := range []int{0, 1, 5, 6} {
		w := newWorld(t)
		large, err := w.ledger.Create(t.Context(), anna, place, asked(targets(3000)...)) // six times twenty parts
		w.must(err)
		steps := w.take()
		w.through(&shaky{Store: w.Store, left: made + 1})
		if err := w.ledger.Run(t.Context(), steps[0], w.kinds); made < 5 && err == nil {
			t.Fatal("the crash is missing")
		}
		w.through(w.Store)
		j, err := w.ledger.Cancel(t.Context(), anna, place, large.ID, anybody)
		w.must(err)
		if again, err := w.ledger.Cancel(
			t.Context(),
			anna,
			place,
			large.ID,
			anybody,
		); err != nil ||
			again.State != j.State {
			t.Errorf("%+v, %v", again, err)
		}
		w.check(large.ID)
		w.must(w.ledger.Run(t.Context(), steps[0], w.kinds))
		w.drain()
		w.check(large.ID)
		if j := w.wants(large.ID, job.Cancelled, 0, 0, 0); j.Cancelled != 3000 || len(w.performed) != 0 {
			t.Errorf("%+v", j)
		}
		if len(w.results(large.ID, 100)) != 3000 {
			t.Error("results are missing")
		}
	}
}

func TestManyWorkersAtOnceAgreeWhenAJobIsCancelled(t *testing.T) {
	w := newWorld(t)
	created := w.create(1500)
	var begun, atCancel atomic.Int64
	var cancelled atomic.Bool
	w.fails = func(string, int) error {
		begun.Add(1)
		time.Sleep(time.Millisecond) // so that there is something to cancel
		return nil
	}
	messages := make(chan queue.Message, 10_000)
	relay := func() {
		for _, message := range w.take() {
			messages <- message
			messages <- message // twice, as queues do
		}
	}
	relay()
	var group sync.WaitGroup
	var mutex sync.Mutex
	for range 6 {
		group.Go(func() {
			for {
				select {
				case message := <-messages:
					if err := w.ledger.Run(t.Context(), message, w.kinds); err != nil {
						messages <- message
					}
					mutex.Lock()
					relay()
					mutex.Unlock()
					if begun.Load() > 300 && cancelled.CompareAndSwap(false, true) {
						if _, err := w.ledger.Cancel(t.Context(), anna, place, created.ID, anybody); err != nil {
							t.Error(err)
						}
						atCancel.Store(begun.Load())
					}
				default:
					if j, err := w.ledger.Get(t.Context(), place, created.ID); err != nil || j.Ended != 0 {
						return
					}
				}
			}
		})
	}
	group.Wait()
	outcomes := w.check(created.ID)
	j, err := w.ledger.Get(t.Context(), place, created.ID)
	if err != nil || j.State != job.Cancelled || j.Done == 0 || j.Done+j.Cancelled != 1500 || len(outcomes) != 1500 {
		t.Errorf("%+v, %v", j, err)
	}
	if after := begun.Load() - atCancel.Load(); after > 6 { // each worker had checked before one target at most
		t.Errorf("%d targets were begun after the job was cancelled", after)
	}
}

// TestAJobThatIsCancelledWhileItsFailuresAreResetEnds holds though the worker that resets them crashed in
// the middle.
func TestAJobThatIsCancelledWhileItsFailuresAreResetEnds(t *testing.T) {
	w := newWorld(t)
	w.register(job.Kind{})
	const total = 1010
	w.fails = func(target string, _ int) error {
		if target == "case-0000" {
			return fault.Denied()
		}
		return nil
	}
	created, err := w.ledger.Create(t.Context(), anna, place, asked(targets(total)...))
	w.must(err)
	w.drain()
	_, err = w.ledger.Retry(t.Context(), anna, place, created.ID, func(job.Job) error { return nil })
	w.must(err)
	messages := w.take()
	w.through(&shaky{Store: w.Store, left: 2})
	if err := w.ledger.Run(t.Context(), messages[0], w.kinds); err == nil {
		t.Fatal("the worker did not crash")
	}
	w.through(w.Store)
	_, err = w.ledger.Cancel(t.Context(), anna, place, created.ID, func(job.Job) error { return nil })
	w.must(err)
	for range 2 {
		w.must(w.ledger.Run(t.Context(), messages[0], w.kinds))
	}
	w.drain()
	w.check(created.ID)
	if j := w.wants(created.ID, job.Cancelled, total-1, 0, 0); j.Cancelled != 1 || j.Ended == 0 {
		t.Errorf("%+v", j)
	}
}
