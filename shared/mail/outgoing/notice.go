package outgoing

import (
	"context"
	"strings"
)

// maxQuoted is the number of characters after which a quoted reason is cut.
const maxQuoted = 500

// AccountNotice tells a person of something that concerns their account, or the places that they
// administer. The texts must not contain anything that was not passed through OneLine.
type AccountNotice struct {
	Headline   string
	Paragraphs []string
	// Button is the text of the link to Link.
	Button, Link string
}

func (n AccountNotice) first() string {
	if len(n.Paragraphs) == 0 {
		return n.Headline
	}
	return n.Paragraphs[0]
}

// Text returns the mail as plain text.
func (n AccountNotice) Text() string {
	var out sheet
	for _, text := range n.Paragraphs {
		out.add("%s", text)
	}
	out.add("%s: %s", n.Button, n.Link)
	return out.String()
}

// HTML returns the mail as an HTML document.
func (n AccountNotice) HTML(ctx context.Context) (string, error) {
	return render(ctx, noticePage(n), n.Link)
}

// OneLine returns what somebody entered as one line that is safe to show in a mail, cut at the
// length of a name.
func OneLine(text string) string { return oneLine(text, maxName) }

// Quoted returns a longer text as one line, in quotes.
func Quoted(text string) string {
	return "\"" + strings.ReplaceAll(oneLine(text, maxQuoted), "\"", "'") + "\""
}
