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
	// Text returns the mail as plain text, with line feeds.
	Text() string
	// HTML returns the mail as a complete HTML document. It returns an error for a link that does
	// not begin with http:// or https://.
	HTML(ctx context.Context) (string, error)
}

// render renders a page after checking its links.
func render(ctx context.Context, page templ.Component, links ...string) (string, error) {
	for _, link := range links {
		if err := checkLink(link); err != nil {
			return "", err
		}
	}
	var out bytes.Buffer
	if err := page.Render(ctx, &out); err != nil {
		return "", fmt.Errorf("outgoing: render the page: %w", err)
	}
	return out.String(), nil
}

func checkLink(link string) error {
	parsed, err := url.Parse(link)
	if err != nil || parsed.Host == "" || parsed.Scheme != "https" && parsed.Scheme != "http" || !visible(link) {
		return fmt.Errorf("outgoing: %q is not a link to a page", link)
	}
	return nil
}

// sheet builds the text version of a mail: paragraphs separated by empty lines, wrapped.
type sheet struct{ paragraphs []string }

func (s *sheet) add(format string, arguments ...any) {
	s.paragraphs = append(s.paragraphs, wrapped(fmt.Sprintf(format, arguments...), ""))
}

// list adds lines, whose further lines are indented.
func (s *sheet) list(lines []string, indent string) {
	if len(lines) == 0 {
		return
	}
	s.paragraphs = append(s.paragraphs, wrapped(strings.Join(lines, "\n"), indent))
}

// link adds a link on a line of its own, so that no program breaks it.
func (s *sheet) link(label, address string) {
	s.paragraphs = append(s.paragraphs, wrapped(label, "")+":\n"+address)
}

func (s *sheet) String() string { return strings.Join(s.paragraphs, "\n\n") + "\n" }
