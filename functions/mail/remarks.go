package mail

import (
	"fmt"
	"strings"

	"github.com/tenantry/tenantry/shared/mail/incoming/parsed"
)

// remarks returns lines about what the text of a mail does not show: signatures and encryption,
// which are neither verified nor decrypted, calendar entries, and missing parts.
func remarks(m *parsed.Message) string {
	var lines []string
	add := func(format string, arguments ...any) {
		lines = append(lines, "["+fmt.Sprintf(format, arguments...)+"]")
	}
	if m.Encrypted != "" {
		add("The mail is encrypted with %s. The encrypted content is attached as a file.", m.Encrypted)
	}
	if m.Signed != "" {
		add("The mail is signed with %s. The signature was not checked.", m.Signed)
	}
	for _, one := range m.Calendar {
		add("%s", one.Line())
	}
	if m.Incomplete {
		add("The mail is incomplete: it is one part of a split mail, or its text is stored elsewhere.")
	}
	return strings.Join(lines, "\n")
}

// remarked returns a text with remarks below it.
func remarked(text, remarks string) string {
	if remarks == "" {
		return text
	}
	return strings.TrimLeft(strings.TrimRight(text, "\n")+"\n\n"+remarks, "\n")
}
