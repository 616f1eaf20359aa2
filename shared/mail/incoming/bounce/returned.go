package bounce

import (
	"net/textproto"
	"slices"
	"strings"

	"github.com/jhillyerd/enmime/v2"

	"github.com/tenantry/tenantry/shared/mail/incoming/headers"
	"github.com/tenantry/tenantry/shared/mail/incoming/mimepart"
	"github.com/tenantry/tenantry/shared/mail/incoming/parsed"
	"github.com/tenantry/tenantry/shared/mail/incoming/plaintext"
	"github.com/tenantry/tenantry/shared/mail/incoming/reply"
)

func returned(m *parsed.Message) *parsed.Returned {
	if m.Returned == nil {
		m.Returned = &parsed.Returned{}
	}
	return m.Returned
}

// findReturned finds the returned mail: as a part, or quoted in the text.
func findReturned(m *parsed.Message, root *enmime.Part) {
	for _, part := range mimepart.Leaves(root) {
		switch mimepart.KindOf(part) {
		case "message/rfc822",
			"message/global",
			"text/rfc822-headers",
			"message/rfc822-headers",
			"text/rfc822",
			"message/global-headers":
			raw, _ := mimepart.SplitHeader(
				mimepart.WithoutMailboxLine(part.Content[:min(len(part.Content), maxReport)]),
			)
			readReturned(m, string(raw))
			return
		}
	}
	lines := strings.Split(m.Text, "\n")
	if begin := returnedBegin(lines); begin < len(lines) {
		readReturned(m, strings.Join(headerLines(lines[begin:]), "\n"))
	}
}

// readReturned reads the headers of the returned mail.
func readReturned(m *parsed.Message, raw string) {
	header, err := enmime.ReadHeader(mimepart.NewReader([]byte(strings.TrimRight(raw, "\r\n")+"\n\n")),
		mimepart.NoErrors{})
	if err != nil || len(header) == 0 {
		return
	}
	r := returned(m)
	if id := headers.FirstID(header.Get("Message-Id")); id != "" {
		r.MessageID = id
	}
	r.References = headers.References(append(slices.Clone(header["References"]), header["In-Reply-To"]...))
	r.Subject = plaintext.OneLine(mimepart.HeaderText(header.Get("Subject"), ""), headers.MaxSubject)
	r.From, r.ReplyTo = headers.Bare(header["From"]), headers.Bare(header["Reply-To"])
	r.To = headers.Bare(append(slices.Clone(header["To"]), header["Cc"]...))
	r.ReturnPath = headers.Bare(append(slices.Clone(header["Return-Path"]), header["X-Return-Path"]...))
	r.LoopInstances = Instances(header)
}

// Instances returns the installations of this product that a mail went through.
func Instances(header textproto.MIMEHeader) []string {
	var all []string
	for _, instance := range header["X-Tenantry-Loop"] {
		if instance = plaintext.OneLine(instance, 200); instance != "" && len(all) < headers.MaxReferences {
			all = append(all, instance)
		}
	}
	return all
}

var (
	headerLine = plaintext.Pattern(`^([A-Za-z][A-Za-z0-9-]{1,60}):`)
	// returnedMark matches the line above a returned mail, as written by many programs.
	returnedMark = plaintext.Pattern(
		`(?i)^\W*(this is a copy of|below this line is a copy|original message|the original message|returned message|undelivered message|unsent message|message header|message text|original headers|header of the|your message|included is a copy|body of message|content of|the header of|a copy of|start of|failed message|headers? of your)\b.*(follow|cop(y|ies)|header|message|below|line|---)`,
	)
)

// usualHeaders are headers that nearly every mail has.
var usualHeaders = map[string]bool{
	"received": true, "return-path": true, "message-id": true, "from": true, "to": true, "subject": true, "date": true,
	"mime-version": true, "content-type": true, "reply-to": true, "dkim-signature": true, "delivered-to": true,
}

// returnedBegin returns the index of the line at which the headers of a returned mail begin;
// len(all) if there are none.
func returnedBegin(all []string) int {
	for i := range all {
		if len(headerLines(all[i:min(i+1, len(all))])) == 0 ||
			i > 0 && !reply.EmptyLine(all[i-1]) && !returnedMark().MatchString(plaintext.FirstBytes(all[i-1], 200)) &&
				!reply.Rule(all[i-1]) {
			continue
		}
		seen := map[string]bool{}
		for _, line := range headerLines(all[i:]) {
			if match := headerLine().FindStringSubmatch(line); match != nil && usualHeaders[strings.ToLower(match[1])] {
				seen[strings.ToLower(match[1])] = true
			}
		}
		if len(seen) >= 3 && (seen["message-id"] || seen["received"] || seen["from"]) {
			return i
		}
	}
	return len(all)
}

// maxReturnedHeader is the maximum number of lines of headers that are read from a text.
const maxReturnedHeader = 200

// headerLines returns the headers at the beginning without the indentation or quote marks that all
// of them have. It is empty if the first line is not a header.
func headerLines(all []string) []string {
	if len(all) == 0 {
		return nil
	}
	indent := len(all[0]) - len(strings.TrimLeft(all[0], " \t>|"))
	mark := all[0][:indent]
	var kept []string
	for _, line := range all[:min(len(all), maxReturnedHeader)] {
		line = strings.TrimPrefix(line, mark)
		continued := len(kept) > 0 && line != "" && (line[0] == ' ' || line[0] == '\t') && !reply.EmptyLine(line)
		if !continued && !headerLine().MatchString(line) {
			break
		}
		kept = append(kept, line)
	}
	return kept
}
