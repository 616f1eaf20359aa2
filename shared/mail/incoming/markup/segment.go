package markup

import (
	"net/url"
	"slices"
	"strings"

	"github.com/jhillyerd/enmime/v2"
	"golang.org/x/net/html"

	"github.com/tenantry/tenantry/shared/mail/incoming/plaintext"
)

// Segment is one readable piece of a mail; either form may be missing. A picture between two pieces
// has neither.
type Segment struct {
	Plain, HTML string
	// Rich is set if Plain was converted from text/enriched, a third form.
	Rich    bool
	Picture *enmime.Part
}

// Alternatives joins the forms of one text.
func Alternatives(segments []Segment) []Segment {
	var joined Segment
	if slices.ContainsFunc(segments, func(s Segment) bool { return !s.Rich && plaintext.Visible(s.Plain) }) {
		segments = slices.DeleteFunc(segments, func(s Segment) bool { return s.Rich })
	}
	for _, s := range segments {
		joined.Plain = join(joined.Plain, s.Plain, "\n\n")
		joined.HTML = join(joined.HTML, s.HTML, "<br><br>")
	}
	return []Segment{joined}
}

func join(a, b, between string) string {
	if a == "" || b == "" {
		return a + b
	}
	return a + between + b
}

// maxStub is the maximum length in bytes of a plain form that may only be a note that the program
// cannot show HTML.
const maxStub = 400

// Text returns a segment as text, and whether it is the plain form.
func (s Segment) Text(cutQuotes bool) (string, bool) {
	plain := strings.Trim(s.Plain, "\n")
	if plaintext.Visible(plain) && (len(plain) > maxStub || len(s.HTML) < 10*maxStub) {
		return plain, true
	}
	other := Text(s.HTML, cutQuotes)
	if plaintext.Visible(plain) && len(other) < 10*len(plain) {
		return plain, true
	}
	return other, false
}

// Readable joins the segments into one text, and reports whether any of them was plain: plain text
// shows best what was quoted. With cutQuotes, quotes that the HTML marks are left out.
func Readable(segments []Segment, cutQuotes bool) (string, bool) {
	var pieces []string
	hasPlain := false
	size := 0
	for _, s := range segments {
		text, plain := s.Text(cutQuotes)
		hasPlain = hasPlain || plain
		if strings.TrimSpace(text) == "" {
			continue
		}
		pieces = append(pieces, text)
		if size += len(text); size > 2*plaintext.MaxText {
			break
		}
	}
	return strings.Join(pieces, "\n\n"), hasPlain
}

// ShownID returns the id in an address of the form "cid:…".
func ShownID(address string) string {
	id := html.UnescapeString(address)
	if plain, err := url.PathUnescape(id); err == nil {
		id = plain
	}
	return strings.ToLower(id)
}
