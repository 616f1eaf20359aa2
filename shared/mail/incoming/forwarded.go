package incoming

import (
	"strings"

	"github.com/tenantry/tenantry/shared/mail/incoming/headers"
	"github.com/tenantry/tenantry/shared/mail/incoming/mimepart"
	"github.com/tenantry/tenantry/shared/mail/incoming/parsed"
	"github.com/tenantry/tenantry/shared/mail/incoming/reply"
)

// forwardedSender returns the sender of the mail that this one forwards, according to the headers
// in its text or of the attached mail. Anybody can make it up.
func forwardedSender(m *parsed.Message) parsed.Address {
	if m.Automatic != parsed.NotAutomatic && !m.List {
		return parsed.Address{}
	}
	line, passedOn := reply.PassedOnFrom(m.Text, reply.Forwarded(m.Subject))
	if passedOn {
		if from := headers.Addresses([]string{bracketed(line)}, ""); len(from) == 1 {
			return from[0]
		}
		return parsed.Address{}
	}
	for _, file := range m.Attachments {
		if file.ContentType != "message/rfc822" {
			continue
		}
		if from := headers.Addresses(mimepart.InnerHeader(file.Content)["From"], ""); len(from) == 1 {
			return from[0]
		}
	}
	return parsed.Address{}
}

// bracketed converts addresses such as "Ana [mailto:ana@x]" to the usual form.
func bracketed(line string) string {
	return strings.NewReplacer("[mailto:", "<", "<mailto:", "<", "]", ">").Replace(line)
}
