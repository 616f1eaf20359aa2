// Package specimen has sample mails for tests of programs that read mail: one for each rule of
// mail/incoming, with the expected result. Only tests use it, also those that process mail further.
// It says nothing about what becomes of a mail; shared/support/intake decides that.
package specimen

import (
	"bytes"
	"slices"
	"strings"
)

// Sender and Desk are the addresses of every specimen whose rule is not about addresses.
const (
	Sender = "ana@customer.example"
	Desk   = "support@msp.example"
)

// Mail is one specimen.
type Mail struct {
	// Name is unique; Rule says what the specimen demonstrates.
	Name, Rule string
	Raw        []byte
	Want
}

// Want is the expected result. Kind, Files, NoAnswer, Signed, Encrypted, Calendar, Recipients and
// the booleans are always checked. An empty Reply means that the reply is the whole text; every
// other empty field is not checked.
type Want struct {
	// Kind is the kind of automatic mail; empty means "none", a mail written by a person.
	Kind     string
	NoAnswer bool
	// List is set for bulk mail that came through a mailing list or group, so that a person may
	// have written it.
	List bool

	From, FromName, Subject string
	References              []string
	// Text and Reply have no leading or trailing white space.
	Text, Reply string
	NoContent   bool
	// HTML lists text that the safe HTML must contain, Never text that it must not contain.
	HTML, Never []string

	// Files lists the names of the attachments, in order.
	Files []string
	// Shown lists the attachments that the text displays, Mislabeled those whose content does not
	// match their type.
	Shown, Mislabeled []string
	// Calendar lists the lines that summarize the calendar parts.
	Calendar          []string
	Signed, Encrypted string
	Incomplete        bool

	// Recipients have the form "ana@customer.example failed 5.1.1", with " for good" appended if
	// the failure is permanent.
	Recipients []string
	// Returned is an ID or address that the returned mail must contain.
	Returned string
	// Refused is set if the mail must be rejected.
	Refused bool
}

// Addressed returns the mail with its sender and recipient replaced.
func (m Mail) Addressed(from, to string) []byte {
	raw := bytes.ReplaceAll(m.Raw, []byte(Sender), []byte(from))
	return bytes.ReplaceAll(raw, []byte(Desk), []byte(to))
}

// All returns all specimens, ordered by name.
func All() []Mail {
	all := slices.Concat(automatic(), subjects(), reports(), bounces(), answers(), attributions(), signatures(),
		forwards(), markup(), texts(), safe(), charsets(), broken(), senders(), names(), files(), calendars(),
		sealed(), packed(), bounds())
	slices.SortFunc(all, func(a, b Mail) int { return strings.Compare(a.Name, b.Name) })
	return all
}

// defaults are the headers of specimens that do not set them.
var defaults = [][2]string{
	{"From", "Ana Novak <" + Sender + ">"}, {"To", "Support <" + Desk + ">"}, {"Subject", "Switch"},
	{"Date", "Wed, 4 Mar 2026 10:15:00 +0100"}, {"Message-ID", "<specimen@customer.example>"}, {"MIME-Version", "1.0"},
}

// write returns a mail of headers, one a line, and a body. Both have line feeds, which it replaces
// by CRLF.
func write(headers, body string) []byte {
	var out strings.Builder
	lower := "\n" + strings.ToLower(headers)
	for _, header := range defaults {
		if !strings.Contains(lower, "\n"+strings.ToLower(header[0])+":") {
			out.WriteString(header[0] + ": " + header[1] + "\n")
		}
	}
	if headers != "" {
		out.WriteString(headers + "\n")
	}
	return []byte(strings.ReplaceAll(out.String()+"\n"+body, "\n", "\r\n"))
}

// plain returns a mail of plain text in UTF-8.
func plain(headers, body string) []byte {
	return write(lines(headers, "Content-Type: text/plain; charset=utf-8", "Content-Transfer-Encoding: 8bit"), body)
}

// page returns a mail of HTML in UTF-8.
func page(headers, body string) []byte {
	return write(lines(headers, "Content-Type: text/html; charset=utf-8", "Content-Transfer-Encoding: 8bit"), body)
}

// mixed returns a multipart mail; each part has its headers.
func mixed(headers, kind string, parts ...string) []byte {
	return write(lines(headers, "Content-Type: "+kind+"; boundary=\"specimen-parts\""),
		multipart("specimen-parts", parts...))
}

// multipart joins parts with a boundary.
func multipart(boundary string, parts ...string) string {
	var out strings.Builder
	for _, part := range parts {
		out.WriteString("--" + boundary + "\n" + part + "\n")
	}
	return out.String() + "--" + boundary + "--\n"
}

// part returns a part of a multipart mail.
func part(headers, body string) string { return headers + "\n\n" + body }

// words returns a part of plain text.
func words(text string) string {
	return part("Content-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: 8bit", text)
}

// lines joins the texts that are not empty.
func lines(some ...string) string {
	return strings.Join(slices.DeleteFunc(some, func(line string) bool { return line == "" }), "\n")
}
