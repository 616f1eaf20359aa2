package bounce

import (
	"net/textproto"
	"slices"
	"strings"

	"github.com/tenantry/tenantry/shared/mail/incoming/mimepart"
	"github.com/tenantry/tenantry/shared/mail/incoming/parsed"
	"github.com/tenantry/tenantry/shared/mail/incoming/plaintext"
	"github.com/tenantry/tenantry/shared/mail/incoming/reply"
)

var (
	// aggregateSubject matches the subject of a report about DMARC (RFC 7489, 7.2.1.1) or TLS (RFC
	// 8460, 5.3).
	aggregateSubject = plaintext.Pattern(`(?i)^\s*(\[[^\]]*\]\s*)?report[- ]domain:\s*\S+.*\b(submitter|report-id):`)
	// aggregateFile matches the name of its file (RFC 7489, 7.2.1.1; RFC 8460, 5.1).
	aggregateFile = plaintext.Pattern(
		`(?i)^[a-z0-9._-]+![a-z0-9._-]+!\d{9,11}!\d{9,11}(![^!]*)?\.(xml|json)(\.gz|\.zip)?$|^[a-z0-9._-]+![a-z0-9._-]+!\d{9,11}!\d{9,11}(![^!]*)?\.(zip|gz)$`,
	)
)

// report recognizes reports about delivery (RFC 3464), reading (RFC 8098), complaints (RFC 5965)
// and domains (RFC 7489, RFC 8460), and answers of calendars. A delivery report that is not the
// mail itself may be one that a person forwards.
func report(header textproto.MIMEHeader, m *parsed.Message, kinds []string) (parsed.Automatic, string) {
	has := func(some ...string) bool {
		return slices.ContainsFunc(some, func(kind string) bool { return slices.Contains(kinds, kind) })
	}
	kind, parameters, _, _ := mimepart.MediaType(header.Get("Content-Type"))
	about := ""
	if kind == "multipart/report" {
		about = strings.ToLower(parameters["report-type"])
	}
	switch {
	case about == "tlsrpt",
		has("application/tlsrpt+gzip", "application/tlsrpt+json"),
		header.Get("Tls-Report-Domain") != "":
		return parsed.Report, "the mail is a report about TLS"
	case aggregateSubject().MatchString(m.Subject):
		return parsed.Report, "Subject: " + m.Subject
	case slices.ContainsFunc(m.Attachments, func(a parsed.Attachment) bool { return aggregateFile().MatchString(a.Name) }):
		return parsed.Report, "a file is named like a report about a domain"
	case about == "feedback-report", has("message/feedback-report"):
		if m.Delivery != nil && strings.EqualFold(m.Delivery.Feedback, "auth-failure") {
			return parsed.Report, "the mail reports failed authentication"
		}
		return parsed.Complaint, "the mail is a complaint report"
	case about == "disposition-notification",
		has("message/disposition-notification", "message/global-disposition-notification"):
		return parsed.ReadReceipt, "the mail is a read receipt"
	case about == "delivery-status",
		has("message/delivery-status", "message/global-delivery-status") && !reply.Forwarded(m.Subject):
		return parsed.Bounce, "the mail is a delivery report"
	case header.Get("X-Failed-Recipients") != "":
		return parsed.Bounce, "X-Failed-Recipients: " + header.Get("X-Failed-Recipients")
	case slices.ContainsFunc(m.Calendar, func(c parsed.Calendar) bool { return c.Method == "REPLY" || c.Method == "COUNTER" }):
		return parsed.CalendarAnswer, "a calendar part has the method REPLY"
	case daemon().MatchString(m.From.Address):
		return parsed.Bounce, "From: " + m.From.Address
	case daemonName().MatchString(plaintext.FirstBytes(header.Get("From"), 1000)):
		return parsed.Bounce, "From: " + plaintext.FirstBytes(header.Get("From"), 100)
	case writtenBounce(m, header, has("message/rfc822", "text/rfc822-headers")):
		return parsed.Bounce, "the text is that of a delivery report"
	}
	return parsed.NotAutomatic, ""
}

// writtenBounce recognizes bounces without a standard form or a daemon as their sender. Words prove
// nothing by themselves, because people write to a support desk about such reports: the subject, an
// empty return path, or a no-reply sender who returns a mail must confirm them. For a postmaster,
// one of these suffices.
func writtenBounce(m *parsed.Message, header textproto.MIMEHeader, returns bool) bool {
	words := func() bool {
		return reply.ContainsAny(strings.ToLower(plaintext.FirstBytes(m.Text, 4<<10)), bounceWords)
	}
	if postmaster().MatchString(m.From.Address) {
		return bounceSubject(m.Subject) || emptyPath(header) || returns || words()
	}
	agrees := bounceSubject(m.Subject) || emptyPath(header) || returns && noReply().MatchString(m.From.Address)
	return agrees && words()
}
