package incoming

import (
	"net/textproto"

	"github.com/tenantry/tenantry/shared/mail/incoming/bounce"
	"github.com/tenantry/tenantry/shared/mail/incoming/headers"
	"github.com/tenantry/tenantry/shared/mail/incoming/mimepart"
	"github.com/tenantry/tenantry/shared/mail/incoming/parsed"
	"github.com/tenantry/tenantry/shared/mail/incoming/plaintext"
)

// readHeaders reads everything but the bodies; charset is that of raw bytes.
func readHeaders(m *parsed.Message, header textproto.MIMEHeader, charset string) {
	from := headers.Addresses(header["From"], charset)
	m.AllFrom = distinct(from)
	if len(from) > 0 {
		m.From = from[0]
	} else {
		m.Problem("There is no sender that can be read.")
	}
	m.To, m.Cc = headers.Addresses(header["To"], charset), headers.Addresses(header["Cc"], charset)
	m.ReplyTo = headers.Addresses(header["Reply-To"], charset)
	m.DeliveredTo, m.OriginalTo = headers.Bare(header["Delivered-To"]), headers.Bare(header["X-Original-To"])
	m.EnvelopeTo, m.ForwardedTo = headers.Bare(header["Envelope-To"]), headers.Bare(header["X-Forwarded-To"])
	m.Subject = plaintext.OneLine(mimepart.HeaderText(header.Get("Subject"), charset), headers.MaxSubject)
	m.MessageID = headers.FirstID(header.Get("Message-Id"))
	m.InReplyTo = headers.FirstID(header.Get("In-Reply-To"))
	m.References = headers.References(header["References"])
	m.Date = headers.Date(header.Get("Date"))
	if m.Date.IsZero() {
		m.Problem("The date is missing or cannot be true.")
	}
	m.LoopInstances = bounce.Instances(header)
}

// distinct counts the addresses; programs name the same one twice.
func distinct(addresses []parsed.Address) int {
	known := map[string]bool{}
	for _, address := range addresses {
		known[address.Address] = true
	}
	return len(known)
}
