package devmail

import (
	"bytes"
	"mime"
	"regexp"
	"strings"

	"github.com/jhillyerd/enmime/v2"
)

// content is a mail as it is shown.
type content struct {
	Subject string
	Headers []header
	Text    string
	// HTML is a whole document that may only be shown inside the sandboxed frame.
	HTML string
	// Problem says why nothing more can be shown.
	Problem string
}

type header struct{ Name, Value string }

// read parses a mail of our own making. What cannot be parsed can still be downloaded, so a problem
// is shown and not returned.
func read(raw []byte) content {
	var c content
	c.Headers = headers(raw)
	for _, h := range c.Headers {
		if strings.EqualFold(h.Name, "Subject") {
			c.Subject = h.Value
		}
	}
	envelope, err := enmime.NewParser(enmime.DisableTextConversion(true), enmime.MultipartWOBoundaryAsSinglePart(true)).
		ReadEnvelope(bytes.NewReader(raw))
	if err != nil {
		c.Problem = "The mail cannot be parsed: " + err.Error()
		return c
	}
	c.Text = envelope.Text
	if envelope.HTML != "" {
		// The policy comes first, so that it applies to everything after it. Links open a page of their
		// own: the frame cannot show the portal.
		c.HTML = `<meta http-equiv="Content-Security-Policy" content="` + framePolicy + `">` +
			`<base target="_blank">` + envelope.HTML
	}
	return c
}

// part is a piece of a text, which is a link or not.
type part struct {
	Text string
	Link bool
}

// links are addresses of pages in a text. Punctuation at the end is not part of one.
var links = regexp.MustCompile(`https?://[^\s<>"']*[^\s<>"'.,;:!?)\]]`)

// parts divides a text at its links.
func parts(text string) []part {
	var all []part
	end := 0
	for _, at := range links.FindAllStringIndex(text, -1) {
		all = append(all, part{Text: text[end:at[0]]}, part{Text: text[at[0]:at[1]], Link: true})
		end = at[1]
	}
	return append(all, part{Text: text[end:]})
}

// headers returns the headers in order, unfolded and decoded.
func headers(raw []byte) []header {
	var list []header
	for line := range strings.SplitSeq(string(raw), "\n") {
		line = strings.TrimRight(line, "\r")
		if line == "" {
			break
		}
		if line[0] == ' ' || line[0] == '\t' {
			if len(list) > 0 {
				list[len(list)-1].Value += " " + strings.TrimSpace(line)
			}
			continue
		}
		name, value, _ := strings.Cut(line, ":")
		list = append(list, header{name, strings.TrimSpace(value)})
	}
	for i, h := range list {
		if decoded, err := new(mime.WordDecoder).DecodeHeader(h.Value); err == nil {
			list[i].Value = decoded
		}
		list[i].Value = strings.ToValidUTF8(list[i].Value, "\uFFFD")
		list[i].Name = strings.ToValidUTF8(h.Name, "\uFFFD")
	}
	return list
}

// titled returns a title for a link or page even if the mail has no subject.
func titled(subject string) string {
	if strings.TrimSpace(subject) == "" {
		return "(no subject)"
	}
	return subject
}
