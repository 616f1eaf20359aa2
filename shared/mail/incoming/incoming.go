// Package incoming reads a raw mail: who wrote it, what it answers, what the person
// wrote without the quoted rest, which files came with it, and whether a program sent
// it. It is lenient with mails that break the rules and strict about what they may cost.
// It believes nothing and decides nothing: whether the sender is who the mail claims,
// and what becomes of the mail, is decided by shared/support.
package incoming

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"time"

	"github.com/jhillyerd/enmime/v2"

	"github.com/tenantry/tenantry/shared/fault"
)

// Limits bound what reading a mail may cost. Zero means the default.
type Limits struct {
	Bytes       int64 // of the raw mail; 40 MiB
	HeaderBytes int   // of all headers, those of the parts too; 256 KiB
	Parts       int   // of the MIME tree; 500
	Depth       int   // of multiparts in multiparts; 20
	Attachments int   // 100
}

func (l Limits) orDefaults() Limits {
	if l.Bytes == 0 {
		l.Bytes = 40 << 20
	}
	if l.HeaderBytes == 0 {
		l.HeaderBytes = 256 << 10
	}
	if l.Parts == 0 {
		l.Parts = 500
	}
	if l.Depth == 0 {
		l.Depth = 20
	}
	if l.Attachments == 0 {
		l.Attachments = 100
	}
	return l
}

// Address is a person as a header names them.
type Address struct {
	Name string
	// Address is the bare address in lower case; it has an '@'.
	Address string
}

// Message is what a mail says. All text in it is valid UTF-8 without NUL and other
// control characters; nothing in it is verified.
type Message struct {
	// From is the first sender; empty if the mail names none.
	From Address
	// AllFrom is how many senders the mail names; anything but one is suspicious.
	AllFrom int
	To, Cc  []Address
	// ReplyTo is where the sender wants answers to go; it proves nothing.
	ReplyTo []Address
	// The bare addresses that servers on the way wrote down: Delivered-To,
	// X-Original-To, Envelope-To, X-Forwarded-To.
	DeliveredTo, OriginalTo, EnvelopeTo, ForwardedTo []string

	// Subject is one line of at most 300 characters.
	Subject string
	// MessageID is made from the raw mail's SHA-256 where the mail has none.
	MessageID string
	// InReplyTo and References are ids without angle brackets; References has the
	// order of the header (the nearest is the last) and at most 50 of them.
	InReplyTo  string
	References []string
	// Date is zero where it is absent or cannot be true.
	Date time.Time

	// Text is all the readable text, at most 256 KiB, lines ended by a line feed.
	Text string
	// TextCut says that there was more.
	TextCut bool
	// Reply is Text without what was quoted, and without the signature. It is all of
	// Text if nothing would be left. It is never longer than Text.
	Reply string
	// Trimmed says that Reply is less than Text.
	Trimmed bool
	// NoContent says that there is no text to be seen.
	NoContent bool
	// HTML is the readable text as the mail formats it, made safe to be shown within a
	// page: see safehtml.go for what is in it. Empty if the mail has only plain text.
	// HTMLCut says that there was more.
	HTML    string
	HTMLCut bool

	Attachments []Attachment
	// Calendar sums up the calendar parts, which are attachments too.
	Calendar []Calendar
	// Signed and Encrypted are "S/MIME" or "PGP" where the mail, or a part of it, says
	// that it is. No signature is checked, and nothing is decrypted.
	Signed, Encrypted string
	// Incomplete says that the mail is only a piece of one, or refers to text kept
	// elsewhere. It is kept as a file and not followed.
	Incomplete bool

	// Automatic says whether a program seems to have sent the mail, Evidence by what.
	Automatic Automatic
	Evidence  string
	// NoAnswer says that the sender wants no answer by a program, or is one.
	NoAnswer bool
	// Delivery is what a bounce, a complaint or a read receipt says; Returned what it
	// gives back of the mail that it is about. Nil if there is nothing of it.
	Delivery *Delivery
	Returned *Returned
	// LoopInstances are the installations of this product that the mail went through.
	LoopInstances []string
	// Problems tells what was wrong with the mail and mended.
	Problems []string
}

// Parse reads a mail. It returns a fault of code TooLarge for a mail above
// limits.Bytes, one of code Invalid for a mail that is built to cost more than the
// other limits allow or that cannot be read at all, the reader's own error, and that of a
// context that ends.
func Parse(ctx context.Context, r io.Reader, limits Limits) (message *Message, err error) {
	limits = limits.orDefaults()
	raw, err := readAll(ctx, r, limits.Bytes)
	if err != nil {
		return nil, err
	}
	// The libraries below read whatever strangers send; if one of them fails on it,
	// that mail is refused and the program goes on.
	defer func() {
		if cause := recover(); cause != nil {
			message, err = nil, fault.Wrap(fmt.Errorf("panic: %v", cause), fault.Invalid, "The mail cannot be read.")
		}
	}()
	digest := sha256.Sum256(raw)
	raw = withoutMailboxLine(raw)
	message = &Message{}
	root, err := readTree(ctx, raw, limits, message.problem)
	if err != nil {
		return nil, err
	}
	message.unseal(ctx, root, limits)
	message.readHeaders(root.Header)
	if message.MessageID == "" {
		message.MessageID = "sha256-" + hex.EncodeToString(digest[:]) + "@message-id.invalid"
		message.problem("There was no Message-ID.")
	}
	content := collect(root, "", message)
	if err := message.attach(&content, limits); err != nil {
		return nil, err
	}
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	message.readText(content)
	message.readAutomatic(root, content.kinds)
	message.HTML, message.HTMLCut = safeHTML(ctx, content.segments, message.pictures(content))
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	return message, nil
}

// readAutomatic fills what is known of the program that sent the mail.
func (m *Message) readAutomatic(root *enmime.Part, kinds []string) {
	m.readDelivery(root)
	m.Automatic, m.Evidence = automatic(root, m, kinds)
	if m.Automatic == Bounce && !m.complete() {
		m.readWrittenReport(root)
	}
	switch m.Automatic {
	case Bounce, Complaint, Report, ReadReceipt:
		m.Reply, m.Trimmed = m.Text, false // a report answers nothing
	}
	m.NoAnswer = m.Automatic != NotAutomatic || noAnswer(root.Header)
}

// maxProblems keeps a hostile mail from filling the list.
const maxProblems = 50

func (m *Message) problem(format string, arguments ...any) {
	if len(m.Problems) < maxProblems {
		m.Problems = append(m.Problems, oneLine(fmt.Sprintf(format, arguments...), 300))
	}
}

// readAll reads at most limit bytes.
func readAll(ctx context.Context, r io.Reader, limit int64) ([]byte, error) {
	raw, err := io.ReadAll(io.LimitReader(r, limit+1))
	if err != nil {
		return nil, err
	}
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	if int64(len(raw)) > limit {
		return nil, fault.New(fault.TooLarge, "The mail is larger than %d bytes.", limit)
	}
	return raw, nil
}
