package smtpin

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/textproto"
	"strings"
	"sync"
	"testing"
	"time"
)

// delivered is a mail that the server passed to Deliver.
type delivered struct {
	envelope Envelope
	content  string
}

// office is a server under test and the mails that it delivered.
type office struct {
	server  *Server
	address string
	stop    func() error
	log     *bytes.Buffer

	mu    sync.Mutex
	mails []delivered
	// answer is the error that Deliver returns after it has read everything.
	answer error
}

func (o *office) delivered() []delivered {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.mails
}

var moment = time.Date(2026, 3, 4, 5, 6, 7, 0, time.UTC)

func start(t *testing.T, change func(*Server)) *office {
	t.Helper()
	o := &office{log: &bytes.Buffer{}}
	o.server = &Server{
		HostName: "mx.msp.example", Now: func() time.Time { return moment }, IdleTimeout: 5 * time.Second,
		Accept: func(to string) bool { return strings.HasSuffix(to, "@msp.example") },
		Log:    slog.New(slog.NewTextHandler(&guardedWriter{w: o.log}, nil)),
		Deliver: func(_ context.Context, envelope Envelope, content io.Reader) error {
			all, err := io.ReadAll(content)
			if err != nil {
				return err
			}
			o.mu.Lock()
			defer o.mu.Unlock()
			o.mails = append(o.mails, delivered{envelope, string(all)})
			return o.answer
		},
	}
	if change != nil {
		change(o.server)
	}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	o.address = listener.Addr().String()
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan error, 1)
	go func() { done <- o.server.Serve(ctx, listener) }()
	o.stop = sync.OnceValue(func() error { cancel(); return <-done })
	t.Cleanup(func() { o.stop() })
	return o
}

type guardedWriter struct {
	mu sync.Mutex
	w  io.Writer
}

func (g *guardedWriter) Write(b []byte) (int, error) {
	g.mu.Lock()
	defer g.mu.Unlock()
	return g.w.Write(b)
}

// client talks to the server line by line.
type client struct {
	t    *testing.T
	conn net.Conn
	text *textproto.Conn
}

func dial(t *testing.T, address string) *client {
	t.Helper()
	conn, err := net.Dial("tcp", address)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { conn.Close() })
	_ = conn.SetDeadline(time.Now().Add(20 * time.Second))
	return &client{t, conn, textproto.NewConn(conn)}
}

func (c *client) write(text string) {
	c.t.Helper()
	if _, err := io.WriteString(c.conn, text); err != nil {
		c.t.Fatal(err)
	}
}

// expect reads one reply and checks what it begins with.
func (c *client) expect(begin string) string {
	c.t.Helper()
	code, message, err := c.text.ReadResponse(0)
	answer := fmt.Sprintf("%d %s", code, message)
	if err != nil && code == 0 || !strings.HasPrefix(answer, begin) {
		c.t.Fatalf("got %q, %v; want %q", answer, err, begin)
	}
	return answer
}

func (c *client) say(line, begin string) string {
	c.t.Helper()
	c.write(line + "\r\n")
	return c.expect(begin)
}

// ready is a client that has sent everything up to DATA.
func ready(t *testing.T, o *office) *client {
	t.Helper()
	c := dial(t, o.address)
	c.expect("220 mx.msp.example")
	c.say("EHLO sender.example", "250")
	c.say("MAIL FROM:<ana@customer.example>", "250")
	c.say("RCPT TO:<cases@msp.example>", "250")
	c.say("DATA", "354")
	return c
}

// eventually waits until a condition holds.
func eventually(t *testing.T, what string, holds func() bool) {
	t.Helper()
	for deadline := time.Now().Add(30 * time.Second); !holds(); time.Sleep(10 * time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatalf("not reached: %s", what)
		}
	}
}
