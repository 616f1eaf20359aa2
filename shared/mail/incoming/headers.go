package incoming

import (
	"net/mail"
	"net/textproto"
	"strings"
	"time"
)

const (
	maxSubject    = 300 // characters
	maxReferences = 50
	maxID         = 500
)

// readHeaders reads everything but the bodies.
func (m *Message) readHeaders(header textproto.MIMEHeader) {
	from := addresses(header["From"])
	m.AllFrom = len(from)
	if len(from) > 0 {
		m.From = from[0]
	} else {
		m.problem("There is no sender that can be read.")
	}
	m.To, m.Cc = addresses(header["To"]), addresses(header["Cc"])
	m.ReplyTo = addresses(header["Reply-To"])
	m.DeliveredTo, m.OriginalTo = bare(header["Delivered-To"]), bare(header["X-Original-To"])
	m.EnvelopeTo, m.ForwardedTo = bare(header["Envelope-To"]), bare(header["X-Forwarded-To"])
	m.Subject = oneLine(headerText(header.Get("Subject")), maxSubject)
	m.MessageID = firstID(header.Get("Message-Id"))
	m.InReplyTo = firstID(header.Get("In-Reply-To"))
	m.References = references(header["References"])
	m.Date = date(header.Get("Date"))
	if m.Date.IsZero() {
		m.problem("The date is missing or cannot be true.")
	}
	m.LoopInstances = instances(header)
}

// headerText reads a header that people read: encoded words, and characters beyond
// ASCII that were put there raw.
func headerText(value string) string {
	return decodeWords(toUTF8([]byte(firstBytes(value, 64<<10)), ""))
}

var bracketed = pattern(`<\s*([^<>\s]+@[^<>\s]+)\s*>`)

// ids gives the message ids in a header. Some programs separate them by commas, some
// write no brackets.
func ids(value string) []string {
	var found []string
	take := func(id string) {
		if id = oneLine(id, maxID); id != "" && !strings.Contains(id, " ") {
			found = append(found, id)
		}
	}
	if matches := bracketed().FindAllStringSubmatch(value, -1); len(matches) > 0 {
		for _, match := range matches {
			take(match[1])
		}
		return found
	}
	for field := range strings.FieldsFuncSeq(value, func(r rune) bool { return strings.ContainsRune(" \t\r\n,<>", r) }) {
		if strings.Contains(field, "@") {
			take(field)
		}
	}
	return found
}

func firstID(value string) string {
	if found := ids(value); len(found) > 0 {
		return found[0]
	}
	// A Message-ID without '@' breaks the rules, but it is still the mail's name.
	if field := strings.Trim(strings.TrimSpace(value), "<>"); field != "" && !strings.ContainsAny(field, " \t<>") {
		return oneLine(field, maxID)
	}
	return ""
}

// references keeps the first id, which is the root of the conversation, and the nearest.
func references(values []string) []string {
	found := ids(strings.Join(values, " "))
	if len(found) > maxReferences {
		found = append(found[:1:1], found[len(found)-maxReferences+1:]...)
	}
	return found
}

// date reads the Date header; zero for what lies before mail came into use or beyond
// this century.
func date(value string) time.Time {
	parsed, err := mail.ParseDate(strings.TrimSpace(value))
	if err != nil || parsed.Year() < 1985 || parsed.Year() > 2099 {
		return time.Time{}
	}
	return parsed.UTC()
}
