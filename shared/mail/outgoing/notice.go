package outgoing

import (
	"context"
	"strings"

	"github.com/tenantry/tenantry/shared/mail/wording"
)

// maxQuoted is the number of characters after which a quoted reason is cut.
const maxQuoted = 500

// AccountNotice tells a person of something that concerns their account, or the places that they
// administer. The texts must not contain anything that was not passed through OneLine or Quoted.
type AccountNotice struct {
	Language wording.Language
	// Headline says what happened; the paragraphs say more, and do not repeat it.
	Headline   string
	Paragraphs []string
	// Button is the text of the link to Link.
	Button, Link string
	// After are sentences below the button.
	After  []string
	Footer Footer
	// Logo is that of the provider whose place the notice is about; nil for none.
	Logo *Logo
}

// preheader returns the preview that mail programs show next to the subject.
func (n AccountNotice) preheader() string {
	return oneLine(strings.Join(n.Paragraphs, " "), maxPreheader)
}

// Text returns the mail as plain text.
func (n AccountNotice) Text() string {
	var out sheet
	out.add("%s.", strings.TrimSuffix(n.Headline, "."))
	for _, text := range n.Paragraphs {
		out.add("%s", text)
	}
	out.link(n.Button, n.Link)
	for _, text := range n.After {
		out.add("%s", text)
	}
	out.addFooter(n.Footer)
	return out.String()
}

// HTML returns the mail as an HTML document.
func (n AccountNotice) HTML(ctx context.Context) (string, error) {
	return render(ctx, noticePage(n), append(n.Footer.links(), n.Link)...)
}

// OneLine returns what somebody entered as one line that is safe to show in a mail, cut at the
// length of a name.
func OneLine(text string) string { return oneLine(text, maxName) }

// Quoted returns a longer text as one line, in quotes.
func Quoted(text string) string {
	return "\"" + strings.ReplaceAll(oneLine(text, maxQuoted), "\"", "'") + "\""
}
