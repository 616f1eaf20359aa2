package outgoing

import (
	"context"
	"strings"

	"github.com/tenantry/tenantry/shared/mail/wording"
)

// SupportMail is what a provider writes to an organization, in the provider's own words.
type SupportMail struct {
	Language wording.Language
	Subject  string
	// Content is plain text; empty lines separate paragraphs. Formatted is the same as HTML, which must be
	// safe; "" for none.
	Content, Formatted string
	Footer             Footer
	// Logo is that of the provider; nil for none.
	Logo *Logo
}

func (m SupportMail) preheader() string { return oneLine(m.Content, maxPreheader) }

// paragraphs returns the text, divided at empty lines.
func (m SupportMail) paragraphs() []string {
	var all []string
	for paragraph := range strings.SplitSeq(plain(m.Content), "\n\n") {
		if paragraph = strings.Trim(paragraph, "\n"); paragraph != "" {
			all = append(all, paragraph)
		}
	}
	return all
}

// Text returns the mail as plain text.
func (m SupportMail) Text() string {
	var out sheet
	for _, paragraph := range m.paragraphs() {
		out.add("%s", paragraph)
	}
	out.add("-- ")
	out.addFooter(m.Footer)
	return out.String()
}

// HTML returns the mail as an HTML document.
func (m SupportMail) HTML(ctx context.Context) (string, error) {
	return render(ctx, supportPage(m), m.Footer.links()...)
}
