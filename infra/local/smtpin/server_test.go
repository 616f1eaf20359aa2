package smtpin

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http/httptest"
	"net/netip"
	"net/textproto"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/tenantry/tenantry/shared/fault"
)

func TestAMailIsDeliveredWithItsEnvelope(t *testing.T) {
	o := start(t, nil)
	c := ready(t, o)
	c.write("Subject: x\r\n\r\n..a line with a dot\r\n...\r\nčaj\r\n.\r\n")
	c.expect("250 2.0.0")
	c.say("QUIT", "221")
	want := []delivered{
		{
			Envelope{
				From:          "ana@customer.example",
				Recipients:    []string{"cases@msp.example"},
				RemoteAddress: "127.0.0.1",
				Hello:         "sender.example",
				Received:      moment,
			},
			"Subject: x\r\n\r\n.a line with a dot\r\n..\r\nčaj\r\n",
		},
	}
	if diff := cmp.Diff(want, o.delivered(), cmp.AllowUnexported(delivered{})); diff != "" {
		t.Error(diff)
	}
	if err := o.stop(); err != nil {
		t.Error(err)
	}
	if strings.Contains(o.log.String(), "Subject") || strings.Contains(o.log.String(), "dot") {
		t.Errorf("the log holds the content:\n%s", o.log)
	}
}

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

func TestMailForOthersIsRefused(t *testing.T) {
	o := start(t, nil)
	c := dial(t, o.address)
	c.expect("220")
	c.say("EHLO x", "250")
	c.say("MAIL FROM:<a@b.example>", "250")
	if answer := c.say("RCPT TO:<eva@elsewhere.example>", "550 5.1.1"); !strings.Contains(answer, "not relayed") {
		t.Errorf("%q does not give the reason", answer)
	}
	c.say("DATA", "5")
	c.say("RCPT TO:<cases@msp.example>", "250")
	c.say("RCPT TO:<CASES@msp.example>", "250")
	c.say("DATA", "354")
	c.write("x\r\n.\r\n")
	c.expect("250")
	if got := o.delivered(); len(got) != 1 || !cmp.Equal(got[0].envelope.Recipients, []string{"cases@msp.example"}) {
		t.Errorf("%+v", got)
	}
}

func TestSeveralMailsOverOneConnectionInOnePiece(t *testing.T) {
	o := start(t, nil)
	c := dial(t, o.address)
	c.expect("220")
	one := "MAIL FROM:<>\r\nRCPT TO:<%s@msp.example>\r\nDATA\r\n"
	c.say("EHLO x", "250")
	for _, name := range []string{"a", "b"} {
		c.write(fmt.Sprintf(one, name))
		c.expect("250")
		c.expect("250")
		c.expect("354")
		c.write(name + "\r\n.\r\n")
		c.expect("250")
	}
	c.write("NOOP\r\nRSET\r\nQUIT\r\n")
	c.expect("250")
	c.expect("250")
	c.expect("221")
	got := o.delivered()
	if len(got) != 2 || got[0].content != "a\r\n" || got[1].content != "b\r\n" || got[1].envelope.From != "" ||
		!cmp.Equal(got[1].envelope.Recipients, []string{"b@msp.example"}) {
		t.Errorf("%+v", got)
	}
}

func TestAMessageInChunksIsDelivered(t *testing.T) {
	o := start(t, nil)
	c := dial(t, o.address)
	c.expect("220")
	c.say("EHLO x", "250")
	c.say("MAIL FROM:<a@b.example>", "250")
	c.say("RCPT TO:<cases@msp.example>", "250")
	c.write("BDAT 5\r\na\r\n.\r")
	c.expect("250")
	c.write("BDAT 3 LAST\r\n\nb\n")
	c.expect("250")
	if got := o.delivered(); len(got) != 1 || got[0].content != "a\r\n.\r\nb\n" {
		t.Errorf("%+v", got)
	}
}

func TestALineFeedAloneEndsNoMessage(t *testing.T) {
	o := start(t, nil)
	c := ready(t, o)
	c.write("a\n.\nMAIL FROM:<forged@msp.example>\r\n\n.\r\nb\r\n.\r\n")
	c.expect("250")
	got := o.delivered()
	if len(got) != 1 || got[0].content != "a\n.\nMAIL FROM:<forged@msp.example>\r\n\n.\r\nb\r\n" {
		t.Errorf("%+v", got)
	}
}

func TestAnOversizedMessageIsRefusedForGood(t *testing.T) {
	o := start(t, func(s *Server) { s.MaxBytes = 1000 })
	c := ready(t, o)
	c.write(strings.Repeat("0123456789abcdef\r\n", 100) + ".\r\n")
	c.expect("552 5.3.4")
	// The conversation continues.
	c.say("MAIL FROM:<ana@customer.example>", "250")
	if got := o.delivered(); len(got) != 0 {
		t.Errorf("%+v", got)
	}
}

func TestTheAnswerFollowsFromWhatBecameOfTheMail(t *testing.T) {
	for begin, answer := range map[string]error{
		"250":       nil,
		"552 5.3.4": fault.New(fault.TooLarge, "Too large."),
		"554 5.6.0": fault.New(fault.Invalid, "No\r\nsense."),
		"451 4.3.0": fault.Wrap(errors.New("disk full at /secret"), fault.Unavailable, "x"),
		"451":       errors.New("secret"),
	} {
		o := start(t, nil)
		o.answer = answer
		c := ready(t, o)
		c.write("x\r\n.\r\n")
		if got := c.expect(begin); strings.Contains(got, "secret") {
			t.Errorf("%q reveals the cause", got)
		}
		c.say("NOOP", "250")
	}
}

func TestAMessageThatIsNotReadToItsEndStillIsAnswered(t *testing.T) {
	o := start(t, func(s *Server) {
		s.Deliver = func(context.Context, Envelope, io.Reader) error { return nil }
	})
	c := ready(t, o)
	c.write(strings.Repeat("x\r\n", 10000) + ".\r\n")
	c.expect("250")
}

func TestABrokenConnectionDeliversNothing(t *testing.T) {
	finished := make(chan error, 2)
	o := start(t, func(s *Server) {
		deliver := s.Deliver
		s.Deliver = func(ctx context.Context, e Envelope, r io.Reader) error {
			err := deliver(ctx, e, r)
			finished <- err
			return err
		}
	})
	c := ready(t, o)
	c.write("half a mail\r\n")
	c.conn.Close()
	if err := <-finished; err == nil {
		t.Error("Deliver saw no error")
	}
	c = dial(t, o.address)
	c.expect("220")
	c.say("EHLO x", "250")
	c.say("MAIL FROM:<a@b.example>", "250")
	c.say("RCPT TO:<cases@msp.example>", "250")
	c.write("BDAT 4\r\nhalf")
	c.expect("250")
	c.conn.Close()
	if err := <-finished; err == nil {
		t.Error("Deliver saw no error")
	}
	if got := o.delivered(); len(got) != 0 {
		t.Errorf("%+v", got)
	}
}

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

func TestALineThatIsTooLongIsRefused(t *testing.T) {
	o := start(t, func(s *Server) { s.MaxLine = 1000 })
	c := ready(t, o)
	c.write(strings.Repeat("x", 5000) + "\r\n.\r\n")
	c.expect("554")
	if got := o.delivered(); len(got) != 0 {
		t.Errorf("%+v", got)
	}
}

func TestThereMayBeAHundredRecipients(t *testing.T) {
	o := start(t, nil)
	c := dial(t, o.address)
	c.expect("220")
	c.say("EHLO x", "250")
	c.say("MAIL FROM:<a@b.example>", "250")
	for i := range 100 {
		c.say(fmt.Sprintf("RCPT TO:<r%d@msp.example>", i), "250")
	}
	c.say("RCPT TO:<one-more@msp.example>", "452")
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

// eventually waits until a condition holds.
func eventually(t *testing.T, what string, holds func() bool) {
	t.Helper()
	for deadline := time.Now().Add(30 * time.Second); !holds(); time.Sleep(10 * time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatalf("not reached: %s", what)
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

func TestASourceThatIsNotAdmittedIsToldToComeBack(t *testing.T) {
	for begin, refusal := range map[string]error{
		"450 4.7.1 Too much mail": fault.New(fault.Limited, "Too much mail."),
		"451 4.3.0":               errors.New("secret"),
	} {
		o := start(t, func(s *Server) { s.Admit = func(context.Context, string) error { return refusal } })
		c := dial(t, o.address)
		c.expect("220")
		c.say("EHLO x", "250")
		if got := c.say("MAIL FROM:<a@b.example>", begin); strings.Contains(got, "secret") {
			t.Errorf("%q reveals the cause", got)
		}
	}
}
