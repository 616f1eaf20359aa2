package incoming

import (
	"strings"

	"github.com/tenantry/tenantry/shared/mail/incoming/markup"
	"github.com/tenantry/tenantry/shared/mail/incoming/parsed"
	"github.com/tenantry/tenantry/shared/mail/incoming/plaintext"
	"github.com/tenantry/tenantry/shared/mail/incoming/reply"
)

// readText fills Text and Reply.
func readText(m *parsed.Message, found content) {
	whole, hasPlain := markup.Readable(found.segments, false)
	m.Text = plaintext.FirstBytes(whole, plaintext.MaxText)
	m.TextCut = len(m.Text) < len(whole)
	m.NoContent = !plaintext.Visible(m.Text)
	m.Reply = m.Text
	switch {
	case reply.Forwarded(m.Subject):
		// What was forwarded is what the mail is about.
	case hasPlain:
		if m.Reply = reply.Trim(m.Text); m.Reply == m.Text {
			m.Reply = markedReply(m, found.segments)
		}
	default:
		cut, _ := markup.Readable(found.segments, true)
		m.Reply = reply.Trim(plaintext.FirstBytes(cut, plaintext.MaxText))
	}
	if !plaintext.Visible(m.Reply) || len(m.Reply) > len(m.Text) {
		m.Reply = m.Text
	}
	m.Trimmed = strings.TrimSpace(m.Reply) != strings.TrimSpace(m.Text)
}

// markedReply looks for quotes in the markup where the plain form, in which none was
// found, shows the same text: a program may mark them in a language that is not known
// here.
func markedReply(m *parsed.Message, segments []markup.Segment) string {
	marked := false
	for _, s := range segments {
		marked = marked || s.Plain != "" && markup.EndMarked(s.HTML)
	}
	if !marked {
		return m.Text
	}
	var other []markup.Segment
	for _, s := range segments {
		if s.HTML != "" {
			s.Plain = ""
		}
		other = append(other, s)
	}
	cut, _ := markup.Readable(other, true)
	if reply := reply.Trim(plaintext.FirstBytes(cut, plaintext.MaxText)); plaintext.Visible(reply) &&
		len(reply) <= len(m.Text) {
		return reply
	}
	return m.Text
}
