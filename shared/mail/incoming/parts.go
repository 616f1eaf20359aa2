package incoming

import (
	"strings"

	"github.com/jhillyerd/enmime/v2"

	"github.com/tenantry/tenantry/shared/mail/incoming/markup"
	"github.com/tenantry/tenantry/shared/mail/incoming/mimepart"
	"github.com/tenantry/tenantry/shared/mail/incoming/parsed"
	"github.com/tenantry/tenantry/shared/mail/incoming/plaintext"
	"github.com/tenantry/tenantry/shared/mail/incoming/sealed"
)

// content is the result of a walk over the parts.
type content struct {
	segments []markup.Segment
	files    []*enmime.Part
	// kinds are the media types of all parts.
	kinds []string
	// spare is the text of files that contain a whole mail; it is used if there is no other.
	spare []markup.Segment
}

const (
	// maxTextPart and maxHTMLPart limit what is read from one text: far more than is kept, because
	// HTML and character sets shrink it.
	maxTextPart = 1 << 20
	maxHTMLPart = 4 << 20
)

// collect divides the parts of a mail into text and files.
func collect(part *enmime.Part, within string, m *parsed.Message) content {
	kind := mimepart.KindOf(part)
	if within == "multipart/digest" && part.Header.Get("Content-Type") == "" {
		kind = "message/rfc822" // RFC 2046, 5.1.5
		part.ContentType = kind
	}
	read := content{kinds: []string{kind}}
	if part.FirstChild == nil {
		read.leaf(part, kind, within, m)
		return read
	}
	sealed.NoteSeals(m, part, kind)
	for child := part.FirstChild; child != nil; child = child.NextSibling {
		read.add(collect(child, kind, m))
	}
	if kind == "multipart/alternative" {
		read.segments = markup.Alternatives(read.segments)
	}
	return read
}

func (c *content) add(other content) {
	c.segments = append(c.segments, other.segments...)
	c.files = append(c.files, other.files...)
	c.kinds = append(c.kinds, other.kinds...)
	c.spare = append(c.spare, other.spare...)
}

func (c *content) leaf(part *enmime.Part, kind, within string, m *parsed.Message) {
	mimepart.DecodeOld(part)
	file := part.Disposition == "attachment" ||
		part.FileName != "" && (part.Disposition == "inline" || len(c.segments) > 0)
	switch {
	case kind == "message/partial", kind == "message/external-body":
		m.Incomplete = true
		m.Problem("The mail is only a part of one (%s).", kind)
		c.files = append(c.files, part)
	case kind == "application/applefile" && within == "multipart/appledouble":
		m.Problem("What only a Mac can read of a file was left out.")
	case isWinmail(part, kind):
		c.openWinmail(part, m)
	case file:
		c.keep(part, kind, within)
	case kind == "text/html":
		c.files = append(c.files, takePictures(part)...)
		c.segments = append(c.segments, markup.Segment{HTML: mimepart.PartText(part, maxHTMLPart)})
	case kind == "text/plain", kind == "text/enriched", kind == "text/richtext", strings.HasPrefix(kind, "multipart/"):
		c.plain(part, kind, m)
	case kind == "text/x-amp-html":
		// A third form of the same text, for one provider.
	default:
		c.keep(part, kind, within)
	}
}

// keep keeps a part as a file. A picture that is meant to be shown also keeps its place in the
// text, unless it belongs to HTML beside it.
func (c *content) keep(part *enmime.Part, kind, within string) {
	c.files = append(c.files, part)
	if strings.HasPrefix(kind, "image/") && part.Disposition != "attachment" && within != "multipart/related" &&
		within != "multipart/alternative" {
		c.segments = append(c.segments, markup.Segment{Picture: part})
	}
}

// plain reads a part of plain text, and the files that old programs put into it.
func (c *content) plain(part *enmime.Part, kind string, m *parsed.Message) {
	raw, files := mimepart.Embedded(part.Content)
	c.files = append(c.files, files...)
	if len(files) > 0 {
		part.Content = raw
	}
	text := plaintext.CleanText(mimepart.PartText(part, maxTextPart))
	rich := kind == "text/enriched" || kind == "text/richtext"
	if rich {
		text = mimepart.Enriched(text)
	}
	text = sealed.Armored(m, text)
	if parameters := mimepart.ParametersOf(part); strings.EqualFold(parameters["format"], "flowed") {
		text = mimepart.Unflow(text, strings.EqualFold(parameters["delsp"], "yes"))
	}
	c.segments = append(c.segments, markup.Segment{Plain: text, Rich: rich})
}
