package apptest

import (
	"sync/atomic"
	"time"
)

// Clock is the time of an installation. It starts at the real time and stops until the test moves
// it, so that IDs, which are derived from the real time, keep the order of events.
type Clock struct{ micros atomic.Int64 }

func newClock() *Clock {
	c := &Clock{}
	c.micros.Store(time.Now().UnixMicro())
	return c
}

// Now returns the clock's time.
func (c *Clock) Now() time.Time { return time.UnixMicro(c.micros.Load()) }

// Pass moves the clock forward.
func (c *Clock) Pass(length time.Duration) { c.micros.Add(length.Microseconds()) }

// Set moves the clock to a time.
func (c *Clock) Set(to time.Time) { c.micros.Store(to.UnixMicro()) }
