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
	// Problem says why there is nothing more to show.
	Problem string
}

type header struct{ Name, Value string }

// read takes a mail of our own making apart. What cannot be read can still be
// downloaded, so a problem is shown and not returned.
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
		c.Problem = "The mail cannot be taken apart: " + err.Error()
		return c
	}
	c.Text = envelope.Text
	if envelope.HTML != "" {
		// The policy stands first, so that it holds for all that follows. Links open a page of their
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

// headers gives the headers in their order, unfolded and decoded.
func headers(raw []byte) []header {
	var found []header
	for line := range strings.SplitSeq(string(raw), "\n") {
		line = strings.TrimRight(line, "\r")
		if line == "" {
			break
		}
		if line[0] == ' ' || line[0] == '\t' {
			if len(found) > 0 {
				found[len(found)-1].Value += " " + strings.TrimSpace(line)
			}
			continue
		}
		name, value, _ := strings.Cut(line, ":")
		found = append(found, header{name, strings.TrimSpace(value)})
	}
	for i, h := range found {
		if decoded, err := new(mime.WordDecoder).DecodeHeader(h.Value); err == nil {
			found[i].Value = decoded
		}
		found[i].Value = strings.ToValidUTF8(found[i].Value, "\uFFFD")
		found[i].Name = strings.ToValidUTF8(h.Name, "\uFFFD")
	}
	return found
}

// titled gives a link or page a name also where the mail has no subject.
func titled(subject string) string {
	if strings.TrimSpace(subject) == "" {
		return "(no subject)"
	}
	return subject
}
