package mimepart

import (
	"bytes"
	"net/textproto"
	"strings"

	"github.com/jhillyerd/enmime/v2"

	"github.com/tenantry/tenantry/shared/mail/incoming/plaintext"
)

// PartText returns the text of a part as UTF-8, cut at a number of bytes.
func PartText(part *enmime.Part, limit int) string {
	raw := part.Content
	if len(raw) > limit {
		raw = raw[:limit]
	}
	return ToUTF8(raw, ParametersOf(part)[DeclaredCharset])
}

// ParametersOf returns the parameters of the part's media type.
func ParametersOf(part *enmime.Part) map[string]string {
	_, parameters, _, _ := MediaType(part.Header.Get("Content-Type"))
	return parameters
}

// KindOf returns the media type of a part. What declares none is text (RFC 2045, 5.2) unless its
// bytes say otherwise.
func KindOf(part *enmime.Part) string {
	kind := strings.ToLower(part.ContentType)
	if strings.Count(kind, "/") == 1 && !strings.HasPrefix(kind, "/") && !strings.HasSuffix(kind, "/") {
		return kind
	}
	if bytes.IndexByte(part.Content, 0) >= 0 {
		return "application/octet-stream"
	}
	return "text/plain"
}

// Leaves returns the parts that have no parts, in their order.
func Leaves(part *enmime.Part) []*enmime.Part {
	if part.FirstChild == nil {
		return []*enmime.Part{part}
	}
	var all []*enmime.Part
	for child := part.FirstChild; child != nil; child = child.NextSibling {
		all = append(all, Leaves(child)...)
	}
	return all
}

// Location returns the address at which a part says that it was, in lower case.
func Location(part *enmime.Part) string {
	return strings.ToLower(strings.TrimSpace(part.Header.Get("Content-Location")))
}

// innerSubject returns the subject of a mail that is attached to the mail.
func innerSubject(part *enmime.Part) string {
	return plaintext.OneLine(HeaderText(InnerHeader(part.Content).Get("Subject"), ""), MaxName)
}

// InnerHeader returns the headers of a mail that is attached to the mail; nil if they cannot be read.
func InnerHeader(content []byte) textproto.MIMEHeader {
	raw, _ := SplitHeader(content[:min(len(content), 64<<10)])
	header, err := enmime.ReadHeader(NewReader(WithoutMailboxLine(raw)), NoErrors{})
	if err != nil {
		return nil
	}
	return header
}
