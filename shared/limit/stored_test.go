package limit_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/tenantry/tenantry/shared/fault"
	"github.com/tenantry/tenantry/shared/limit"
	"github.com/tenantry/tenantry/shared/store/embedded"
	"github.com/tenantry/tenantry/shared/store/table"
	"github.com/tenantry/tenantry/shared/store/table/sqlite"
)

var began = time.Date(2026, 1, 2, 10, 59, 0, 0, time.UTC)

// world is a table that many processes share, and their clock.
type world struct {
	t      *testing.T
	store  table.Store
	clock  atomic.Int64
	counts atomic.Int64 // how often the table was asked
	// hold makes the table's answers wait; fail makes it fail.
	hold atomic.Pointer[chan struct{}]
	fail atomic.Bool
	log  bytes.Buffer
}

func newWorld(t *testing.T) *world {
	t.Helper()
	w := &world{t: t}
	w.clock.Store(began.UnixNano())
	database, err := embedded.Open(t.Context(), filepath.Join(t.TempDir(), "test.db"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = database.Close() })
	if w.store, err = sqlite.New(t.Context(), database, sqlite.Options{Now: w.now}); err != nil {
		t.Fatal(err)
	}
	return w
}

func (w *world) now() time.Time { return time.Unix(0, w.clock.Load()).UTC() }

func (w *world) pass(length time.Duration) { w.clock.Add(int64(length)) }

// Count is the table's, on a way that may be slow or broken.
func (w *world) Count(ctx context.Context, key table.Key, add, expires int64) (int64, error) {
	w.counts.Add(1)
	if hold := w.hold.Load(); hold != nil {
		select {
		case <-*hold:
		case <-ctx.Done():
			return 0, ctx.Err()
		}
	}
	if w.fail.Load() {
		return 0, fault.New(fault.Unavailable, "The database does not answer.")
	}
	return w.store.Count(ctx, key, add, expires)
}

// process is one of the processes.
func (w *world) process() *limit.Stored {
	return limit.NewStored(w, w.now, slog.New(slog.NewTextHandler(&w.log, nil)))
}

func (w *world) take(process *limit.Stored, key string, want int) {
	w.t.Helper()
	got, _, err := process.Take(w.t.Context(), key, time.Hour)
	if err != nil || got != want {
		w.t.Errorf("call of %s: %d, %v, want %d", key, got, err, want)
	}
}

func (w *world) settle(process *limit.Stored) {
	w.t.Helper()
	if err := process.Settle(w.t.Context()); err != nil {
		w.t.Error(err)
	}
}

func TestAStoredWindowBeginsOnTheHourAndCountsEachKeyAndLengthAlone(t *testing.T) {
	w := newWorld(t)
	one := w.process()
	w.take(one, "anna", 1)
	count, left, err := one.Take(t.Context(), "anna", time.Hour)
	if err != nil || count != 2 || left != time.Minute {
		t.Errorf("second call: %d with %v left, %v, want 2 with 1m", count, left, err)
	}
	w.take(one, "ben", 1)
	if count, left, err := one.Take(t.Context(), "anna", time.Minute); err != nil || count != 1 || left != time.Minute {
		t.Errorf("the same key in a window that ends together: %d with %v left, %v, want 1 with 1m", count, left, err)
	}
	w.pass(2 * time.Minute)
	w.take(one, "anna", 1)
	w.settle(one)
}

func TestProcessesCountTogether(t *testing.T) {
	w := newWorld(t)
	one, other := w.process(), w.process()
	w.take(one, "anna", 1)
	w.take(other, "anna", 2)
	w.take(one, "anna", 2) // it does not know of the other's yet, and learns of it now
	w.settle(one)
	w.take(one, "anna", 4)
	w.settle(one)
	w.take(w.process(), "anna", 5)
}

func TestAWarmCallDoesNotWaitForTheTable(t *testing.T) {
	w := newWorld(t)
	one := w.process()
	w.take(one, "anna", 1)
	hold := make(chan struct{})
	w.hold.Store(&hold)
	for want := 2; want <= 5; want++ {
		w.take(one, "anna", want)
	}
	ended, cancel := context.WithCancel(t.Context())
	cancel()
	if err := one.Settle(ended); !errors.Is(err, context.Canceled) {
		t.Errorf("settling while the table does not answer: %v", err)
	}
	close(hold)
	w.settle(one)
	w.take(w.process(), "anna", 6) // all five were counted
}

func TestACallIsCountedAfterItsOwnEnd(t *testing.T) {
	w := newWorld(t)
	one := w.process()
	w.take(one, "anna", 1)
	ctx, end := context.WithCancel(t.Context())
	hold := make(chan struct{})
	w.hold.Store(&hold)
	if _, _, err := one.Take(ctx, "anna", time.Hour); err != nil {
		t.Fatal(err)
	}
	end()
	close(hold)
	w.settle(one)
	w.take(w.process(), "anna", 3)
}

func TestWhereTheTableFailsTheNextCallAsksIt(t *testing.T) {
	w := newWorld(t)
	one := w.process()
	w.take(one, "anna", 1)
	w.fail.Store(true)
	w.take(one, "anna", 2)
	w.settle(one)
	if !strings.Contains(w.log.String(), "a call was not counted") || strings.Contains(w.log.String(), "anna") {
		t.Errorf("log %s", w.log.String())
	}
	if _, _, err := one.Take(t.Context(), "anna", time.Hour); !fault.Is(err, fault.Unavailable) {
		t.Errorf("while the table fails: %v", err)
	}
	w.fail.Store(false)
	w.take(one, "anna", 2) // the calls that were not counted are forgotten
	w.take(one, "anna", 3)
	w.settle(one)
}

func TestOneWhoCallsATableThatHangsIsHeldUpTwoSecondsAtTheMost(t *testing.T) {
	w := newWorld(t)
	one := w.process()
	w.take(one, "anna", 1)
	hold := make(chan struct{})
	w.hold.Store(&hold)
	w.take(one, "anna", 2)
	begun := time.Now()
	w.settle(one)
	if took := time.Since(begun); took < time.Second || took > 30*time.Second {
		t.Errorf("settled after %s", took)
	}
}

func TestManyProcessesLoseNoCallAndLetHardlyAnyTooManyThrough(t *testing.T) {
	const processes, calls, allowed = 20, 30, 200
	w := newWorld(t)
	var through atomic.Int64
	var all sync.WaitGroup
	for range processes {
		all.Go(func() {
			one := w.process()
			for range calls {
				count, _, err := one.Take(t.Context(), "anna", time.Hour)
				if err != nil {
					t.Error(err)
				}
				if count <= allowed {
					through.Add(1)
				}
				if err := one.Settle(t.Context()); err != nil { // as a function does before it answers
					t.Error(err)
				}
			}
		})
	}
	all.Wait()
	w.take(w.process(), "anna", processes*calls+1)
	if got := through.Load(); got < allowed || got > allowed+processes {
		t.Errorf("%d calls went through, want %d and at most one more a process", got, allowed)
	}
}

func TestCallsAtTheSameMomentInOneProcessAreAllCounted(t *testing.T) {
	w := newWorld(t)
	one := w.process()
	var all sync.WaitGroup
	for range 50 {
		all.Go(func() {
			if count, _, err := one.Take(t.Context(), "anna", time.Hour); err != nil || count < 1 || count > 50 {
				t.Errorf("%d, %v", count, err)
			}
		})
	}
	all.Wait()
	w.settle(one)
	w.take(w.process(), "anna", 51)
}

func TestACounterStandsUnderTheHashOfItsKeyAndExpiresAnHourAfterItsWindow(t *testing.T) {
	w := newWorld(t)
	w.take(w.process(), "anna", 1)
	key := table.Key{Table: table.Derived, Partition: "LIMIT#55579b557896d0ce1764c47fed644f9b", Sort: "3600#1767351600"}
	item, err := w.store.Get(t.Context(), key)
	if err != nil || string(item.Data) != "1" || item.Expires != 1767351600+3600 {
		t.Errorf("%+v, %v", item, err)
	}
}

func TestPastWindowsAreForgotten(t *testing.T) {
	w := newWorld(t)
	one := w.process()
	long := strings.Repeat("k", 20_000)
	kept := func() uint64 {
		var memory runtime.MemStats
		runtime.GC()
		runtime.ReadMemStats(&memory)
		return memory.HeapAlloc
	}
	before := kept()
	for hour := range 10 { // 20 MB of keys, of which an hour has two
		for i := range 100 {
			w.take(one, fmt.Sprint(long, hour, " ", i), 1)
		}
		w.pass(time.Hour)
	}
	if after := kept(); after > before+8<<20 {
		t.Errorf("%d kB are kept", (after-before)>>10)
	}
	runtime.KeepAlive(one)
}
