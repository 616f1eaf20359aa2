// Package specimen has mails to try programs on that read mail: one for each rule that
// mail/incoming keeps, each with what is to be read from it. It is made for tests, which
// may run them through more than the reading; nothing else uses it. What becomes of a
// mail is not told here, for that is decided elsewhere.
package specimen

import (
	"bytes"
	"slices"
	"strings"
)

// Every specimen is from Sender to Desk, unless its rule is about addresses.
const (
	Sender = "ana@customer.example"
	Desk   = "support@msp.example"
)

// Mail is one specimen.
type Mail struct {
	// Name is unique; Rule says what the specimen shows.
	Name, Rule string
	Raw        []byte
	Want
}

// Want is what is to be read. Kind, Files, NoAnswer, Signed, Encrypted, Calendar,
// Recipients and the truth values are always told; of the others, empty means that the
// specimen is not about them, but an empty Reply that it is all of the text.
type Want struct {
	// Kind is "none" if empty: no program sent the mail.
	Kind     string
	NoAnswer bool
	// List is set if a bulk mail came through a mailing list or group, so that a person may have
	// written it.
	List bool

	From, FromName, Subject string
	References              []string
	// Text is without white space at its ends.
	Text, Reply string
	NoContent   bool
	// HTML are pieces that the safe HTML has, Never such that it must not have.
	HTML, Never []string

	// Files are the names of the attachments, in their order.
	Files []string
	// Shown are those of them that the text shows, Lying those that are not what they
	// promise to be.
	Shown, Lying []string
	// Calendar are the lines that sum up the calendar parts.
	Calendar          []string
	Signed, Encrypted string
	Incomplete        bool

	// Recipients are of the form "ana@customer.example failed 5.1.1", with " for good"
	// behind it where the address does not work any more.
	Recipients []string
	// Returned is an id or an address that is to be found in the returned mail.
	Returned string
	// Refused says that the mail is not read at all.
	Refused bool
}

// Addressed returns the mail as if it were from one address to another.
func (m Mail) Addressed(from, to string) []byte {
	raw := bytes.ReplaceAll(m.Raw, []byte(Sender), []byte(from))
	return bytes.ReplaceAll(raw, []byte(Desk), []byte(to))
}

// All returns all specimens, in the order of their names.
func All() []Mail {
	all := slices.Concat(automatic(), subjects(), reports(), bounces(), answers(), attributions(), signatures(),
		forwards(), markup(), texts(), safe(), charsets(), broken(), senders(), names(), files(), calendars(),
		sealed(), packed(), bounds())
	slices.SortFunc(all, func(a, b Mail) int { return strings.Compare(a.Name, b.Name) })
	return all
}

// defaults are the headers that a specimen has unless it brings its own.
var defaults = [][2]string{
	{"From", "Ana Novak <" + Sender + ">"}, {"To", "Support <" + Desk + ">"}, {"Subject", "Switch"},
	{"Date", "Wed, 4 Mar 2026 10:15:00 +0100"}, {"Message-ID", "<specimen@customer.example>"}, {"MIME-Version", "1.0"},
}

// write makes a mail of headers, each on a line, and a body, both with line feeds.
func write(headers, body string) []byte {
	var out strings.Builder
	given := "\n" + strings.ToLower(headers)
	for _, header := range defaults {
		if !strings.Contains(given, "\n"+strings.ToLower(header[0])+":") {
			out.WriteString(header[0] + ": " + header[1] + "\n")
		}
	}
	if headers != "" {
		out.WriteString(headers + "\n")
	}
	return []byte(strings.ReplaceAll(out.String()+"\n"+body, "\n", "\r\n"))
}

// plain makes a mail of plain text in UTF-8.
func plain(headers, body string) []byte {
	return write(lines(headers, "Content-Type: text/plain; charset=utf-8", "Content-Transfer-Encoding: 8bit"), body)
}

// page makes a mail of HTML in UTF-8.
func page(headers, body string) []byte {
	return write(lines(headers, "Content-Type: text/html; charset=utf-8", "Content-Transfer-Encoding: 8bit"), body)
}

// mixed makes a mail of parts, each with its headers.
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

// part makes one part.
func part(headers, body string) string { return headers + "\n\n" + body }

// words is a part of plain text.
func words(text string) string {
	return part("Content-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: 8bit", text)
}

// lines joins what is not empty.
func lines(some ...string) string {
	return strings.Join(slices.DeleteFunc(some, func(line string) bool { return line == "" }), "\n")
}
