// Package limit counts calls in windows of time, so that nobody can take more than a fair
// share: Window in memory, for the one process that is the whole service on one machine
// (after a restart it begins anew), Stored in the table, for many processes. What is
// limited to how much stands where it is used.
package limit

import (
	"context"
	"sync"
	"time"
)

// Window counts calls by key in fixed windows that begin at whole multiples of
// their length (an hour's window begins on the hour). It is safe for concurrent use.
type Window struct {
	now    func() time.Time
	mutex  sync.Mutex
	counts map[counter]int
	swept  time.Time
}

type counter struct {
	key string
	end int64
}

// NewWindow returns a counter; now gives the present time.
func NewWindow(now func() time.Time) *Window {
	return &Window{now: now, counts: make(map[counter]int)}
}

// Take counts one call by key. It gives how many calls this window has had with this
// one, and how long the window still lasts.
func (w *Window) Take(_ context.Context, key string, length time.Duration) (int, time.Duration, error) {
	now := w.now()
	end := now.Truncate(length).Add(length)
	w.mutex.Lock()
	defer w.mutex.Unlock()
	if now.Sub(w.swept) > time.Minute {
		for old := range w.counts {
			if old.end <= now.UnixNano() {
				delete(w.counts, old)
			}
		}
		w.swept = now
	}
	at := counter{key: key, end: end.UnixNano()}
	w.counts[at]++
	return w.counts[at], end.Sub(now), nil
}
