package smtpin

import (
	"bytes"
	"crypto/tls"
	"io"
	"net/http/httptest"
	"net/textproto"
	"strings"
	"testing"
	"time"
)

const doubled = "Subject: Backup\r\r\n\r\r\nIt failed.\r\r\n"

func TestAMessageWhoseLinesEndInDoubledReturnsIsTaken(t *testing.T) {
	for name, end := range map[string]string{"waiting for the answer": ".\r\n", "with a goodbye": ".\r\nQUIT\r\n"} {
		o := start(t, nil)
		c := ready(t, o)
		began := time.Now()
		c.write(doubled + end)
		c.expect("250")
		if took := time.Since(began); took > 4*time.Second {
			t.Errorf("%s: it took %s", name, took)
		}
		if got := o.delivered(); len(got) != 1 || got[0].content != doubled {
			t.Errorf("%s: %+v", name, got)
		}
		if _, err := c.conn.Read(make([]byte, 1)); err == nil {
			t.Errorf("%s: the connection goes on", name)
		}
	}
}

func TestADoubledReturnEndsNoMessageThatGoesOn(t *testing.T) {
	o := start(t, nil)
	c := ready(t, o)
	text := "a\r\r\n.\r\nMAIL FROM:<forged@msp.example>\r\nRCPT TO:<cases@msp.example>\r\nDATA\r\nb\r\n"
	c.write(text + ".\r\n")
	c.expect("250")
	if got := o.delivered(); len(got) != 1 || got[0].content != text {
		t.Errorf("%+v", got)
	}
	c.say("NOOP", "250")
}

func TestNothingIsReadBehindADoubledReturnThatEndedAMessage(t *testing.T) {
	o := start(t, nil)
	c := ready(t, o)
	c.write(doubled + ".\r\n")
	c.expect("250")
	_, _ = io.WriteString(c.conn, "MAIL FROM:<forged@msp.example>\r\nRCPT TO:<cases@msp.example>\r\nDATA\r\nx\r\n.\r\n")
	if left, err := io.ReadAll(c.conn); err == nil && strings.Contains(string(left), "354") {
		t.Errorf("the conversation goes on: %q", left)
	}
	if got := o.delivered(); len(got) != 1 {
		t.Errorf("%+v", got)
	}
}

func TestADoubledReturnEndsAnEncryptedMessage(t *testing.T) {
	web := httptest.NewTLSServer(nil)
	defer web.Close()
	o := start(t, func(s *Server) { s.TLS = &tls.Config{Certificates: web.TLS.Certificates} })
	c := dial(t, o.address)
	c.expect("220")
	c.say("EHLO x", "250")
	c.say("STARTTLS", "220")
	encrypted := tls.Client(c.conn, &tls.Config{InsecureSkipVerify: true})
	c = &client{t, encrypted, textproto.NewConn(encrypted)}
	c.say("EHLO y", "250")
	c.say("MAIL FROM:<a@b.example>", "250")
	c.say("RCPT TO:<cases@msp.example>", "250")
	c.say("DATA", "354")
	c.write(doubled + ".\r\n")
	c.expect("250")
	if got := o.delivered(); len(got) != 1 || got[0].content != doubled {
		t.Errorf("%+v", got)
	}
}

func TestASlowMessageIsReadToItsEnd(t *testing.T) {
	o := start(t, nil)
	c := ready(t, o)
	c.write("a\r\n")
	time.Sleep(pause + pause/2) // longer than a doubled end waits
	c.write("b\r\n.\r\n")
	c.expect("250")
	if got := o.delivered(); len(got) != 1 || got[0].content != "a\r\nb\r\n" {
		t.Errorf("%+v", got)
	}
	c.say("NOOP", "250")
}

func TestEveryByteOfAMessageArrives(t *testing.T) {
	o := start(t, nil)
	c := ready(t, o)
	text := strings.Repeat("0123456789abcdef\r\n", 20_000)
	c.write(text + ".\r\n")
	c.expect("250")
	if got := o.delivered(); len(got) != 1 || !bytes.Equal([]byte(got[0].content), []byte(text)) {
		t.Errorf("%d mails", len(got))
	}
}
