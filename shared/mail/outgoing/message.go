// Package outgoing builds the mails that the platform sends: the headers that let an answer find
// its case and keep other programs from answering, and the bodies of each kind of mail as text and
// as HTML. Who gets a mail, and when, is decided by the domains; mail/smtp, mail/ses and
// mail/mailfolder send it.
package outgoing

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"net/mail"
	"time"

	gomail "github.com/wneessen/go-mail"
)

// Kind says why a mail is sent; other programs read it from Auto-Submitted (RFC 3834).
type Kind uint8

const (
	// Notice is sent because something happened: "auto-generated".
	Notice Kind = iota
	// Receipt is sent because the recipient wrote to us: "auto-replied".
	Receipt
)

const (
	// LoopHeader carries the name of the installation that sent a mail, so that it
	// knows its own mails when they come back.
	LoopHeader = "X-Tenantry-Loop"

	maxSubject    = 200 // characters
	maxName       = 100 // characters
	keptAncestors = 6   // references kept beside the root
)

// Message is one mail before it is written out.
type Message struct {
	FromName, FromAddress string
	ToName, ToAddress     string
	// ReplyTo is the bare address that answers go to; empty means FromAddress.
	ReplyTo string
	// Subject is cut at 200 characters; line breaks become spaces.
	Subject string
	// MessageID, InReplyTo and References are ids without the angle brackets. Foreign
	// ids that cannot stand in a header are left out; our own MessageID must be fit.
	MessageID  string
	InReplyTo  string
	References []string
	Date       time.Time
	// Instance names the installation; it is the value of LoopHeader.
	Instance string
	Kind     Kind
	Text     string
	HTML     string
}

// Bytes writes the mail out: text and HTML as alternatives, UTF-8 in quoted-printable, lines ended
// by CR LF. The same Message always results in the same bytes. It returns an error for an address,
// id or instance name that cannot stand in a header.
func (l Message) Bytes() ([]byte, error) {
	message := gomail.NewMsg(gomail.WithNoDefaultUserAgent(), gomail.WithBoundary(l.boundary()))
	if err := l.setAddresses(message); err != nil {
		return nil, err
	}
	if err := l.setThread(message); err != nil {
		return nil, err
	}
	if !token(l.Instance) {
		return nil, fmt.Errorf(
			"letter: %q cannot be the name of an installation: use letters, digits, '.', '-' and '_'",
			l.Instance,
		)
	}
	message.SetGenHeader(gomail.HeaderSubject, oneLine(l.Subject, maxSubject))
	message.SetDateWithValue(l.Date)
	message.SetBulk()
	message.SetGenHeader("Auto-Submitted", l.Kind.autoSubmitted())
	message.SetGenHeader(LoopHeader, l.Instance)
	message.SetBodyString(gomail.TypeTextPlain, l.Text)
	if l.HTML != "" {
		message.AddAlternativeString(gomail.TypeTextHTML, l.HTML)
	}
	var out bytes.Buffer
	if _, err := message.WriteTo(&out); err != nil {
		return nil, fmt.Errorf("letter: write the message: %w", err)
	}
	return out.Bytes(), nil
}

func (l Message) setAddresses(message *gomail.Msg) error {
	from, err := address(l.FromName, l.FromAddress)
	if err != nil {
		return fmt.Errorf("letter: sender: %w", err)
	}
	to, err := address(l.ToName, l.ToAddress)
	if err != nil {
		return fmt.Errorf("letter: recipient: %w", err)
	}
	message.FromMailAddress(from)
	message.ToMailAddress(to)
	if l.ReplyTo == "" {
		return nil
	}
	reply, err := address(l.FromName, l.ReplyTo)
	if err != nil {
		return fmt.Errorf("letter: reply address: %w", err)
	}
	message.ReplyToMailAddress(reply)
	return nil
}

// boundary is derived from the content: the same mail has the same bytes whenever it
// is built again, and no content can hold its own boundary.
func (l Message) boundary() string {
	hash := sha256.New()
	for _, part := range []string{l.MessageID, l.Text, l.HTML} {
		fmt.Fprintf(hash, "%d:%s", len(part), part)
	}
	return "tenantry-" + hex.EncodeToString(hash.Sum(nil)[:20])
}

func (k Kind) autoSubmitted() string {
	if k == Receipt {
		return "auto-replied"
	}
	return "auto-generated"
}

// address checks a bare address and joins it with a display name.
func address(name, bare string) (*mail.Address, error) {
	parsed, err := mail.ParseAddress("<" + bare + ">")
	if err != nil || parsed.Address != bare || !visible(bare) {
		return nil, fmt.Errorf("%q is not a mail address", bare)
	}
	return &mail.Address{Name: oneLine(name, maxName), Address: bare}, nil
}
