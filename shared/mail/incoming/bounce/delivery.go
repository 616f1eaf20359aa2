package bounce

import (
	"bytes"
	"net/textproto"
	"strings"

	"github.com/jhillyerd/enmime/v2"

	"github.com/tenantry/tenantry/shared/mail/incoming/headers"
	"github.com/tenantry/tenantry/shared/mail/incoming/mimepart"
	"github.com/tenantry/tenantry/shared/mail/incoming/parsed"
	"github.com/tenantry/tenantry/shared/mail/incoming/plaintext"
)

const (
	// MaxRecipients is the maximum number of recipients of a report that are kept.
	MaxRecipients = 50
	// MaxDiagnostic is the maximum length of a server's message that is kept, in characters.
	MaxDiagnostic = 500 // characters
	maxReport     = 256 << 10
)

// ReadDelivery fills Delivery and Returned from the parts of a report, even if the mail is not
// declared as one.
func ReadDelivery(m *parsed.Message, root *enmime.Part) {
	var d parsed.Delivery
	for _, part := range mimepart.Leaves(root) {
		switch kind := mimepart.KindOf(part); kind {
		case "message/delivery-status", "message/global-delivery-status":
			statuses(&d, part.Content)
		case "message/disposition-notification", "message/global-disposition-notification":
			disposition(m, &d, part.Content)
		case "message/feedback-report":
			complaint(&d, part.Content)
		}
	}
	for _, address := range headers.Bare(root.Header["X-Failed-Recipients"]) {
		failed(&d, address)
	}
	if len(d.Recipients) > 0 || d.Feedback != "" || d.Reporter != "" {
		m.Delivery = &d
		findReturned(m, root)
	}
}

// Complete reports whether the report states the outcome for every recipient.
func Complete(m *parsed.Message) bool {
	if m.Delivery == nil || len(m.Delivery.Recipients) == 0 {
		return false
	}
	for _, r := range m.Delivery.Recipients {
		if r.Action == "" || r.Status == "" || r.Final == "" && r.Original == "" {
			return false
		}
	}
	return true
}

// groups reads blocks of fields that are separated by empty lines.
func groups(content []byte) []textproto.MIMEHeader {
	if len(content) > maxReport {
		content = content[:maxReport]
	}
	content = bytes.ReplaceAll(content, []byte("\r\n"), []byte("\n"))
	var all []textproto.MIMEHeader
	for block := range bytes.SplitSeq(content, []byte("\n\n")) {
		if block = bytes.Trim(block, "\n"); len(block) == 0 {
			continue
		}
		header, err := enmime.ReadHeader(mimepart.NewReader(append(bytes.Clone(block), "\n\n"...)), mimepart.NoErrors{})
		if err == nil && len(header) > 0 {
			all = append(all, header)
		}
		if len(all) > 2*MaxRecipients {
			break
		}
	}
	return all
}

// statuses reads a message/delivery-status (RFC 3464). Fields about the whole mail and about a
// recipient are distinguished by name, because some programs omit the empty line between them.
func statuses(d *parsed.Delivery, content []byte) {
	for _, fields := range groups(content) {
		if name := typed(fields.Get("Reporting-Mta")); name != "" && d.Reporter == "" {
			d.Reporter = plaintext.OneLine(name, 200)
		}
		r := parsed.Recipient{
			Final:      typedAddress(fields.Get("Final-Recipient")),
			Original:   typedAddress(fields.Get("Original-Recipient")),
			Action:     firstWord(fields.Get("Action")),
			Status:     statusIn(fields.Get("Status")),
			Diagnostic: plaintext.OneLine(mimepart.HeaderText(typed(fields.Get("Diagnostic-Code")), ""), MaxDiagnostic),
		}
		if r.Final == "" {
			r.Final = typedAddress(fields.Get("X-Actual-Recipient"))
		}
		if r.Final == "" && r.Original == "" && r.Action == "" || len(d.Recipients) == MaxRecipients {
			continue
		}
		if r.Diagnostic == "" {
			r.Diagnostic = plaintext.OneLine(fields.Get("Status"), MaxDiagnostic)
		}
		// A general code says less than the words after it.
		if status := statusOf(r.Diagnostic); status != "" &&
			(r.Status == "" || strings.HasSuffix(r.Status, ".0.0") && status[0] == r.Status[0]) {
			r.Status = status
		}
		if r.Action == "" {
			r.Action = actionOf(r.Status)
		}
		d.Recipients = append(d.Recipients, r)
	}
}

// disposition reads a message/disposition-notification (RFC 8098).
func disposition(m *parsed.Message, d *parsed.Delivery, content []byte) {
	for _, fields := range groups(content) {
		_, done, _ := strings.Cut(fields.Get("Disposition"), ";")
		r := parsed.Recipient{
			Final:    typedAddress(fields.Get("Final-Recipient")),
			Original: typedAddress(fields.Get("Original-Recipient")),
			Action:   firstWord(strings.TrimSpace(done)),
		}
		if d.Reporter == "" {
			d.Reporter = plaintext.OneLine(typed(fields.Get("Reporting-Ua")), 200)
		}
		if len(d.Recipients) < MaxRecipients && (r.Final != "" || r.Action != "") {
			d.Recipients = append(d.Recipients, r)
		}
		if id := headers.FirstID(fields.Get("Original-Message-Id")); id != "" {
			returned(m).MessageID = id
		}
	}
}

// complaint reads a message/feedback-report (RFC 5965).
func complaint(d *parsed.Delivery, content []byte) {
	for _, fields := range groups(content) {
		if kind := firstWord(fields.Get("Feedback-Type")); kind != "" && d.Feedback == "" {
			d.Feedback = kind
		}
		if d.Reporter == "" {
			d.Reporter = plaintext.OneLine(fields.Get("User-Agent"), 200)
		}
		for _, address := range headers.Bare(fields["Original-Rcpt-To"]) {
			if len(d.Recipients) < MaxRecipients {
				d.Recipients = append(d.Recipients, parsed.Recipient{Original: address})
			}
		}
	}
}

// failed adds a recipient about whom nothing else is known, unless the address is already there.
func failed(d *parsed.Delivery, address string) {
	for _, r := range d.Recipients {
		if r.Final == address || r.Original == address {
			return
		}
	}
	if len(d.Recipients) < MaxRecipients {
		d.Recipients = append(d.Recipients, parsed.Recipient{Final: address, Action: "failed"})
	}
}

// typed returns the value of a field with a type, such as "rfc822; ana@example.com".
func typed(value string) string {
	before, after, ok := strings.Cut(value, ";")
	if !ok || strings.ContainsAny(strings.TrimSpace(before), " @<") {
		return strings.TrimSpace(value)
	}
	return strings.TrimSpace(after)
}

// typedAddress returns the address in such a field; empty if it has none.
func typedAddress(value string) string {
	if addresses := headers.Addresses([]string{typed(value)}, ""); len(addresses) > 0 {
		return addresses[0].Address
	}
	return ""
}

func firstWord(value string) string {
	value = strings.ToLower(plaintext.OneLine(value, 100))
	if end := strings.IndexAny(value, " ;(/,"); end >= 0 {
		value = value[:end]
	}
	return value
}
