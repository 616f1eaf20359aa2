package smtpin

import (
	"context"
	"crypto/tls"
	"io"
	"net"
	"net/http/httptest"
	"net/textproto"
	"strings"
	"testing"
	"time"
)

func TestTheServerTellsWhatItCanDo(t *testing.T) {
	o := start(t, func(s *Server) { s.MaxBytes = 12345 })
	c := dial(t, o.address)
	c.expect("220")
	can := c.say("EHLO x", "250")
	for _, extension := range []string{"SIZE 12345", "8BITMIME", "SMTPUTF8", "PIPELINING", "ENHANCEDSTATUSCODES"} {
		if !strings.Contains(can, extension) {
			t.Errorf("%s is missing in %q", extension, can)
		}
	}
	if strings.Contains(can, "AUTH") || strings.Contains(can, "STARTTLS") {
		t.Errorf("unexpected extension in %q", can)
	}
	c.say("AUTH PLAIN AGEAYg==", "5")
	c.say("MAIL FROM:<a@b> SIZE=12346", "552")
}

func TestMailComesInEncrypted(t *testing.T) {
	web := httptest.NewTLSServer(nil)
	defer web.Close()
	o := start(t, func(s *Server) { s.TLS = &tls.Config{Certificates: web.TLS.Certificates} })
	c := dial(t, o.address)
	c.expect("220")
	if can := c.say("EHLO x", "250"); !strings.Contains(can, "STARTTLS") {
		t.Errorf("not offered: %q", can)
	}
	// What is sent before the encryption begins must not be treated as sent inside it.
	c.write("STARTTLS\r\n")
	c.expect("220")
	encrypted := tls.Client(c.conn, &tls.Config{InsecureSkipVerify: true})
	c = &client{t, encrypted, textproto.NewConn(encrypted)}
	c.say("EHLO y", "250")
	c.say("MAIL FROM:<a@b.example>", "250")
	c.say("RCPT TO:<cases@msp.example>", "250")
	c.say("DATA", "354")
	c.write("x\r\n.\r\n")
	c.expect("250")
	if got := o.delivered(); len(got) != 1 || got[0].envelope.Hello != "y" ||
		got[0].envelope.RemoteAddress != "127.0.0.1" {
		t.Errorf("%+v", got)
	}
}

func TestAPanicInDeliverAsksTheSenderToComeBack(t *testing.T) {
	o := start(t, func(s *Server) {
		s.Deliver = func(context.Context, Envelope, io.Reader) error { panic("boom") }
	})
	c := ready(t, o)
	c.write("x\r\n.\r\n")
	c.expect("421")
	dial(t, o.address).expect("220")
}

// begins closes a channel when the server begins to deliver the first mail.
func begins(begun chan struct{}) func(*Server) {
	return func(s *Server) {
		deliver := s.Deliver
		s.Deliver = func(ctx context.Context, e Envelope, r io.Reader) error {
			close(begun)
			return deliver(ctx, e, r)
		}
	}
}

func TestAMailUnderWayMayEndWhenTheServerStops(t *testing.T) {
	begun := make(chan struct{})
	o := start(t, begins(begun))
	waiting := dial(t, o.address)
	waiting.expect("220")
	c := ready(t, o)
	c.write("half\r\n")
	<-begun
	stopped := make(chan error, 1)
	go func() { stopped <- o.stop() }()
	eventually(t, "no new connection is accepted", func() bool {
		connection, err := net.Dial("tcp", o.address)
		if err == nil {
			_ = connection.Close()
		}
		return err != nil
	})
	c.write("other half\r\n.\r\n")
	c.expect("250")
	if err := <-stopped; err != nil {
		t.Error(err)
	}
	if got := o.delivered(); len(got) != 1 || got[0].content != "half\r\nother half\r\n" {
		t.Errorf("%+v", got)
	}
	if _, err := waiting.conn.Read(make([]byte, 1)); err == nil {
		t.Error("an idle connection is still open")
	}
}

func TestAMailThatDoesNotEndIsCutOffWhenTheServerStops(t *testing.T) {
	begun := make(chan struct{})
	o := start(t, func(s *Server) {
		s.StopTimeout, s.IdleTimeout = 100*time.Millisecond, time.Hour
		begins(begun)(s)
	})
	c := ready(t, o)
	c.write("half\r\n")
	<-begun
	if err := o.stop(); err != nil { // it would last until the client has been silent for an hour
		t.Error(err)
	}
	if got := o.delivered(); len(got) != 0 {
		t.Errorf("%+v", got)
	}
}
