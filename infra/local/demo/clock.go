package demo

import (
	"sync/atomic"
	"time"
)

// Clock is the time of an installation while it is filled. It stands still between two steps.
type Clock struct{ micros atomic.Int64 }

// NewClock returns a clock that shows a time.
func NewClock(at time.Time) *Clock {
	c := &Clock{}
	c.micros.Store(at.UnixMicro())
	return c
}

// Now returns the time, in UTC.
func (c *Clock) Now() time.Time { return time.UnixMicro(c.micros.Load()).UTC() }

// forward moves the clock to a time, but never back.
func (c *Clock) forward(to time.Time) {
	if micros := to.UnixMicro(); micros > c.micros.Load() {
		c.micros.Store(micros)
	}
}
