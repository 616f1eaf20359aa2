package apptest

import (
	"sync/atomic"
	"time"
)

// Clock is the time of an installation. It begins at the real time and stands still until a test
// moves it, so that ids, which are made from the real time, keep the order of what happens.
type Clock struct{ micros atomic.Int64 }

func newClock() *Clock {
	c := &Clock{}
	c.micros.Store(time.Now().UnixMicro())
	return c
}

// Now gives the clock's time.
func (c *Clock) Now() time.Time { return time.UnixMicro(c.micros.Load()) }

// Pass moves the clock on.
func (c *Clock) Pass(length time.Duration) { c.micros.Add(length.Microseconds()) }

// Set moves the clock to a time.
func (c *Clock) Set(to time.Time) { c.micros.Store(to.UnixMicro()) }
