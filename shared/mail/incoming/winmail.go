package incoming

import (
	"strings"

	"github.com/jhillyerd/enmime/v2"

	"github.com/tenantry/tenantry/shared/mail/incoming/markup"
	"github.com/tenantry/tenantry/shared/mail/incoming/mimepart"
	"github.com/tenantry/tenantry/shared/mail/incoming/parsed"
	"github.com/tenantry/tenantry/shared/mail/incoming/plaintext"
	"github.com/tenantry/tenantry/shared/mail/winmail"
)

// isWinmail reports whether a part is the file into which Outlook packs a mail.
func isWinmail(part *enmime.Part, kind string) bool {
	return kind == "application/ms-tnef" || kind == "application/vnd.ms-tnef" ||
		strings.EqualFold(part.FileName, "winmail.dat")
}

// openWinmail replaces a winmail.dat with the files that it contains. One that cannot be read stays
// a file.
func (c *content) openWinmail(part *enmime.Part, m *parsed.Message) {
	packed, err := winmail.Open(part.Content, winmail.Limits{})
	if err != nil {
		m.Problem("winmail.dat cannot be opened: %v", err)
		c.files = append(c.files, part)
		return
	}
	for _, packedFile := range packed.Files {
		file := enmime.NewPart(plaintext.OneLine(strings.ToLower(packedFile.ContentType), 100))
		if strings.Count(file.ContentType, "/") != 1 {
			file.ContentType = mimepart.Sniff(packedFile.Content)
		}
		file.FileName = mimepart.ToUTF8(packedFile.Name.Content, packedFile.Name.Charset)
		file.ContentID, file.Disposition, file.Content = packedFile.ContentID, "attachment", packedFile.Content
		if file.ContentID != "" {
			file.Disposition = "inline"
		}
		c.files = append(c.files, file)
	}
	text := markup.Segment{
		Plain: plaintext.CleanText(
			mimepart.ToUTF8(packed.Plain.Content[:min(len(packed.Plain.Content), maxTextPart)], packed.Plain.Charset),
		),
	}
	text.HTML = mimepart.ToUTF8(packed.HTML.Content[:min(len(packed.HTML.Content), maxHTMLPart)], packed.HTML.Charset)
	if text.Plain == "" && text.HTML == "" && len(packed.RTF) > 0 {
		read := winmail.PlainText(packed.RTF)
		text.Plain = plaintext.CleanText(
			winmail.Unescaped(mimepart.ToUTF8(read.Content[:min(len(read.Content), maxTextPart)], read.Charset)),
		)
	}
	if text.Plain != "" || text.HTML != "" {
		c.spare = append(c.spare, text)
	}
}

// useSpare uses the text of packed mails if there is no other.
func (c *content) useSpare() {
	if len(c.spare) == 0 {
		return
	}
	for _, s := range c.segments {
		if text, _ := s.Text(false); plaintext.Visible(text) {
			return
		}
	}
	c.segments = append(c.spare, c.segments...)
}
