package incoming

import (
	"bytes"
	"net/textproto"
	"strings"

	"github.com/jhillyerd/enmime/v2"
)

// Delivery is what a report says about a mail that was sent before. Whoever knows an
// address can write such a report: act on it only where Returned carries a token that was
// made here.
type Delivery struct {
	// Reporter is the server that reports, as it names itself.
	Reporter string
	// Recipients are at most 50.
	Recipients []Recipient
	// Feedback is the Feedback-Type of a complaint: "abuse", "not-spam" and the like.
	Feedback string
}

// Recipient is what became of a mail for one who should have got it.
type Recipient struct {
	// Final is the address that was tried in the end, Original the one that the mail was
	// sent to; in lower case. Either may be empty.
	Final, Original string
	// Action is failed, delayed, delivered, relayed or expanded (RFC 3464, 2.3.3); for a
	// read receipt what was done with the mail, such as displayed.
	Action string
	// Status is a code of RFC 3463 such as 5.1.1. Where the report tells none it is made
	// from the reply of the server or from its words, as far as they are known.
	Status string
	// Diagnostic is what the server said, in one line of at most 500 characters.
	Diagnostic string
}

// Permanent reports whether the address will not work the next time either, as far as
// the report tells.
func (r Recipient) Permanent() bool {
	return r.Action == "failed" && strings.HasPrefix(r.Status, "5.") && r.Status != "5.4.7"
}

// Failed reports whether at least one recipient did not get the mail and will not.
func (d *Delivery) Failed() bool {
	for _, r := range d.Recipients {
		if r.Action == "failed" {
			return true
		}
	}
	return false
}

// Permanent reports whether at least one recipient's address does not work for good.
func (d *Delivery) Permanent() bool {
	for _, r := range d.Recipients {
		if r.Permanent() {
			return true
		}
	}
	return false
}

const (
	maxRecipients = 50
	maxDiagnostic = 500 // characters
	maxReport     = 256 << 10
)

// readDelivery fills Delivery and Returned from the parts of a report. Its kinds are told
// apart later, so that a report in a wrong envelope is read too.
func (m *Message) readDelivery(root *enmime.Part) {
	var d Delivery
	for _, part := range leaves(root) {
		switch kind := kindOf(part); kind {
		case "message/delivery-status", "message/global-delivery-status":
			d.statuses(part.Content)
		case "message/disposition-notification", "message/global-disposition-notification":
			m.disposition(&d, part.Content)
		case "message/feedback-report":
			d.complaint(part.Content)
		}
	}
	for _, address := range bare(root.Header["X-Failed-Recipients"]) {
		d.failed(address)
	}
	if len(d.Recipients) > 0 || d.Feedback != "" || d.Reporter != "" {
		m.Delivery = &d
		m.findReturned(root)
	}
}

// complete reports whether the report told of every recipient what became of the mail.
func (m *Message) complete() bool {
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

// leaves gives the parts that have no parts, in their order.
func leaves(part *enmime.Part) []*enmime.Part {
	if part.FirstChild == nil {
		return []*enmime.Part{part}
	}
	var all []*enmime.Part
	for child := part.FirstChild; child != nil; child = child.NextSibling {
		all = append(all, leaves(child)...)
	}
	return all
}

// groups reads blocks of fields with an empty line between them.
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
		header, err := enmime.ReadHeader(newReader(append(bytes.Clone(block), "\n\n"...)), noErrors{})
		if err == nil && len(header) > 0 {
			all = append(all, header)
		}
		if len(all) > 2*maxRecipients {
			break
		}
	}
	return all
}

// statuses reads a message/delivery-status (RFC 3464). What is about the whole mail and
// what is about a recipient is told apart by the fields, for some programs leave the
// empty line between them out.
func (d *Delivery) statuses(content []byte) {
	for _, fields := range groups(content) {
		if name := typed(fields.Get("Reporting-Mta")); name != "" && d.Reporter == "" {
			d.Reporter = oneLine(name, 200)
		}
		r := Recipient{
			Final: typedAddress(fields.Get("Final-Recipient")), Original: typedAddress(fields.Get("Original-Recipient")),
			Action: firstWord(fields.Get("Action")), Status: statusIn(fields.Get("Status")),
			Diagnostic: oneLine(headerText(typed(fields.Get("Diagnostic-Code"))), maxDiagnostic),
		}
		if r.Final == "" {
			r.Final = typedAddress(fields.Get("X-Actual-Recipient"))
		}
		if r.Final == "" && r.Original == "" && r.Action == "" || len(d.Recipients) == maxRecipients {
			continue
		}
		if r.Diagnostic == "" {
			r.Diagnostic = oneLine(fields.Get("Status"), maxDiagnostic)
		}
		// A general code says less than the words behind it.
		if told := statusOf(r.Diagnostic); told != "" && (r.Status == "" || strings.HasSuffix(r.Status, ".0.0") && told[0] == r.Status[0]) {
			r.Status = told
		}
		if r.Action == "" {
			r.Action = actionOf(r.Status)
		}
		d.Recipients = append(d.Recipients, r)
	}
}

// disposition reads a message/disposition-notification (RFC 8098).
func (m *Message) disposition(d *Delivery, content []byte) {
	for _, fields := range groups(content) {
		_, done, _ := strings.Cut(fields.Get("Disposition"), ";")
		r := Recipient{
			Final: typedAddress(fields.Get("Final-Recipient")), Original: typedAddress(fields.Get("Original-Recipient")), Action: firstWord(strings.TrimSpace(done)),
		}
		if d.Reporter == "" {
			d.Reporter = oneLine(typed(fields.Get("Reporting-Ua")), 200)
		}
		if len(d.Recipients) < maxRecipients && (r.Final != "" || r.Action != "") {
			d.Recipients = append(d.Recipients, r)
		}
		if id := firstID(fields.Get("Original-Message-Id")); id != "" {
			m.returned().MessageID = id
		}
	}
}

// complaint reads a message/feedback-report (RFC 5965).
func (d *Delivery) complaint(content []byte) {
	for _, fields := range groups(content) {
		if kind := firstWord(fields.Get("Feedback-Type")); kind != "" && d.Feedback == "" {
			d.Feedback = kind
		}
		if d.Reporter == "" {
			d.Reporter = oneLine(fields.Get("User-Agent"), 200)
		}
		for _, address := range bare(fields["Original-Rcpt-To"]) {
			if len(d.Recipients) < maxRecipients {
				d.Recipients = append(d.Recipients, Recipient{Original: address})
			}
		}
	}
}

// failed adds a recipient of whom no more is known, unless there is one of this address.
func (d *Delivery) failed(address string) {
	for _, r := range d.Recipients {
		if r.Final == address || r.Original == address {
			return
		}
	}
	if len(d.Recipients) < maxRecipients {
		d.Recipients = append(d.Recipients, Recipient{Final: address, Action: "failed"})
	}
}

// typed gives what stands behind the type in a field such as "rfc822; ana@example.com".
func typed(value string) string {
	before, after, ok := strings.Cut(value, ";")
	if !ok || strings.ContainsAny(strings.TrimSpace(before), " @<") {
		return strings.TrimSpace(value)
	}
	return strings.TrimSpace(after)
}

// typedAddress gives the address in such a field; empty if it has none.
func typedAddress(value string) string {
	if found := addresses([]string{typed(value)}); len(found) > 0 {
		return found[0].Address
	}
	return ""
}

func firstWord(value string) string {
	value = strings.ToLower(oneLine(value, 100))
	if end := strings.IndexAny(value, " ;(/,"); end >= 0 {
		value = value[:end]
	}
	return value
}
