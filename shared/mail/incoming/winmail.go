package incoming

import (
	"strings"

	"github.com/jhillyerd/enmime/v2"

	"github.com/tenantry/tenantry/shared/mail/winmail"
)

// isWinmail reports whether a part is the file in which Outlook packs a mail.
func isWinmail(part *enmime.Part, kind string) bool {
	return kind == "application/ms-tnef" || kind == "application/vnd.ms-tnef" || strings.EqualFold(part.FileName, "winmail.dat")
}

// openWinmail puts the files that a winmail.dat holds in its place. One that cannot be
// read stays a file.
func (c *content) openWinmail(part *enmime.Part, m *Message) {
	packed, err := winmail.Open(part.Content, winmail.Limits{})
	if err != nil {
		m.problem("winmail.dat cannot be opened: %v", err)
		c.files = append(c.files, part)
		return
	}
	for _, packedFile := range packed.Files {
		file := enmime.NewPart(oneLine(strings.ToLower(packedFile.ContentType), 100))
		if strings.Count(file.ContentType, "/") != 1 {
			file.ContentType = sniff(packedFile.Content)
		}
		file.FileName = toUTF8(packedFile.Name.Content, packedFile.Name.Charset)
		file.ContentID, file.Disposition, file.Content = packedFile.ContentID, "attachment", packedFile.Content
		if file.ContentID != "" {
			file.Disposition = "inline"
		}
		c.files = append(c.files, file)
	}
	text := segment{plain: cleanText(toUTF8(packed.Plain.Content[:min(len(packed.Plain.Content), maxTextPart)], packed.Plain.Charset))}
	text.html = toUTF8(packed.HTML.Content[:min(len(packed.HTML.Content), maxHTMLPart)], packed.HTML.Charset)
	if text.plain == "" && text.html == "" && len(packed.RTF) > 0 {
		read := winmail.PlainText(packed.RTF)
		text.plain = cleanText(winmail.Unescaped(toUTF8(read.Content[:min(len(read.Content), maxTextPart)], read.Charset)))
	}
	if text.plain != "" || text.html != "" {
		c.spare = append(c.spare, text)
	}
}

// useSpare takes the text of packed mails where there is no other to be read.
func (c *content) useSpare() {
	if len(c.spare) == 0 {
		return
	}
	for _, s := range c.segments {
		if text, _ := s.text(false); visible(text) {
			return
		}
	}
	c.segments = append(c.spare, c.segments...)
}
