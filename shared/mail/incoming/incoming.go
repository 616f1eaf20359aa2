// Package incoming parses a raw mail: who wrote it, what it answers, what the person wrote without
// quotes, which files came with it, and whether a program sent it. It tolerates malformed mails and
// limits what they may cost. It verifies nothing and decides nothing: whether the sender is
// genuine, and what becomes of the mail, is decided by shared/support.
package incoming

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"net/textproto"
	"strings"
	"unicode/utf8"

	"github.com/jhillyerd/enmime/v2"

	"github.com/tenantry/tenantry/shared/fault"
	"github.com/tenantry/tenantry/shared/mail/incoming/bounce"
	"github.com/tenantry/tenantry/shared/mail/incoming/markup"
	"github.com/tenantry/tenantry/shared/mail/incoming/mimepart"
	"github.com/tenantry/tenantry/shared/mail/incoming/parsed"
	"github.com/tenantry/tenantry/shared/mail/incoming/sealed"
)

// Limits limit the cost of parsing a mail. Zero means the default.
type Limits struct {
	Bytes       int64 // of the raw mail; 40 MiB
	HeaderBytes int   // of all headers, those of the parts too; 256 KiB
	Parts       int   // of the MIME tree; 500
	Depth       int   // of multiparts in multiparts; 20
	Attachments int   // 100
}

// tree returns the limits for taking the mail apart.
func (l Limits) tree() mimepart.TreeLimits {
	return mimepart.TreeLimits{HeaderBytes: l.HeaderBytes, Parts: l.Parts, Depth: l.Depth}
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

// Parse parses a mail. It returns a fault of code TooLarge for a mail above limits.Bytes, a fault
// of code Invalid for a mail that exceeds other limits or cannot be parsed, the reader's error, or
// the context's.
func Parse(ctx context.Context, r io.Reader, limits Limits) (message *parsed.Message, err error) {
	limits = limits.orDefaults()
	raw, err := readAll(ctx, r, limits.Bytes)
	if err != nil {
		return nil, err
	}
	// The libraries below parse untrusted input: if one of them panics, the mail is refused and the
	// program continues.
	defer func() {
		if cause := recover(); cause != nil {
			message, err = nil, fault.Wrap(fmt.Errorf("panic: %v", cause), fault.Invalid, "The mail cannot be read.")
		}
	}()
	raw = mimepart.WithoutDoubledReturns(mimepart.WithoutMailboxLine(raw))
	message = &parsed.Message{}
	root, err := mimepart.Read(ctx, raw, limits.tree(), message.Problem)
	if err != nil {
		return nil, err
	}
	sealed.Unseal(ctx, message, root, limits.tree())
	charset := ""
	if bytes.ContainsFunc(raw, func(r rune) bool { return r >= utf8.RuneSelf }) { // else no header has raw bytes
		charset = mimepart.TextCharset(root)
	}
	readHeaders(message, root.Header, charset)
	if message.MessageID == "" {
		message.MessageID = "sha256-" + digest(raw, root.Header) + "@message-id.invalid"
		message.Undated = message.Date.IsZero()
		message.Problem("There was no Message-ID.")
	}
	content := collect(root, "", message)
	if err := attach(message, &content, charset, limits); err != nil {
		return nil, err
	}
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	readText(message, content)
	readAutomatic(message, root, content.kinds)
	message.Forwarded = forwardedSender(message)
	message.HTML, message.HTMLCut = markup.Safe(ctx, content.segments, pictures(message, content))
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	return message, nil
}

// digest identifies a mail by its text and by the headers that its sender wrote. Servers on the way
// add other headers and change line ends.
func digest(raw []byte, header textproto.MIMEHeader) string {
	sum := sha256.New()
	for _, name := range []string{"From", "Sender", "To", "Cc", "Reply-To", "Subject", "Date", "In-Reply-To", "References"} {
		for _, value := range header[name] {
			fmt.Fprintf(sum, "%s:%s\n", name, strings.Join(strings.Fields(value), " "))
		}
	}
	_, body := mimepart.SplitHeader(raw)
	sum.Write(bytes.TrimRight(bytes.ReplaceAll(body, []byte("\r"), nil), "\n"))
	return hex.EncodeToString(sum.Sum(nil))
}

// readAutomatic fills what is known about the program that sent the mail.
func readAutomatic(m *parsed.Message, root *enmime.Part, kinds []string) {
	bounce.ReadDelivery(m, root)
	m.Automatic, m.Evidence = bounce.Classify(root, m, kinds)
	if m.Automatic == parsed.Bounce && !bounce.Complete(m) {
		bounce.ReadWrittenReport(m, root)
	}
	switch m.Automatic {
	case parsed.Bounce, parsed.Complaint, parsed.Report, parsed.ReadReceipt:
		m.Reply, m.Trimmed = m.Text, false // a report answers nothing
	}
	m.List = m.Automatic == parsed.Bulk && bounce.ThroughList(root.Header, m)
	m.NoAnswer = m.Automatic != parsed.NotAutomatic || bounce.NoAnswer(root.Header)
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
