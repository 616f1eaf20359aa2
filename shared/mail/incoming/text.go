package incoming

import (
	"slices"
	"strings"

	"github.com/tenantry/tenantry/shared/mail/incoming/markup"
	"github.com/tenantry/tenantry/shared/mail/incoming/parsed"
	"github.com/tenantry/tenantry/shared/mail/incoming/plaintext"
	"github.com/tenantry/tenantry/shared/mail/incoming/reply"
)

// readText fills Text and Reply.
func readText(m *parsed.Message, read content) {
	whole, hasPlain := markup.Readable(read.segments, false)
	m.Text = plaintext.FirstBytes(whole, plaintext.MaxText)
	m.TextCut = len(m.Text) < len(whole)
	m.NoContent = !plaintext.Visible(m.Text)
	m.Reply = m.Text
	mail := reply.Mail{Subject: m.Subject, Name: m.From.Name, Address: m.From.Address}
	switch {
	case reply.Forwarded(m.Subject):
		// A forwarded mail is the content.
	case hasPlain:
		if m.Reply = reply.Trim(m.Text, mail); m.Reply == m.Text && !reply.Marked(m.Text) {
			m.Reply = markedReply(m, read.segments, mail)
		}
	default:
		m.Reply = cutMarkup(m, read.segments, mail)
	}
	if !plaintext.Visible(m.Reply) || len(m.Reply) > len(m.Text) {
		m.Reply = m.Text
	}
	m.Trimmed = strings.TrimSpace(m.Reply) != strings.TrimSpace(m.Text)
}

// markedReply uses the quotes that the HTML marks if none were found in the plain form of the same
// text: a program may introduce them in an unknown language.
func markedReply(m *parsed.Message, segments []markup.Segment, mail reply.Mail) string {
	marked := slices.ContainsFunc(segments, func(s markup.Segment) bool {
		return s.Plain != "" && markup.EndMarked(s.HTML)
	})
	if !marked {
		return m.Text
	}
	var formatted []markup.Segment
	for _, s := range segments {
		if s.HTML != "" {
			s.Plain = ""
		}
		formatted = append(formatted, s)
	}
	if text := cutMarkup(m, formatted, mail); plaintext.Visible(text) && len(text) <= len(m.Text) {
		return text
	}
	return m.Text
}

// cutMarkup returns the answer without the quotes that the HTML marks. If the answer refers to text
// inside them, everything is the answer.
func cutMarkup(m *parsed.Message, segments []markup.Segment, mail reply.Mail) string {
	text, _ := markup.Readable(segments, true)
	text = reply.Trim(plaintext.FirstBytes(text, plaintext.MaxText), mail)
	if len(text) < len(m.Text) && reply.PointsBelow(text) {
		return m.Text
	}
	return text
}
