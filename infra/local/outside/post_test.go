package outside

import (
	"bytes"
	"fmt"
	"io"
	"net"
	"net/mail"
	"regexp"
	"strings"
	"sync"
	"testing"

	gosmtp "github.com/emersion/go-smtp"
	"github.com/jhillyerd/enmime/v2"
)

// postOffice is a mail server that takes what an installation sends, for whoever it is.
type postOffice struct {
	address string
	mutex   sync.Mutex
	letters []letter
}

// letter is a mail that arrived.
type letter struct {
	from, to string
	raw      []byte
	read     *enmime.Envelope
}

func openPostOffice(t testing.TB) *postOffice {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	office := &postOffice{address: listener.Addr().String()}
	server := gosmtp.NewServer(gosmtp.BackendFunc(func(*gosmtp.Conn) (gosmtp.Session, error) { return &postSession{office: office}, nil }))
	server.Domain = "post.example.net"
	go func() { _ = server.Serve(listener) }() // it ends when it is closed
	t.Cleanup(func() { _ = server.Close() })
	return office
}

type postSession struct {
	office   *postOffice
	from, to string
}

func (s *postSession) Reset()        {}
func (s *postSession) Logout() error { return nil }
func (s *postSession) Mail(from string, _ *gosmtp.MailOptions) error {
	s.from = from
	return nil
}
func (s *postSession) Rcpt(to string, _ *gosmtp.RcptOptions) error {
	s.to = to
	return nil
}
func (s *postSession) Data(r io.Reader) error {
	raw, err := io.ReadAll(r)
	if err != nil {
		return err
	}
	read, err := enmime.ReadEnvelope(bytes.NewReader(raw))
	if err != nil {
		return err
	}
	s.office.mutex.Lock()
	defer s.office.mutex.Unlock()
	s.office.letters = append(s.office.letters, letter{from: s.from, to: s.to, raw: raw, read: read})
	return nil
}

// to lists the mails that arrived for an address. They come in any order: each is sent by whichever worker is free.
func (o *postOffice) to(address string) []letter {
	return o.matching(address, func(letter) bool { return true })
}

// matching lists the mails for an address for which something holds.
func (o *postOffice) matching(address string, holds func(letter) bool) []letter {
	o.mutex.Lock()
	defer o.mutex.Unlock()
	var letters []letter
	for _, l := range o.letters {
		if l.to == address && holds(l) {
			letters = append(letters, l)
		}
	}
	return letters
}

// await waits for a mail to an address for which something holds, whatever else arrives before or after it.
func (o *postOffice) await(t testing.TB, address, what string, holds func(letter) bool) letter {
	t.Helper()
	var letters []letter
	eventually(t, what+" arrives for "+address, func() bool {
		letters = o.matching(address, holds)
		return len(letters) > 0
	})
	return letters[0]
}

// awaitText waits for a mail to an address that says something.
func (o *postOffice) awaitText(t testing.TB, address, text string) letter {
	t.Helper()
	return o.await(t, address, fmt.Sprintf("a mail with %q", text), func(l letter) bool { return strings.Contains(l.read.Text, text) })
}

// awaitReceipt waits for the receipt of a case.
func (o *postOffice) awaitReceipt(t testing.TB, address string, kase object) letter {
	t.Helper()
	subject := fmt.Sprintf("[Case %v] %s", kase["case_number"], kase["subject"])
	return o.await(t, address, "the receipt of "+subject, func(l letter) bool {
		return l.read.GetHeader("Subject") == subject && l.read.GetHeader("Auto-Submitted") == "auto-replied"
	})
}

// isInvitation reports whether a mail invites its reader.
func isInvitation(l letter) bool { return strings.Contains(l.read.Text, "/invite?token=") }

var tokenPattern = regexp.MustCompile(`[?&]token=([A-Za-z0-9_-]+)`)

// token is the one in the link of a mail.
func (l letter) token(t testing.TB) string {
	t.Helper()
	match := tokenPattern.FindStringSubmatch(l.read.Text)
	if match == nil {
		t.Fatalf("no token in %q", l.read.Text)
	}
	return match[1]
}

func (l letter) replyTo(t testing.TB) string {
	t.Helper()
	address, err := mail.ParseAddress(l.read.GetHeader("Reply-To"))
	if err != nil {
		t.Fatal(err)
	}
	return address.Address
}
