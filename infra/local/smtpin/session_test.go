package smtpin

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"

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
