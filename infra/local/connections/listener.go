// Package connections shares the connections of a server (HTTP, SMTP) among its callers, so that none
// can take them all by leaving them open. How many calls somebody may make is limited by
// functions/endpoint, and what a mail may be by infra/local/smtpin.
package connections

import (
	"container/list"
	"net"
	"net/http"
	"net/netip"
	"sync"
	"time"
)

// Limits are how many connections are open at the same time.
type Limits struct {
	// Total is for all callers together, PerSource for one: an IPv4 address, or the /64 network of
	// an IPv6 address, which is what one customer of a provider gets.
	Total, PerSource int
	// Trusted reports addresses that PerSource does not apply to: proxies in front.
	Trusted func(netip.Addr) bool
	// Refuse takes over a connection for which there is no room: it says so and closes it, without
	// making the caller wait. If nil, the connection is closed.
	Refuse func(net.Conn)
	// Now returns the present time.
	Now func() time.Time
}

// underLoad is how long a connection may be idle while more than half of the connections are open.
const underLoad = 10 * time.Second

// Listener accepts connections within limits. Instead of refusing a new connection, it closes the
// one that has been idle for longest: of the same source if that has its share, of all if nearly all
// are open. Tell it which connections work: with State as the ConnState of an HTTP server, with Busy and
// Heard in other servers. It is safe for concurrent use.
type Listener struct {
	net.Listener
	limits Limits

	mutex   sync.Mutex
	open    int
	sources map[netip.Prefix]int
	idle    *list.List // of *connection, the one idle for longest first
}

// Limit returns a listener that accepts the connections of another within limits.
func Limit(listener net.Listener, limits Limits) *Listener {
	return &Listener{Listener: listener, limits: limits, sources: map[netip.Prefix]int{}, idle: list.New()}
}

// connection is an accepted connection. Its fields belong to the listener's mutex.
type connection struct {
	net.Conn
	listener *Listener
	source   netip.Prefix
	trusted  bool
	closed   bool
	idle     *list.Element // nil while a request is in progress
	since    time.Time
}

// Accept waits for a connection that the limits allow.
func (l *Listener) Accept() (net.Conn, error) {
	for {
		accepted, err := l.Listener.Accept()
		if err != nil {
			return nil, err
		}
		c := &connection{Conn: accepted, listener: l}
		c.source, c.trusted = l.sourceOf(accepted.RemoteAddr())
		admitted, ended := l.admit(c)
		for _, old := range ended {
			_ = old.Conn.Close() // it was idle: nothing is lost
		}
		if admitted {
			return c, nil
		}
		if l.limits.Refuse != nil {
			l.limits.Refuse(accepted)
		} else {
			_ = accepted.Close() // the caller tries again later
		}
	}
}

// admit adds a connection if there is room, and returns the idle ones to close for it.
func (l *Listener) admit(c *connection) (admitted bool, ended []*connection) {
	l.mutex.Lock()
	defer l.mutex.Unlock()
	if l.open > l.limits.Total/2 {
		latest := l.limits.Now().Add(-underLoad)
		for first := l.idle.Front(); first != nil; first = l.idle.Front() {
			old := first.Value.(*connection)
			if old.since.After(latest) {
				break
			}
			ended = append(ended, l.remove(old))
		}
	}
	if !c.trusted && l.sources[c.source] >= l.limits.PerSource {
		old := l.longestIdle(func(other *connection) bool { return other.source == c.source })
		if old == nil {
			return false, ended
		}
		ended = append(ended, l.remove(old))
	}
	if l.open >= l.limits.Total-l.limits.Total/10 {
		if old := l.longestIdle(func(*connection) bool { return true }); old != nil {
			ended = append(ended, l.remove(old))
		}
	}
	if l.open >= l.limits.Total {
		return false, ended
	}
	l.open++
	l.sources[c.source]++
	c.since = l.limits.Now()
	c.idle = l.idle.PushBack(c)
	return true, ended
}

// longestIdle returns the connection that has been idle for longest of those that match; nil if
// there is none.
func (l *Listener) longestIdle(match func(*connection) bool) *connection {
	for element := l.idle.Front(); element != nil; element = element.Next() {
		if c := element.Value.(*connection); match(c) {
			return c
		}
	}
	return nil
}

// remove stops counting a connection, and returns it.
func (l *Listener) remove(c *connection) *connection {
	if c.closed {
		return c
	}
	c.closed = true
	l.open--
	if l.sources[c.source]--; l.sources[c.source] == 0 {
		delete(l.sources, c.source)
	}
	if c.idle != nil {
		l.idle.Remove(c.idle)
		c.idle = nil
	}
	return c
}

// Close closes the connection, and makes room for another.
func (c *connection) Close() error {
	c.listener.mutex.Lock()
	c.listener.remove(c)
	c.listener.mutex.Unlock()
	return c.Conn.Close()
}

// State is the server's ConnState: it tells the listener which connections are idle.
func (l *Listener) State(conn net.Conn, state http.ConnState) {
	switch state {
	case http.StateActive:
		l.Busy(conn, true)
	case http.StateIdle:
		l.Busy(conn, false)
	case http.StateNew, http.StateHijacked, http.StateClosed: // Accept and Close note the rest
	}
}

// Busy notes that a connection that Accept returned works, or is idle from now on. One that works is
// not closed for another.
func (l *Listener) Busy(conn net.Conn, busy bool) {
	c, ours := conn.(*connection)
	if !ours {
		return
	}
	l.mutex.Lock()
	defer l.mutex.Unlock()
	switch {
	case c.closed:
	case busy && c.idle != nil:
		l.idle.Remove(c.idle)
		c.idle = nil
	case !busy && c.idle == nil:
		c.since = l.limits.Now()
		c.idle = l.idle.PushBack(c)
	}
}

// Heard notes that something came over an idle connection, which is idle anew from now on.
func (l *Listener) Heard(conn net.Conn) {
	c, ours := conn.(*connection)
	if !ours {
		return
	}
	l.mutex.Lock()
	defer l.mutex.Unlock()
	if !c.closed && c.idle != nil {
		c.since = l.limits.Now()
		l.idle.MoveToBack(c.idle)
	}
}

// sourceOf returns the source of a connection, and whether it is trusted. Connections without an IP
// address, of a socket of this machine, have one source.
func (l *Listener) sourceOf(remote net.Addr) (netip.Prefix, bool) {
	parsed, err := netip.ParseAddrPort(remote.String())
	if err != nil {
		return netip.Prefix{}, true
	}
	address := parsed.Addr().Unmap().WithZone("")
	bits := 64
	if address.Is4() {
		bits = 32
	}
	source, err := address.Prefix(bits)
	if err != nil {
		return netip.Prefix{}, true
	}
	return source, l.limits.Trusted != nil && l.limits.Trusted(address)
}
