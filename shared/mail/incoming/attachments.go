package incoming

import (
	"net/url"
	"slices"
	"strings"

	"github.com/jhillyerd/enmime/v2"
	"golang.org/x/net/html"

	"github.com/tenantry/tenantry/shared/fault"
)

// Attachment is a file that came with a mail.
type Attachment struct {
	// Name has at most 120 characters, no path, and is unique within the mail.
	Name string
	// ContentType is what the mail declares, SniffedType what the bytes look like.
	ContentType, SniffedType string
	// ContentID is the id without angle brackets by which the HTML may show the file.
	ContentID string
	// Inline says that the file was meant to be shown within the text.
	Inline bool
	// Referenced says that the HTML shows it: a logo in a signature, a screenshot.
	Referenced bool
	// Signature says that the file only holds a signature of the mail, or a key for it.
	Signature bool
	// LiesAboutType says that the file promises to be something harmless by its declared
	// type or its name and is a program or a page, or hides the end of its name.
	LiesAboutType bool
	// Executable says that a computer would run the file if somebody opened it.
	Executable bool
	Content    []byte
}

// attach turns the files that were found into attachments, and sums up the calendars.
func (m *Message) attach(found *content, limits Limits) error {
	if len(found.files) > limits.Attachments {
		return fault.New(fault.Invalid, "The mail has more than %d attachments.", limits.Attachments)
	}
	found.useSpare()
	shown, names := shownIDs(found.segments), uniqueNames{}
	var addresses map[string]bool
	if slices.ContainsFunc(found.files, func(part *enmime.Part) bool { return location(part) != "" }) {
		addresses = shownAddresses(found.segments)
	}
	for i, part := range found.files {
		kind := kindOf(part)
		name := names.take(fileName(part, kind, i+1))
		id := oneLine(strings.Trim(part.ContentID, "<> "), 200)
		sniffed := sniff(part.Content)
		m.Attachments = append(m.Attachments, Attachment{
			Name: name, ContentType: oneLine(kind, 200), SniffedType: sniffed, ContentID: id,
			Inline:        part.Disposition == "inline" || part.Disposition == "" && id != "" || found.standsInText(part),
			Referenced:    id != "" && shown[strings.ToLower(id)] || addresses[location(part)],
			Signature:     signatureTypes[kind],
			LiesAboutType: lies(name, kind, sniffed), Executable: executable(name, sniffed),
			Content: part.Content,
		})
		if (kind == "text/calendar" || kind == "application/ics" || strings.HasSuffix(strings.ToLower(name), ".ics")) && len(m.Calendar) < maxCalendars {
			events := readCalendar(part.Content, parametersOf(part)[declaredCharset])
			m.Calendar = append(m.Calendar, events[:min(len(events), maxCalendars-len(m.Calendar))]...)
		}
	}
	return nil
}

// signatureTypes are the types of parts that hold a signature of the mail, or a key for it.
var signatureTypes = map[string]bool{
	"application/pgp-signature": true, "application/pkcs7-signature": true, "application/x-pkcs7-signature": true, "application/pgp-keys": true, "application/pgp-encrypted": true,
}

// standsInText reports whether a picture stands between two pieces of text.
func (c *content) standsInText(part *enmime.Part) bool {
	for _, s := range c.segments {
		if s.picture == part {
			return part.Disposition != "attachment"
		}
	}
	return false
}

var contentLink = pattern(`(?i)\bcid:([^"'\s<>)]+)`)

// maxShown is how many references to pictures are looked at in one text.
const maxShown = 10_000

// shownIDs gives the content ids that the HTML shows, in lower case.
func shownIDs(segments []segment) map[string]bool {
	ids := map[string]bool{}
	for _, s := range segments {
		for _, match := range contentLink().FindAllStringSubmatch(s.html, maxShown) {
			ids[shownID(match[1])] = true
		}
	}
	return ids
}

// shownAddresses gives the addresses of the pictures that the HTML shows, in lower case.
func shownAddresses(segments []segment) map[string]bool {
	addresses := map[string]bool{}
	for _, s := range segments {
		tokens := html.NewTokenizer(strings.NewReader(s.html))
		for kind := tokens.Next(); kind != html.ErrorToken && len(addresses) < maxShown; kind = tokens.Next() {
			if kind != html.StartTagToken && kind != html.SelfClosingTagToken {
				continue
			}
			if name, more := tokens.TagName(); string(name) != "img" || !more {
				continue
			}
			for key, value, more := tokens.TagAttr(); ; key, value, more = tokens.TagAttr() {
				if string(key) == "src" {
					addresses[strings.ToLower(firstBytes(string(value), maxLink))] = true
				}
				if !more {
					break
				}
			}
		}
	}
	return addresses
}

// location gives the address at which a part says that it was, in lower case.
func location(part *enmime.Part) string {
	return strings.ToLower(strings.TrimSpace(part.Header.Get("Content-Location")))
}

// shownID gives the id in an address of the form "cid:…".
func shownID(address string) string {
	id := html.UnescapeString(address)
	if plain, err := url.PathUnescape(id); err == nil {
		id = plain
	}
	return strings.ToLower(id)
}

// innerSubject gives the subject of a mail that is attached to the mail.
func innerSubject(part *enmime.Part) string {
	raw, _ := splitHeader(part.Content[:min(len(part.Content), 64<<10)])
	header, err := enmime.ReadHeader(newReader(withoutMailboxLine(raw)), noErrors{})
	if err != nil {
		return ""
	}
	return oneLine(headerText(header.Get("Subject")), maxName)
}
