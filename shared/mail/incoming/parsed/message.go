package parsed

import (
	"fmt"
	"strings"
	"time"

	"github.com/tenantry/tenantry/shared/mail/incoming/plaintext"
)

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
	// AllFrom is how many different senders the mail names; anything but one is suspicious.
	AllFrom int
	To, Cc  []Address
	// ReplyTo is where the sender wants answers to go; it proves nothing.
	ReplyTo []Address
	// The bare addresses that servers on the way wrote down: Delivered-To,
	// X-Original-To, Envelope-To, X-Forwarded-To.
	DeliveredTo, OriginalTo, EnvelopeTo, ForwardedTo []string

	// Subject is one line of at most 300 characters.
	Subject string
	// MessageID is made from the mail's SHA-256 where the mail has none: that of its headers and its
	// text, without what servers on the way wrote. Undated says that there is neither an id nor a date.
	MessageID string
	Undated   bool
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
	// List says that a bulk mail went through a mailing list or a group, so that a person may have
	// written it.
	List bool
	// Forwarded is the sender of the mail that this one passes on; empty if it passes none on, or
	// names nobody.
	Forwarded Address
	// Delivery is what a bounce, a complaint or a read receipt says; Returned what it
	// gives back of the mail that it is about. Nil if there is nothing of it.
	Delivery *Delivery
	Returned *Returned
	// LoopInstances are the installations of this product that the mail went through.
	LoopInstances []string
	// Problems tells what was wrong with the mail and mended.
	Problems []string
}

// Problem notes what was wrong with the mail and repaired; only the first 50 are kept.
func (m *Message) Problem(format string, arguments ...any) {
	if len(m.Problems) < MaxProblems {
		m.Problems = append(m.Problems, plaintext.OneLine(fmt.Sprintf(format, arguments...), 300))
	}
}

// MaxProblems keeps a hostile mail from filling the list.
const MaxProblems = 50

// Attachment is a file that came with a mail.
type Attachment struct {
	// Name has at most 120 characters, no path, and is unique within the mail.
	Name string
	// ContentType is what the mail declares, SniffedType what the bytes look like.
	ContentType, SniffedType string
	// ContentID is the id without angle brackets by which the HTML may show the file.
	ContentID string
	// Inline says that the file was meant to be shown within the text.
	Inline bool
	// Referenced says that the HTML shows it: a logo in a signature, a screenshot.
	Referenced bool
	// Signature says that the file only holds a signature of the mail, or a key for it.
	Signature bool
	// LiesAboutType says that the file promises to be something harmless by its declared
	// type or its name and is a program or a page, or hides the end of its name.
	LiesAboutType bool
	// Executable says that a computer would run the file if somebody opened it.
	Executable bool
	Content    []byte
}

// Calendar sums up one event of a calendar part (RFC 5545, RFC 5546). It is shown and
// never acted upon. All texts are one line.
type Calendar struct {
	// Method is REQUEST, REPLY, CANCEL, PUBLISH, COUNTER and the like, in upper case.
	Method string
	UID    string
	// Summary is the title, Location the place; at most 300 characters.
	Summary, Location string
	// When is the time as the event gives it, with its time zone by name:
	// "2026-03-04 10:15 - 11:00 (Europe/Ljubljana)".
	When string
	// Organizer is a bare address or a name.
	Organizer string
	// Attendee and Answer (ACCEPTED, DECLINED, TENTATIVE) are those of a REPLY.
	Attendee, Answer string
}

// Line sums the event up in one line.
func (c Calendar) Line() string {
	var parts []string
	for _, part := range []string{strings.TrimSpace(c.Answer + " " + c.Attendee), c.Summary, c.When, c.Location} {
		if part != "" {
			parts = append(parts, part)
		}
	}
	line := strings.Join(parts, ", ")
	if c.Organizer != "" {
		line += ", by " + c.Organizer
	}
	if c.Method != "" {
		line = c.Method + ": " + line
	}
	return plaintext.OneLine(line, 1000)
}
