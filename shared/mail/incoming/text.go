package incoming

import "strings"

// maxText is how much readable text of a mail is kept, in bytes.
const maxText = 256 << 10

// readText fills Text and Reply.
func (m *Message) readText(found content) {
	whole, hasPlain := readable(found.segments, false)
	m.Text = firstBytes(whole, maxText)
	m.TextCut = len(m.Text) < len(whole)
	m.Reply = m.Text
	switch {
	case forwarded(m.Subject):
		// What was forwarded is what the mail is about.
	case hasPlain:
		m.Reply = TrimReply(m.Text)
	default:
		cut, _ := readable(found.segments, true)
		m.Reply = TrimReply(firstBytes(cut, maxText))
	}
	if strings.TrimSpace(m.Reply) == "" || len(m.Reply) > len(m.Text) {
		m.Reply = m.Text
	}
	m.Trimmed = strings.TrimSpace(m.Reply) != strings.TrimSpace(m.Text)
}

// readable joins the segments into one text. It reports whether any of them was plain:
// plain text shows best what was quoted. With cutQuotes the markup of quotes is used to
// leave them out.
func readable(segments []segment, cutQuotes bool) (string, bool) {
	var pieces []string
	hasPlain := false
	size := 0
	for _, s := range segments {
		text := strings.Trim(s.plain, "\n")
		if strings.TrimSpace(text) != "" {
			hasPlain = true
		} else {
			text = htmlText(s.html, cutQuotes)
		}
		if strings.TrimSpace(text) == "" {
			continue
		}
		pieces = append(pieces, text)
		if size += len(text); size > 2*maxText {
			break
		}
	}
	return strings.Join(pieces, "\n\n"), hasPlain
}
