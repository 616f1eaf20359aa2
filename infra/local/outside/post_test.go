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

// postOffice is a mail server that accepts everything an installation sends.
type postOffice struct {
	address string
	mutex   sync.Mutex
	letters []letter
}

// letter is a received mail.
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
	server := gosmtp.NewServer(
		gosmtp.BackendFunc(func(*gosmtp.Conn) (gosmtp.Session, error) { return &postSession{office: office}, nil }))
	server.Domain = "post.example.net"
	go func() { _ = server.Serve(listener) }() // returns when the server is closed
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

// to lists the mails received for an address.
func (o *postOffice) to(address string) []letter {
	o.mutex.Lock()
	defer o.mutex.Unlock()
	var letters []letter
	for _, l := range o.letters {
		if l.to == address {
			letters = append(letters, l)
		}
	}
	return letters
}

// await waits for a matching mail to an address, and returns the first. Neither the number nor the
// order of mails is guaranteed: a notification may be sent again, and two workers send
// concurrently.
func (o *postOffice) await(t testing.TB, address, what string, matches func(letter) bool) letter {
	t.Helper()
	var mail letter
	eventually(t, fmt.Sprintf("%s for %s", what, address), func() bool {
		for _, one := range o.to(address) {
			if matches(one) {
				mail = one
				return true
			}
		}
		return false
	})
	return mail
}

// saying matches mails whose subject or text contains some words.
func saying(words string) func(letter) bool {
	return func(l letter) bool {
		return strings.Contains(l.read.GetHeader("Subject"), words) || strings.Contains(l.read.Text, words)
	}
}

// receiptOf matches the receipt for the case with a number.
func receiptOf(number any) func(letter) bool {
	return func(l letter) bool {
		return strings.HasPrefix(l.read.GetHeader("Subject"), fmt.Sprintf("[Case %v] ", number)) &&
			l.read.GetHeader("Auto-Submitted") == "auto-replied"
	}
}

// isInvitation reports whether a mail is an invitation.
func isInvitation(l letter) bool { return strings.Contains(l.read.Text, "/invite?token=") }

var tokenPattern = regexp.MustCompile(`[?&]token=([A-Za-z0-9_-]+)`)

// token returns the token in the link of a mail.
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
