package smtpin

import (
	"context"
	"io"
	"net"
	"net/netip"
	"net/textproto"
	"testing"
	"time"
)

func TestASilentClientIsSentAway(t *testing.T) {
	o := start(t, func(s *Server) { s.IdleTimeout = 100 * time.Millisecond })
	c := dial(t, o.address)
	c.expect("220")
	c.expect("421")
	c = ready(t, o)
	c.write("half a mail\r\n")
	c.expect("451")
	if got := o.delivered(); len(got) != 0 {
		t.Errorf("%+v", got)
	}
}

func TestAClientThatDripsIsCutOffInTheEnd(t *testing.T) {
	o := start(t, func(s *Server) { s.ConnectionTimeout = 300 * time.Millisecond })
	c := ready(t, o)
	begun := time.Now()
	for {
		if _, err := io.WriteString(c.conn, "x\r\n"); err != nil {
			break
		}
		time.Sleep(20 * time.Millisecond)
		if time.Since(begun) > 30*time.Second {
			t.Fatal("still connected")
		}
	}
	if got := o.delivered(); len(got) != 0 {
		t.Errorf("%+v", got)
	}
}

func TestConnectionsAboveTheLimitsAreToldToComeBackWhileAllOthersWork(t *testing.T) {
	for name, change := range map[string]func(*Server){
		"of all":        func(s *Server) { s.MaxConnections = 2 },
		"of one source": func(s *Server) { s.MaxConnectionsPerSource = 2 },
	} {
		t.Run(name, func(t *testing.T) {
			begun := make(chan struct{}, 2)
			o := start(t, func(s *Server) {
				change(s)
				deliver := s.Deliver
				s.Deliver = func(ctx context.Context, e Envelope, r io.Reader) error {
					begun <- struct{}{}
					return deliver(ctx, e, r)
				}
			})
			first, second := ready(t, o), ready(t, o)
			<-begun
			<-begun
			dial(t, o.address).expect("421 4.7.0")
			for _, c := range []*client{first, second} {
				c.write("a mail under way\r\n.\r\n")
				c.expect("250")
			}
			first.say("QUIT", "221")
			// The slot is free as soon as the server has closed its side.
			eventually(t, "a slot is free", func() bool {
				code, _, _ := dial(t, o.address).text.ReadResponse(0)
				return code == 220
			})
		})
	}
}

func TestTheConnectionThatIsSilentForLongestMakesRoomForAnother(t *testing.T) {
	o := start(t, func(s *Server) { s.MaxConnectionsPerSource = 3 })
	var held []*client
	for range 3 {
		held = append(held, dial(t, o.address))
		held[len(held)-1].expect("220")
	}
	held[0].say("NOOP", "250") // now the second is silent for longest
	dial(t, o.address).expect("220")
	if _, err := held[1].text.ReadLine(); err == nil {
		t.Error("the connection that was silent for longest is still open")
	}
	held[0].say("NOOP", "250")
	held[2].say("NOOP", "250")
}

func TestIdleConnectionsOfOneSourceDoNotTakeTheMailServerAway(t *testing.T) {
	o := start(t, func(s *Server) { s.MaxConnections, s.MaxConnectionsPerSource = 40, 4 })
	for range 200 {
		dial(t, o.address)
	}
	for _, from := range []string{"127.0.0.1", "127.0.0.2"} {
		dialer := net.Dialer{LocalAddr: &net.TCPAddr{IP: net.ParseIP(from)}}
		connection, err := dialer.DialContext(t.Context(), "tcp", o.address)
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = connection.Close() })
		c := &client{t, connection, textproto.NewConn(connection)}
		c.expect("220")
		c.say("NOOP", "250")
	}
}

func TestATrustedRelayHasMoreThanAShare(t *testing.T) {
	o := start(t, func(s *Server) {
		s.MaxConnectionsPerSource = 2
		s.Trusted = func(a netip.Addr) bool { return a.IsLoopback() }
	})
	var held []*client
	for range 10 {
		held = append(held, dial(t, o.address))
	}
	for _, c := range held {
		c.expect("220")
		c.say("NOOP", "250")
	}
}
