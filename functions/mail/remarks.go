package mail

import (
	"fmt"
	"strings"

	"github.com/tenantry/tenantry/shared/mail/incoming/parsed"
)

// remarks says below a mail's text what the text does not show: that it is signed or encrypted,
// which nobody here checks or opens, what its calendar parts are about, and that it is only a piece
// of a mail.
func remarks(m *parsed.Message) string {
	var lines []string
	add := func(format string, arguments ...any) {
		lines = append(lines, "["+fmt.Sprintf(format, arguments...)+"]")
	}
	if m.Encrypted != "" {
		add("The mail is encrypted with %s. It is kept as a file.", m.Encrypted)
	}
	if m.Signed != "" {
		add("The mail is signed with %s. The signature was not checked.", m.Signed)
	}
	for _, one := range m.Calendar {
		add("%s", one.Line())
	}
	if m.Incomplete {
		add("The mail is a piece of one, or leaves its text elsewhere.")
	}
	return strings.Join(lines, "\n")
}

// remarked is a text with remarks below it.
func remarked(text, remarks string) string {
	if remarks == "" {
		return text
	}
	return strings.TrimLeft(strings.TrimRight(text, "\n")+"\n\n"+remarks, "\n")
}
