package limit

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"log/slog"
	"sync"
	"time"

	"github.com/tenantry/tenantry/shared/store/table"
)

// Counter is the part of the table that counts.
type Counter interface {
	// Count adds to a counter and returns its new value, as table.Store does.
	Count(ctx context.Context, key table.Key, add int64, expires int64) (int64, error)
}

const (
	// countTime is how long counting in the background may take.
	countTime = 2 * time.Second
	// keptFor is how long a counter outlives its window.
	keptFor = time.Hour
)

// Stored counts calls in the table, together with all other processes on it, in the
// same windows as Window.
//
// The first call by a key in a process and window waits for the table. The later ones are
// answered at once, from the total that the process remembers, and counted in the
// background; what the table then says is remembered. So a call costs no waiting where
// the process is warm, and a process learns of the calls that others took with its own next
// one: where calls follow each other, each process lets at most about one call too many
// through; of calls at the same moment, as many as are in the background.
//
// It is safe for concurrent use. Where the process stands still between calls, as a Lambda
// function does, Settle must be called before each answer.
type Stored struct {
	store Counter
	now   func() time.Time
	log   *slog.Logger

	mutex  sync.Mutex
	totals map[window]int64 // what is remembered; no entry where the table must be asked
	under  map[chan struct{}]struct{}
	swept  time.Time
}

// window is one window of one key.
type window struct {
	key    string
	length time.Duration
	end    int64 // in epoch seconds
}

// NewStored returns a counter on a table; now returns the current time. Failures to count in the
// background are logged to log.
func NewStored(store Counter, now func() time.Time, log *slog.Logger) *Stored {
	return &Stored{
		store:  store,
		now:    now,
		log:    log,
		totals: make(map[window]int64),
		under:  make(map[chan struct{}]struct{}),
	}
}

// Take counts one call by key in a window of whole seconds. It returns the number of calls in this
// window, including this one, and the time until the window ends. It returns the table's error if
// it had to wait for the table.
func (s *Stored) Take(ctx context.Context, key string, length time.Duration) (int, time.Duration, error) {
	now := s.now()
	end := now.Truncate(length).Add(length)
	at := window{key: key, length: length, end: end.Unix()}
	if total, known := s.next(at, now); known {
		s.countBehind(ctx, at)
		return int(total), end.Sub(now), nil
	}
	total, err := s.count(ctx, at)
	return int(total), end.Sub(now), err
}

// next takes one more of a total that is remembered.
func (s *Stored) next(at window, now time.Time) (total int64, known bool) {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	if now.Sub(s.swept) > time.Minute {
		for old := range s.totals {
			if old.end <= now.Unix() {
				delete(s.totals, old)
			}
		}
		s.swept = now
	}
	if total, known = s.totals[at]; known {
		total++
		s.totals[at] = total
	}
	return total, known
}

// count counts in the table and remembers the total, which never goes back: an answer may
// have been overtaken by a later one.
func (s *Stored) count(ctx context.Context, at window) (int64, error) {
	total, err := s.store.Count(ctx, at.tableKey(), 1, at.end+int64(keptFor/time.Second))
	if err != nil {
		return 0, fmt.Errorf("limit: count a call: %w", err)
	}
	s.mutex.Lock()
	defer s.mutex.Unlock()
	s.totals[at] = max(s.totals[at], total)
	return total, nil
}

// countBehind counts in the background, even after the call has ended.
func (s *Stored) countBehind(ctx context.Context, at window) {
	done := make(chan struct{})
	s.mutex.Lock()
	s.under[done] = struct{}{}
	s.mutex.Unlock()
	go func() {
		defer s.end(done)
		ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), countTime)
		defer cancel()
		if _, err := s.count(ctx, at); err != nil {
			s.log.WarnContext(ctx, "a call was not counted", "error", err)
			s.forget(at)
		}
	}()
}

// forget makes the next call ask the table.
func (s *Stored) forget(at window) {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	delete(s.totals, at)
}

func (s *Stored) end(done chan struct{}) {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	delete(s.under, done)
	close(done)
}

// Settle waits until all that is counted in the background at this moment is counted, or
// the context ends.
func (s *Stored) Settle(ctx context.Context) error {
	for _, done := range s.underWay() {
		select {
		case <-done:
		case <-ctx.Done():
			return ctx.Err()
		}
	}
	return nil
}

func (s *Stored) underWay() []chan struct{} {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	all := make([]chan struct{}, 0, len(s.under))
	for done := range s.under {
		all = append(all, done)
	}
	return all
}

// tableKey is where a window's counter is. The key itself is not stored, because it may contain an
// address.
func (w window) tableKey() table.Key {
	sum := sha256.Sum256([]byte(w.key))
	return table.Key{
		Table: table.Derived, Partition: "LIMIT#" + hex.EncodeToString(sum[:])[:32],
		Sort: fmt.Sprintf("%d#%d", int64(w.length/time.Second), w.end),
	}
}
