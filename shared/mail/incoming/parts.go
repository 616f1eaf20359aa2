package incoming

import (
	"bytes"
	"slices"
	"strings"

	"github.com/jhillyerd/enmime/v2"
)

// segment is one readable piece of a mail; either form may be missing. A picture that
// stands between two pieces has neither.
type segment struct {
	plain, html string
	// rich says that plain is what is left of text/enriched, a third form.
	rich    bool
	picture *enmime.Part
}

// content is what the walk over the parts found.
type content struct {
	segments []segment
	files    []*enmime.Part
	// kinds are the media types of all parts.
	kinds []string
	// spare is the text of files that hold a whole mail; it counts where there is no
	// other.
	spare []segment
}

const (
	// maxTextPart and maxHTMLPart bound what is read of one text: far more than is
	// kept, since markup and character sets shrink it.
	maxTextPart = 1 << 20
	maxHTMLPart = 4 << 20
)

// collect sorts the parts of a mail into what is read and what is a file.
func collect(part *enmime.Part, within string, m *Message) content {
	kind := kindOf(part)
	if within == "multipart/digest" && part.Header.Get("Content-Type") == "" {
		kind = "message/rfc822" // RFC 2046, 5.1.5
		part.ContentType = kind
	}
	found := content{kinds: []string{kind}}
	if part.FirstChild == nil {
		found.leaf(part, kind, within, m)
		return found
	}
	m.noteSeals(part, kind)
	for child := part.FirstChild; child != nil; child = child.NextSibling {
		found.add(collect(child, kind, m))
	}
	if kind == "multipart/alternative" {
		found.segments = alternatives(found.segments)
	}
	return found
}

func (c *content) add(other content) {
	c.segments = append(c.segments, other.segments...)
	c.files = append(c.files, other.files...)
	c.kinds = append(c.kinds, other.kinds...)
	c.spare = append(c.spare, other.spare...)
}

// alternatives joins the forms of one and the same text.
func alternatives(segments []segment) []segment {
	var joined segment
	if slices.ContainsFunc(segments, func(s segment) bool { return !s.rich && visible(s.plain) }) {
		segments = slices.DeleteFunc(segments, func(s segment) bool { return s.rich })
	}
	for _, s := range segments {
		joined.plain = join(joined.plain, s.plain, "\n\n")
		joined.html = join(joined.html, s.html, "<br><br>")
	}
	return []segment{joined}
}

func join(a, b, between string) string {
	if a == "" || b == "" {
		return a + b
	}
	return a + between + b
}

func (c *content) leaf(part *enmime.Part, kind, within string, m *Message) {
	decodeOld(part)
	file := part.Disposition == "attachment" || part.FileName != "" && (part.Disposition == "inline" || len(c.segments) > 0)
	switch {
	case kind == "message/partial", kind == "message/external-body":
		m.Incomplete = true
		m.problem("The mail is only a part of one (%s).", kind)
		c.files = append(c.files, part)
	case kind == "application/applefile" && within == "multipart/appledouble":
		m.problem("What only a Mac can read of a file was left out.")
	case isWinmail(part, kind):
		c.openWinmail(part, m)
	case file:
		c.keep(part, kind, within)
	case kind == "text/html":
		c.files = append(c.files, takePictures(part)...)
		c.segments = append(c.segments, segment{html: partText(part, maxHTMLPart)})
	case kind == "text/plain", kind == "text/enriched", kind == "text/richtext", strings.HasPrefix(kind, "multipart/"):
		c.plain(part, kind, m)
	case kind == "text/x-amp-html":
		// A third form of the same text, for one provider.
	default:
		c.keep(part, kind, within)
	}
}

// keep keeps a part as a file. A picture that is meant to be shown stands in the text
// where it stands in the mail, unless it belongs to the markup beside it.
func (c *content) keep(part *enmime.Part, kind, within string) {
	c.files = append(c.files, part)
	if strings.HasPrefix(kind, "image/") && part.Disposition != "attachment" && within != "multipart/related" && within != "multipart/alternative" {
		c.segments = append(c.segments, segment{picture: part})
	}
}

// plain reads a part of plain text, and the files that old programs put into it.
func (c *content) plain(part *enmime.Part, kind string, m *Message) {
	raw, files := embedded(part.Content)
	c.files = append(c.files, files...)
	if len(files) > 0 {
		part.Content = raw
	}
	text := cleanText(partText(part, maxTextPart))
	rich := kind == "text/enriched" || kind == "text/richtext"
	if rich {
		text = enriched(text)
	}
	text = m.armored(text)
	if parameters := parametersOf(part); strings.EqualFold(parameters["format"], "flowed") {
		text = unflow(text, strings.EqualFold(parameters["delsp"], "yes"))
	}
	c.segments = append(c.segments, segment{plain: text, rich: rich})
}

func partText(part *enmime.Part, limit int) string {
	raw := part.Content
	if len(raw) > limit {
		raw = raw[:limit]
	}
	return toUTF8(raw, parametersOf(part)[declaredCharset])
}

func parametersOf(part *enmime.Part) map[string]string {
	_, parameters, _, _ := mediaType(part.Header.Get("Content-Type"))
	return parameters
}

// kindOf gives the media type of a part. What declares none is text (RFC 2045, 5.2)
// unless its bytes say otherwise.
func kindOf(part *enmime.Part) string {
	kind := strings.ToLower(part.ContentType)
	if strings.Count(kind, "/") == 1 && !strings.HasPrefix(kind, "/") && !strings.HasSuffix(kind, "/") {
		return kind
	}
	if bytes.IndexByte(part.Content, 0) >= 0 {
		return "application/octet-stream"
	}
	return "text/plain"
}
