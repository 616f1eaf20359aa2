package incoming

import (
	"bytes"
	"net/http"
	"strings"

	"github.com/jhillyerd/enmime/v2"
)

// segment is one readable piece of a mail; either form may be missing.
type segment struct{ plain, html string }

// content is what the walk over the parts found.
type content struct {
	segments []segment
	files    []*enmime.Part
	// kinds are the media types of all parts.
	kinds []string
}

const (
	// maxTextPart and maxHTMLPart bound what is read of one text: far more than is
	// kept, since markup and character sets shrink it.
	maxTextPart = 1 << 20
	maxHTMLPart = 4 << 20
)

// collect sorts the parts of a mail into what is read and what is a file.
func collect(part *enmime.Part, problem func(string, ...any)) content {
	kind := kindOf(part)
	found := content{kinds: []string{kind}}
	if part.FirstChild == nil {
		found.leaf(part, kind, problem)
		return found
	}
	for child := part.FirstChild; child != nil; child = child.NextSibling {
		found.add(collect(child, problem))
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
}

// alternatives joins the forms of one and the same text.
func alternatives(segments []segment) []segment {
	var joined segment
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

func (c *content) leaf(part *enmime.Part, kind string, problem func(string, ...any)) {
	file := part.Disposition == "attachment" || part.FileName != "" && (part.Disposition == "inline" || len(c.segments) > 0)
	switch {
	case file:
		c.files = append(c.files, part)
	case kind == "text/html":
		c.segments = append(c.segments, segment{html: partText(part, maxHTMLPart)})
	case kind == "text/plain", kind == "text/enriched", strings.HasPrefix(kind, "multipart/"):
		text := cleanText(partText(part, maxTextPart))
		if parameters := parametersOf(part); strings.EqualFold(parameters["format"], "flowed") {
			text = unflow(text, strings.EqualFold(parameters["delsp"], "yes"))
		}
		c.segments = append(c.segments, segment{plain: text})
	case kind == "text/x-amp-html":
		// A third form of the same text, for one provider.
	default:
		c.files = append(c.files, part)
	}
	if kind == "message/partial" || kind == "message/external-body" {
		problem("The mail is only a part of one (%s).", kind)
	}
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

// sniff tells what a file is by its first bytes.
func sniff(content []byte) string {
	kind, _, _ := strings.Cut(http.DetectContentType(content), ";")
	return kind
}
