package connections

import (
	"fmt"
	"io"
	"net"
	"net/http"
	"net/netip"
	"sync/atomic"
	"testing"
	"time"
)

// serve starts a server within limits, and returns its address.
func serve(t *testing.T, limits Limits, handler http.HandlerFunc) string {
	t.Helper()
	inner, err := (&net.ListenConfig{}).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	if limits.Now == nil {
		limits.Now = time.Now
	}
	listener := Limit(inner, limits)
	server := &http.Server{Handler: handler, ConnState: listener.State, ReadHeaderTimeout: time.Minute}
	go func() { _ = server.Serve(listener) }() // it ends with Close
	t.Cleanup(func() { _ = server.Close() })
	return inner.Addr().String()
}

// dial opens a connection from an address of this machine.
func dial(t *testing.T, from, to string) net.Conn {
	t.Helper()
	dialer := net.Dialer{LocalAddr: &net.TCPAddr{IP: net.ParseIP(from)}, Timeout: 5 * time.Second}
	c, err := dialer.DialContext(t.Context(), "tcp", to)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = c.Close() })
	return c
}

// answers reports whether a request over a connection is answered.
func answers(t *testing.T, c net.Conn) bool {
	t.Helper()
	if err := c.SetDeadline(time.Now().Add(5 * time.Second)); err != nil {
		t.Fatal(err)
	}
	if _, err := io.WriteString(c, "GET / HTTP/1.1\r\nHost: portal\r\n\r\n"); err != nil {
		return false
	}
	answer := make([]byte, 12)
	_, err := io.ReadFull(c, answer)
	return err == nil && string(answer) == "HTTP/1.1 200"
}

func fine(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusOK) }

func TestOneSourceCannotTakeAllConnections(t *testing.T) {
	address := serve(t, Limits{Total: 100, PerSource: 10}, fine)
	var held []net.Conn
	for range 300 {
		held = append(held, dial(t, "127.0.0.1", address))
	}
	if other := dial(t, "127.0.0.2", address); !answers(t, other) {
		t.Error("another source gets no answer")
	}
	if newest := dial(t, "127.0.0.1", address); !answers(t, newest) {
		t.Error("the same source gets no answer on a new connection, though all others are idle")
	}
	if answers(t, held[0]) {
		t.Error("the oldest idle connection is still open")
	}
}

func TestManySourcesTogetherLeaveRoomForAnother(t *testing.T) {
	address := serve(t, Limits{Total: 40, PerSource: 10}, fine)
	for i := range 60 {
		dial(t, fmt.Sprintf("127.0.1.%d", i+1), address)
	}
	if another := dial(t, "127.0.2.1", address); !answers(t, another) {
		t.Error("another source gets no answer")
	}
}

func TestARequestInProgressIsNotCutOff(t *testing.T) {
	var working atomic.Int32
	release := make(chan struct{})
	address := serve(t, Limits{Total: 20, PerSource: 4}, func(w http.ResponseWriter, r *http.Request) {
		working.Add(1)
		select {
		case <-release:
		case <-r.Context().Done():
			return
		}
		w.WriteHeader(http.StatusOK)
	})
	results := make(chan bool, 4)
	for range 4 {
		c := dial(t, "127.0.0.1", address)
		go func() { results <- answers(t, c) }()
	}
	for working.Load() < 4 {
		time.Sleep(time.Millisecond)
	}
	refused := dial(t, "127.0.0.1", address)
	if _, err := refused.Read(make([]byte, 1)); err == nil {
		t.Error("a fifth connection got something while four requests are in progress")
	}
	close(release)
	for range 4 {
		if !<-results {
			t.Error("a request in progress was cut off")
		}
	}
}

func TestATrustedProxyHasAllConnections(t *testing.T) {
	trusted := netip.MustParseAddr("127.0.0.1")
	address := serve(t, Limits{Total: 50, PerSource: 2, Trusted: func(a netip.Addr) bool { return a == trusted }}, fine)
	var held []net.Conn
	for range 20 {
		held = append(held, dial(t, "127.0.0.1", address))
	}
	for i, c := range held {
		if !answers(t, c) {
			t.Errorf("connection %d of the proxy is closed", i)
		}
	}
}

func TestIdleConnectionsEndSoonerUnderLoad(t *testing.T) {
	var moved atomic.Int64
	now := func() time.Time { return time.Now().Add(time.Duration(moved.Load())) }
	address := serve(t, Limits{Total: 10, PerSource: 10, Now: now}, fine)
	early := dial(t, "127.0.0.1", address)
	if !answers(t, early) {
		t.Fatal("the first connection gets no answer")
	}
	moved.Store(int64(time.Minute))
	for i := range 6 {
		if !answers(t, dial(t, fmt.Sprintf("127.0.3.%d", i+1), address)) {
			t.Fatalf("connection %d gets no answer", i)
		}
	}
	dial(t, "127.0.3.9", address)
	if _, err := io.ReadAll(early); err == nil && answers(t, early) {
		t.Error("a connection that was idle for a minute is still open")
	}
}

func TestIPv6SourcesAreNetworks(t *testing.T) {
	l := Limit(nil, Limits{})
	source := func(address string) netip.Prefix {
		prefix, _ := l.sourceOf(net.TCPAddrFromAddrPort(netip.MustParseAddrPort(address)))
		return prefix
	}
	if a, b := source("[2001:db8:1:2::1]:1"), source("[2001:db8:1:2:ffff::9]:2"); a != b {
		t.Errorf("%v and %v are one customer's", a, b)
	}
	if a, b := source("[2001:db8:1:2::1]:1"), source("[2001:db8:1:3::1]:1"); a == b {
		t.Errorf("%v and %v are two customers'", a, b)
	}
	if got := source("[::ffff:192.0.2.1]:1"); got != netip.MustParsePrefix("192.0.2.1/32") {
		t.Errorf("a mapped address is %v", got)
	}
}
