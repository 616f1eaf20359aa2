package parsed

import (
	"fmt"
	"strings"
	"time"

	"github.com/tenantry/tenantry/shared/mail/incoming/plaintext"
)

// Address is a person as named by a header.
type Address struct {
	Name string
	// Address is the bare address in lower case; it has an '@'.
	Address string
}

// Message is a parsed mail. All texts are valid UTF-8 without NUL and other control characters;
// nothing is verified.
type Message struct {
	// From is the first sender; empty if the mail names none.
	From Address
	// AllFrom is how many different senders the mail names; anything but one is suspicious.
	AllFrom int
	To, Cc  []Address
	// ReplyTo are the addresses to which the sender wants replies; they prove nothing.
	ReplyTo []Address
	// The addresses that servers on the way added: Delivered-To, X-Original-To, Envelope-To,
	// X-Forwarded-To.
	DeliveredTo, OriginalTo, EnvelopeTo, ForwardedTo []string

	// Subject is one line of at most 300 characters.
	Subject string
	// MessageID is derived from the mail's own headers and text if it has none. Undated is set if
	// it has neither an ID nor a date.
	MessageID string
	Undated   bool
	// InReplyTo and References are ids without angle brackets; References has the
	// order of the header (the nearest is the last) and at most 50 of them.
	InReplyTo  string
	References []string
	// Date is zero if it is missing or implausible.
	Date time.Time

	// Text is all the readable text, at most 256 KiB, lines ended by a line feed.
	Text string
	// TextCut is set if there was more.
	TextCut bool
	// Reply is Text without quotes and the signature, or all of Text if nothing would be left. It
	// is never longer than Text.
	Reply string
	// Trimmed is set if Reply is less than Text.
	Trimmed bool
	// NoContent is set if there is no visible text.
	NoContent bool
	// HTML is the readable text with its formatting, safe to be shown within a page; see package
	// markup. It is empty if the mail has only plain text. HTMLCut is set if there was more.
	HTML    string
	HTMLCut bool

	Attachments []Attachment
	// Calendar summarizes the calendar parts, which are attachments too.
	Calendar []Calendar
	// Signed and Encrypted are "S/MIME" or "PGP" if the mail or a part of it is. Signatures are not
	// verified, and nothing is decrypted.
	Signed, Encrypted string
	// Incomplete is set if the mail is only a part of one, or refers to text elsewhere, which is
	// not followed.
	Incomplete bool

	// Automatic is the kind of program that seems to have sent the mail, Evidence the reason.
	Automatic Automatic
	Evidence  string
	// NoAnswer is set if the sender is a program or does not want automatic replies.
	NoAnswer bool
	// List is set if a bulk mail came through a mailing list or group, so that a person may have
	// written it.
	List bool
	// Forwarded is the sender of the mail that this one forwards; empty if there is none.
	Forwarded Address
	// Delivery is the content of a bounce, a complaint or a read receipt; Returned is the mail that
	// it is about. Both may be nil.
	Delivery *Delivery
	Returned *Returned
	// LoopInstances are the installations of this product that sent or passed on the mail.
	LoopInstances []string
	// Problems describes what was wrong with the mail and repaired.
	Problems []string
}

// Problem records a problem that was repaired; only the first 50 are kept.
func (m *Message) Problem(format string, arguments ...any) {
	if len(m.Problems) < MaxProblems {
		m.Problems = append(m.Problems, plaintext.OneLine(fmt.Sprintf(format, arguments...), 300))
	}
}

// MaxProblems is the maximum number of problems that are kept.
const MaxProblems = 50

// Attachment is a file that came with a mail.
type Attachment struct {
	// Name has at most 120 characters, no path, and is unique within the mail.
	Name string
	// ContentType is the declared type, SniffedType the type according to the content.
	ContentType, SniffedType string
	// ContentID is the ID without angle brackets with which HTML refers to the file.
	ContentID string
	// Inline is set if the file was meant to be shown within the text.
	Inline bool
	// Referenced is set if the HTML shows the file: a logo in a signature, a screenshot.
	Referenced bool
	// Signature is set if the file is only a signature of the mail, or a key for it.
	Signature bool
	// LiesAboutType is set if the file pretends to be harmless but is a program or a page, or hides
	// its real extension.
	LiesAboutType bool
	// Executable is set if opening the file would run it.
	Executable bool
	Content    []byte
}

// Calendar is one event of a calendar part (RFC 5545, RFC 5546). It is shown but never acted upon.
// All texts are one line.
type Calendar struct {
	// Method is REQUEST, REPLY, CANCEL, PUBLISH, COUNTER and the like, in upper case.
	Method string
	UID    string
	// Summary is the title, Location the place; at most 300 characters.
	Summary, Location string
	// When is the time as given by the event, with the name of its time zone: "2026-03-04 10:15 -
	// 11:00 (Europe/Ljubljana)".
	When string
	// Organizer is a bare address or a name.
	Organizer string
	// Attendee and Answer (ACCEPTED, DECLINED, TENTATIVE) are those of a REPLY.
	Attendee, Answer string
}

// Line returns the event in one line.
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
