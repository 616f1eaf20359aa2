// Package outgoing builds the mails that the platform sends: the headers that route replies to
// their case and suppress automatic replies, and the text and HTML bodies of each kind of mail. The
// domains decide who gets a mail and when; mail/smtp, mail/ses and mail/mailfolder send it.
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

// Kind is why a mail is sent; the header Auto-Submitted (RFC 3834) tells other programs.
type Kind uint8

const (
	// Notice is for a mail about an event: "auto-generated".
	Notice Kind = iota
	// Receipt is for a reply to a mail from the recipient: "auto-replied".
	Receipt
)

const (
	// LoopHeader has the name of the installation that sent a mail, so that it recognizes its own
	// mails.
	LoopHeader = "X-Tenantry-Loop"

	maxSubject    = 200 // characters
	maxName       = 100 // characters
	keptAncestors = 6   // references besides the root
)

// Message is a mail before it is encoded.
type Message struct {
	FromName, FromAddress string
	ToName, ToAddress     string
	// ReplyTo is the bare address for replies; empty means FromAddress.
	ReplyTo string
	// Subject is cut at 200 characters; line breaks become spaces.
	Subject string
	// MessageID, InReplyTo and References are IDs without angle brackets. Invalid IDs in InReplyTo
	// and References are dropped; MessageID must be valid.
	MessageID  string
	InReplyTo  string
	References []string
	Date       time.Time
	// Instance is the name of the installation, the value of LoopHeader.
	Instance string
	Kind     Kind
	List     List
	Text     string
	HTML     string
	// Logo is a picture that the HTML shows; nil for none.
	Logo *Logo
}

// Bytes encodes the mail: text and HTML alternatives, UTF-8 in quoted-printable, CRLF line endings.
// The same Message always encodes to the same bytes. Bytes returns an error for an address, ID or
// instance name that is not valid in a header.
func (m Message) Bytes() ([]byte, error) {
	message := gomail.NewMsg(gomail.WithNoDefaultUserAgent())
	if m.Logo == nil || m.HTML == "" {
		message.SetBoundary(m.boundary())
	} else if err := m.Logo.attach(message); err != nil {
		return nil, err
	}
	if err := m.setAddresses(message); err != nil {
		return nil, err
	}
	if err := m.setThread(message); err != nil {
		return nil, err
	}
	if !token(m.Instance) {
		return nil, fmt.Errorf(
			"outgoing: %q cannot be the name of an installation: use letters, digits, '.', '-' and '_'",
			m.Instance,
		)
	}
	message.SetGenHeader(gomail.HeaderSubject, oneLine(m.Subject, maxSubject))
	message.SetDateWithValue(m.Date)
	message.SetBulk()
	message.SetGenHeader("Auto-Submitted", m.Kind.autoSubmitted())
	message.SetGenHeader(LoopHeader, m.Instance)
	if err := m.List.set(message); err != nil {
		return nil, err
	}
	message.SetBodyString(gomail.TypeTextPlain, m.Text)
	if m.HTML != "" {
		message.AddAlternativeString(gomail.TypeTextHTML, m.HTML)
	}
	var out bytes.Buffer
	if _, err := message.WriteTo(&out); err != nil {
		return nil, fmt.Errorf("outgoing: write the message: %w", err)
	}
	if m.Logo == nil || m.HTML == "" {
		return out.Bytes(), nil
	}
	return m.withOwnBoundaries(out.Bytes())
}

func (m Message) setAddresses(message *gomail.Msg) error {
	from, err := address(m.FromName, m.FromAddress)
	if err != nil {
		return fmt.Errorf("outgoing: sender: %w", err)
	}
	to, err := address(m.ToName, m.ToAddress)
	if err != nil {
		return fmt.Errorf("outgoing: recipient: %w", err)
	}
	message.FromMailAddress(from)
	message.ToMailAddress(to)
	if m.ReplyTo == "" {
		return nil
	}
	reply, err := address(m.FromName, m.ReplyTo)
	if err != nil {
		return fmt.Errorf("outgoing: reply address: %w", err)
	}
	message.ReplyToMailAddress(reply)
	return nil
}

// boundary is derived from the content, so that encoding a mail again gives the same bytes, and no
// content can contain its own boundary.
func (m Message) boundary() string {
	hash := sha256.New()
	for _, part := range []string{m.MessageID, m.Text, m.HTML} {
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

// address returns a display name with a bare address, which it checks.
func address(name, bare string) (*mail.Address, error) {
	parsed, err := mail.ParseAddress("<" + bare + ">")
	if err != nil || parsed.Address != bare || !visible(bare) {
		return nil, fmt.Errorf("%q is not a mail address", bare)
	}
	return &mail.Address{Name: Name(name), Address: bare}, nil
}
