package incoming

import (
	"slices"
	"strings"

	"github.com/jhillyerd/enmime/v2"
	"golang.org/x/net/html"

	"github.com/tenantry/tenantry/shared/fault"
	"github.com/tenantry/tenantry/shared/mail/incoming/calendar"
	"github.com/tenantry/tenantry/shared/mail/incoming/markup"
	"github.com/tenantry/tenantry/shared/mail/incoming/mimepart"
	"github.com/tenantry/tenantry/shared/mail/incoming/parsed"
	"github.com/tenantry/tenantry/shared/mail/incoming/plaintext"
)

// attach creates the attachments and reads the calendars; charset is that of raw bytes in file
// names.
func attach(m *parsed.Message, read *content, charset string, limits Limits) error {
	if len(read.files) > limits.Attachments {
		return fault.New(fault.Invalid, "The mail has more than %d attachments.", limits.Attachments)
	}
	read.useSpare()
	shown, names := shownIDs(read.segments), mimepart.UniqueNames{}
	var addresses map[string]bool
	if slices.ContainsFunc(read.files, func(part *enmime.Part) bool { return mimepart.Location(part) != "" }) {
		addresses = shownAddresses(read.segments)
	}
	for i, part := range read.files {
		kind := mimepart.KindOf(part)
		name := names.Take(mimepart.FileName(part, kind, i+1, charset))
		id := plaintext.OneLine(strings.Trim(part.ContentID, "<> "), 200)
		sniffed := mimepart.Sniff(part.Content)
		m.Attachments = append(m.Attachments, parsed.Attachment{
			Name:        name,
			ContentType: plaintext.OneLine(kind, 200),
			SniffedType: sniffed,
			ContentID:   id,
			Inline: part.Disposition == "inline" || part.Disposition == "" && id != "" ||
				read.standsInText(part),
			Referenced:    id != "" && shown[strings.ToLower(id)] || addresses[mimepart.Location(part)],
			Signature:     signatureTypes[kind],
			LiesAboutType: mimepart.Lies(name, kind, sniffed),
			Executable:    mimepart.Executable(name, sniffed),
			Content:       part.Content,
		})
		if (kind == "text/calendar" || kind == "application/ics" || strings.HasSuffix(strings.ToLower(name), ".ics")) &&
			len(m.Calendar) < calendar.MaxCalendars {
			events := calendar.Read(part.Content, mimepart.ParametersOf(part)[mimepart.DeclaredCharset])
			m.Calendar = append(m.Calendar, events[:min(len(events), calendar.MaxCalendars-len(m.Calendar))]...)
		}
	}
	return nil
}

// signatureTypes are the types of parts that contain a signature of the mail, or a key for it.
var signatureTypes = map[string]bool{
	"application/pgp-signature":     true,
	"application/pkcs7-signature":   true,
	"application/x-pkcs7-signature": true,
	"application/pgp-keys":          true,
	"application/pgp-encrypted":     true,
}

// standsInText reports whether a picture is between two pieces of text.
func (c *content) standsInText(part *enmime.Part) bool {
	for _, s := range c.segments {
		if s.Picture == part {
			return part.Disposition != "attachment"
		}
	}
	return false
}

var contentLink = plaintext.Pattern(`(?i)\bcid:([^"'\s<>)]+)`)

// maxShown is the maximum number of references to pictures that are read from one text.
const maxShown = 10_000

// shownIDs returns the content ids that the HTML shows, in lower case.
func shownIDs(segments []markup.Segment) map[string]bool {
	ids := map[string]bool{}
	for _, s := range segments {
		for _, match := range contentLink().FindAllStringSubmatch(s.HTML, maxShown) {
			ids[markup.ShownID(match[1])] = true
		}
	}
	return ids
}

// shownAddresses returns the addresses of the pictures that the HTML shows, in lower case.
func shownAddresses(segments []markup.Segment) map[string]bool {
	addresses := map[string]bool{}
	for _, s := range segments {
		tokens := html.NewTokenizer(strings.NewReader(s.HTML))
		for kind := tokens.Next(); kind != html.ErrorToken && len(addresses) < maxShown; kind = tokens.Next() {
			if kind != html.StartTagToken && kind != html.SelfClosingTagToken {
				continue
			}
			if name, more := tokens.TagName(); string(name) != "img" || !more {
				continue
			}
			for key, value, more := tokens.TagAttr(); ; key, value, more = tokens.TagAttr() {
				if string(key) == "src" {
					addresses[strings.ToLower(plaintext.FirstBytes(string(value), markup.MaxLink))] = true
				}
				if !more {
					break
				}
			}
		}
	}
	return addresses
}
