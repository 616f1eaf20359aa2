package outgoing

import (
	"bytes"
	"context"
	"fmt"
	"net/url"
	"strings"

	"github.com/a-h/templ"
)

// Body is the content of a mail, as text and as HTML.
type Body interface {
	// Text is the mail as plain text, lines ended by a line feed.
	Text() string
	// HTML is the mail as a whole document. It returns an error for a link that does
	// not begin with http:// or https://.
	HTML(ctx context.Context) (string, error)
}

// render renders a page after checking its link.
func render(ctx context.Context, page templ.Component, links ...string) (string, error) {
	for _, link := range links {
		if err := checkLink(link); err != nil {
			return "", err
		}
	}
	var out bytes.Buffer
	if err := page.Render(ctx, &out); err != nil {
		return "", fmt.Errorf("letter: render the page: %w", err)
	}
	return out.String(), nil
}

func checkLink(link string) error {
	parsed, err := url.Parse(link)
	if err != nil || parsed.Host == "" || parsed.Scheme != "https" && parsed.Scheme != "http" || !visible(link) {
		return fmt.Errorf("letter: %q is not a link to a page", link)
	}
	return nil
}

// sheet builds the text version of a mail: paragraphs separated by empty lines.
type sheet struct{ paragraphs []string }

func (s *sheet) add(format string, arguments ...any) {
	s.paragraphs = append(s.paragraphs, fmt.Sprintf(format, arguments...))
}

func (s *sheet) String() string { return strings.Join(s.paragraphs, "\n\n") + "\n" }
