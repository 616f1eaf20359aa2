package bounce

import (
	"cmp"
	"regexp"
	"slices"
	"strings"

	"github.com/jhillyerd/enmime/v2"

	"github.com/tenantry/tenantry/shared/mail/incoming/headers"
	"github.com/tenantry/tenantry/shared/mail/incoming/parsed"
	"github.com/tenantry/tenantry/shared/mail/incoming/plaintext"
)

// maxReportLines is the maximum number of lines that are read from a report in words.
const maxReportLines = 400

var (
	// addressFirst matches a recipient at the beginning of a line: "<a@b>: 550 no such user", "
	// a@b", "a@b on Thu, 29 Apr".
	addressFirst = plaintext.Pattern(
		`^[\s*•·-]*(?i:to:|recipient(?: address)?:|rcpt to:|>>> rcpt to:|for |could not be delivered to:|failed recipient:|original recipient:|address:)?\s*[<"'(\[]{0,2}([^\s<>"'(),;:\[\]]+@[^\s<>"'(),;:\[\]]+\.[^\s<>"'(),;:\[\]]+)[>"')\]]{0,2}(.*)$`,
	)
	// addressWithin matches a recipient within a line.
	addressWithin = plaintext.Pattern(
		`(?i)(?:\brcpt to:?\s*|\bto=|\brecipient:?\s+|\bdelivered to:?\s+|\bdelivery to\s+|\bdelivering your mail to\s+|\bgateway for\s+|\bis full:\s*|\byour message to\s+|\bmailbox\s+|\buser\s+|\baddress(?:es)?:?\s+)[<"'(]{0,2}([^\s<>"'(),;:\[\]]+@[^\s<>"'(),;:\[\]]+\.[^\s<>"'(),;:\[\]]+)`,
	)
)

// ReadWrittenReport reads a bounce that consists of words: the recipients, the codes, and the
// headers of the mail below it.
func ReadWrittenReport(m *parsed.Message, root *enmime.Part) {
	lines := strings.Split(plaintext.FirstBytes(m.Text, maxReport), "\n")
	if begin := returnedBegin(lines); begin < len(lines) {
		lines = lines[:begin]
	}
	lines = lines[:min(len(lines), maxReportLines)]
	if m.Delivery == nil {
		m.Delivery = &parsed.Delivery{}
		findReturned(m, root)
	}
	d := m.Delivery
	d.Recipients = slices.DeleteFunc(d.Recipients,
		func(r parsed.Recipient) bool { return r.Final == "" && r.Original == "" && r.Diagnostic == "" })
	known := len(d.Recipients) > 0
	recipients(m, lines, addressFirst(), !known, false)
	for _, look := range []func(){
		func() { recipients(m, lines, addressWithin(), true, false) },
		func() { recipients(m, lines, addressFirst(), true, true) },
		func() { d.Recipients = returnedRecipients(m) },
	} {
		if len(d.Recipients) == 0 {
			look()
		}
	}
	late := delayed(m.Text)
	for i := range d.Recipients {
		conclude(&d.Recipients[i], m.Text, lines, late)
	}
}

// recipients finds recipients in the lines that match the pattern, and what the server says about
// each up to the next one. Unless add is set, it only completes the recipients that are known.
func recipients(m *parsed.Message, lines []string, pattern *regexp.Regexp, add, own bool) {
	d := m.Delivery
	about := map[string]*strings.Builder{}
	for _, r := range d.Recipients {
		if address := cmp.Or(r.Final, r.Original); address != "" && r.Diagnostic == "" {
			about[address] = &strings.Builder{}
		}
	}
	var last *strings.Builder
	for _, line := range lines {
		if match := pattern.FindStringSubmatch(plaintext.FirstBytes(line, 1000)); match != nil {
			address, ok := headers.Normal(parsed.Address{Address: match[1]})
			if ok && (own || !ownAddress(m, address.Address)) {
				if about[address.Address] == nil && add && len(d.Recipients) < MaxRecipients {
					about[address.Address] = &strings.Builder{}
					d.Recipients = append(d.Recipients, parsed.Recipient{Final: address.Address})
				}
				last = cmp.Or(about[address.Address], last)
			}
		}
		if last != nil && last.Len() < 2*MaxDiagnostic {
			last.WriteString(line)
			last.WriteByte(' ')
		}
	}
	for i := range d.Recipients {
		if words := about[cmp.Or(d.Recipients[i].Final, d.Recipients[i].Original)]; words != nil && words.Len() > 0 {
			d.Recipients[i].Diagnostic = plaintext.OneLine(words.String(), MaxDiagnostic)
		}
	}
}

// ownAddress reports whether an address is only that of the report's sender or recipient.
func ownAddress(m *parsed.Message, address string) bool {
	if address == m.From.Address || daemon().MatchString(address) || postmaster().MatchString(address) {
		return true
	}
	for _, to := range m.To {
		if address == to.Address {
			return true
		}
	}
	return false
}

// returnedRecipients returns the recipient of the returned mail, if it had only one.
func returnedRecipients(m *parsed.Message) []parsed.Recipient {
	if m.Returned == nil || len(m.Returned.To) != 1 {
		return nil
	}
	return []parsed.Recipient{{Final: m.Returned.To[0]}}
}

// conclude derives what the report does not state explicitly.
func conclude(r *parsed.Recipient, text string, lines []string, late bool) {
	if r.Status == "" {
		r.Status = statusOf(r.Diagnostic)
	}
	if r.Status == "" || strings.HasSuffix(r.Status, ".0.0") {
		if status := statusOf(strings.Join(lines, " ")); status != "" && (r.Status == "" || status[0] == r.Status[0]) {
			r.Status = status
		}
	}
	if r.Diagnostic == "" {
		r.Diagnostic = plaintext.OneLine(plaintext.FirstBytes(strings.Join(lines, " "), 2000), MaxDiagnostic)
	}
	if r.Action == "" {
		r.Action = "failed"
		if late {
			r.Action = "delayed"
		}
	}
	if r.Status == "" && r.Action == "failed" &&
		strings.Contains(strings.ToLower(plaintext.FirstBytes(text, maxReport)), "permanent") {
		r.Status = "5.0.0"
	}
}
