package smtpin

import (
	"errors"
	"io"
	"net"
	"os"
	"sync"
	"sync/atomic"
	"time"

	"github.com/tenantry/tenantry/infra/local/connections"
)

// refusalTimeout limits how long a rejected connection may take to read the reason.
const refusalTimeout = 2 * time.Second

// drainPause is how long a client may keep silent while the rest of a refused message comes in.
const drainPause = 10 * time.Second

// guard is a listener that limits how long each connection may last, and how long it may be silent.
// The listener below it shares the connections among the sources.
type guard struct {
	*connections.Listener
	idleTimeout, wholeTimeout time.Duration

	mu       sync.Mutex
	idle     map[*connection]bool // all connections; true unless a message is being received
	stopping bool
}

// Accept returns the next connection within the limits.
func (g *guard) Accept() (net.Conn, error) {
	accepted, err := g.Listener.Accept()
	if err != nil {
		return nil, err
	}
	c := &connection{Conn: accepted, guard: g, until: time.Now().Add(g.wholeTimeout)}
	g.mu.Lock()
	g.idle[c] = true
	g.mu.Unlock()
	return c, nil
}

func (g *guard) leave(c *connection) {
	g.mu.Lock()
	defer g.mu.Unlock()
	delete(g.idle, c)
}

// turnAway tells a client that there is no room for its connection.
func turnAway(c net.Conn) {
	defer c.Close()
	_ = c.SetDeadline(time.Now().Add(refusalTimeout))
	_, _ = io.WriteString(c, "421 4.7.0 too many connections, try again later\r\n")
}

// stop closes the connections that wait for a command, so that only those that are receiving a mail
// are left.
func (g *guard) stop() {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.stopping = true
	for c, waiting := range g.idle {
		if waiting {
			c.Conn.Close()
		}
	}
}

func (g *guard) closeAll() {
	g.mu.Lock()
	defer g.mu.Unlock()
	for c := range g.idle {
		c.Conn.Close()
	}
}

// setBusy notes that a message begins or ends. While the server is stopping, a connection whose
// message has ended is closed by its next read.
func (g *guard) setBusy(c *connection, busy bool) {
	g.mu.Lock()
	defer g.mu.Unlock()
	if _, known := g.idle[c]; known {
		g.idle[c] = !busy
		g.Busy(c.Conn, busy)
	}
}

func (g *guard) ending(c *connection) bool {
	g.mu.Lock()
	defer g.mu.Unlock()
	return g.stopping && g.idle[c]
}

// connection is a connection with two deadlines: one for silence, one for its whole duration.
type connection struct {
	net.Conn
	guard *guard
	until time.Time
	left  sync.Once
	// hurried is set while a message comes in: reads then return after a pause. finished is set when
	// nothing more is to be read, and draining while the rest of a refused message comes in: silence then
	// ends the connection.
	hurried, finished, draining atomic.Bool
}

// hurry makes reads return after a pause, or not any more.
func (c *connection) hurry(on bool) { c.hurried.Store(on) }

// finish makes all further reads fail, so that the connection ends once the client has its answer.
func (c *connection) finish() { c.finished.Store(true) }

// over reports whether the time of the connection has passed.
func (c *connection) over() bool { return !time.Now().Before(c.until) }

// Read waits for input no longer than the idle timeout, and never beyond the connection's deadline.
func (c *connection) Read(b []byte) (int, error) {
	if c.guard.ending(c) || c.finished.Load() {
		return 0, net.ErrClosed
	}
	patience, draining := c.guard.idleTimeout, c.draining.Load()
	switch {
	case draining:
		patience = min(drainPause, patience)
	case c.hurried.Load():
		patience = min(pause, patience)
	}
	deadline := time.Now().Add(patience)
	if c.until.Before(deadline) {
		deadline = c.until
	}
	if err := c.SetReadDeadline(deadline); err != nil {
		return 0, err
	}
	n, err := c.Conn.Read(b)
	if n > 0 {
		c.guard.Heard(c.Conn)
	}
	if draining && errors.Is(err, os.ErrDeadlineExceeded) {
		c.finish()
	}
	return n, err
}

// Close closes the connection and frees its slot.
func (c *connection) Close() error {
	c.left.Do(func() { c.guard.leave(c) })
	return c.Conn.Close()
}
