// Package limit counts calls in time windows for rate limiting: Window in memory, for a single
// process (a restart resets it), and Stored in the table, shared by many processes. The limits
// themselves are defined where they are used.
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

// NewWindow returns a counter; now returns the current time.
func NewWindow(now func() time.Time) *Window {
	return &Window{now: now, counts: make(map[counter]int)}
}

// Take counts one call by key. It returns the number of calls in this window, including this one,
// and the time until the window ends.
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
