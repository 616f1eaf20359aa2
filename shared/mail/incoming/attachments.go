package incoming

import (
	"html"
	"net/url"
	"strings"

	"github.com/jhillyerd/enmime/v2"

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
	Content    []byte
}

// attach turns the files that were found into attachments.
func (m *Message) attach(found content, limits Limits) error {
	if len(found.files) > limits.Attachments {
		return fault.New(fault.Invalid, "The mail has more than %d attachments.", limits.Attachments)
	}
	shown := shownIDs(found.segments)
	names := uniqueNames{}
	for i, part := range found.files {
		kind := kindOf(part)
		name := names.take(fileName(part, kind, i+1))
		id := oneLine(strings.Trim(part.ContentID, "<> "), 200)
		m.Attachments = append(m.Attachments, Attachment{
			Name: name, ContentType: oneLine(kind, 200), SniffedType: sniff(part.Content), ContentID: id,
			Inline:     part.Disposition == "inline" || part.Disposition == "" && id != "",
			Referenced: id != "" && shown[strings.ToLower(id)],
			Content:    part.Content,
		})
	}
	return nil
}

var contentLink = pattern(`(?i)\bcid:([^"'\s<>)]+)`)

// shownIDs gives the content ids that the HTML shows, in lower case.
func shownIDs(segments []segment) map[string]bool {
	ids := map[string]bool{}
	for _, s := range segments {
		for _, match := range contentLink().FindAllStringSubmatch(s.html, 10_000) {
			id := html.UnescapeString(match[1])
			if plain, err := url.PathUnescape(id); err == nil {
				id = plain
			}
			ids[strings.ToLower(id)] = true
		}
	}
	return ids
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
