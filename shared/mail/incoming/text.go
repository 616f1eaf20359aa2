package incoming

import "strings"

// maxText is how much readable text of a mail is kept, in bytes.
const maxText = 256 << 10

// readText fills Text and Reply.
func (m *Message) readText(found content) {
	whole, hasPlain := readable(found.segments, false)
	m.Text = firstBytes(whole, maxText)
	m.TextCut = len(m.Text) < len(whole)
	m.NoContent = !visible(m.Text)
	m.Reply = m.Text
	switch {
	case forwarded(m.Subject):
		// What was forwarded is what the mail is about.
	case hasPlain:
		if m.Reply = TrimReply(m.Text); m.Reply == m.Text {
			m.Reply = m.markedReply(found.segments)
		}
	default:
		cut, _ := readable(found.segments, true)
		m.Reply = TrimReply(firstBytes(cut, maxText))
	}
	if !visible(m.Reply) || len(m.Reply) > len(m.Text) {
		m.Reply = m.Text
	}
	m.Trimmed = strings.TrimSpace(m.Reply) != strings.TrimSpace(m.Text)
}

// markedReply looks for quotes in the markup where the plain form, in which none was
// found, shows the same text: a program may mark them in a language that is not known
// here.
func (m *Message) markedReply(segments []segment) string {
	marked := false
	for _, s := range segments {
		marked = marked || s.plain != "" && endMarked(s.html)
	}
	if !marked {
		return m.Text
	}
	var other []segment
	for _, s := range segments {
		if s.html != "" {
			s.plain = ""
		}
		other = append(other, s)
	}
	cut, _ := readable(other, true)
	if reply := TrimReply(firstBytes(cut, maxText)); visible(reply) && len(reply) <= len(m.Text) {
		return reply
	}
	return m.Text
}

// readable joins the segments into one text. It reports whether any of them was plain:
// plain text shows best what was quoted. With cutQuotes the markup of quotes is used to
// leave them out.
func readable(segments []segment, cutQuotes bool) (string, bool) {
	var pieces []string
	hasPlain := false
	size := 0
	for _, s := range segments {
		text, plain := s.text(cutQuotes)
		hasPlain = hasPlain || plain
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

// maxStub is how long, in bytes, a plain form may be to be taken for a mere hint that
// the program cannot show the other form.
const maxStub = 400

// text gives one segment as text, and whether that is its plain form.
func (s segment) text(cutQuotes bool) (string, bool) {
	plain := strings.Trim(s.plain, "\n")
	if visible(plain) && (len(plain) > maxStub || len(s.html) < 10*maxStub) {
		return plain, true
	}
	other := htmlText(s.html, cutQuotes)
	if visible(plain) && len(other) < 10*len(plain) {
		return plain, true
	}
	return other, false
}

// visible reports whether there is anything to read: more than spaces and what merely
// looks like them.
func visible(text string) bool {
	return strings.TrimFunc(text, func(r rune) bool { return blankRune(r) }) != ""
}

// blankRune reports whether a character shows nothing.
func blankRune(r rune) bool {
	switch r {
	case ' ', '\t', '\n', '\r', '\u00a0', '\u00ad', '\u034f', '\u061c', '\u115f', '\u1160', '\u17b4', '\u17b5', '\u180e', '\u2800', '\u3000', '\u3164', '\ufeff', '\uffa0', '\ufffc':
		return true
	}
	return r >= '\u2000' && r <= '\u200f' || r >= '\u2028' && r <= '\u202f' || r >= '\u205f' && r <= '\u206f' || r >= '\ufe00' && r <= '\ufe0f'
}
