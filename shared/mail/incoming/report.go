package incoming

import (
	"net/textproto"
	"slices"
	"strings"
)

var (
	// aggregateSubject is the subject of a DMARC report (RFC 7489, 7.2.1.1) and of one about TLS (RFC 8460, 5.3).
	aggregateSubject = pattern(`(?i)^\s*(\[[^\]]*\]\s*)?report[- ]domain:\s*\S+.*\b(submitter|report-id):`)
	// aggregateFile is the name of its file (RFC 7489, 7.2.1.1; RFC 8460, 5.1).
	aggregateFile = pattern(`(?i)^[a-z0-9._-]+![a-z0-9._-]+!\d{9,11}!\d{9,11}(![^!]*)?\.(xml|json)(\.gz|\.zip)?$|^[a-z0-9._-]+![a-z0-9._-]+!\d{9,11}!\d{9,11}(![^!]*)?\.(zip|gz)$`)
)

// report finds what programs that carry mail report: about delivery (RFC 3464), reading
// (RFC 8098), complaints (RFC 5965), domains (RFC 7489, RFC 8460); and the answers of
// calendars. Outside of its envelope a delivery report may be one that a person passes on.
func report(header textproto.MIMEHeader, m *Message, kinds []string) (Automatic, string) {
	has := func(some ...string) bool {
		return slices.ContainsFunc(some, func(kind string) bool { return slices.Contains(kinds, kind) })
	}
	kind, parameters, _, _ := mediaType(header.Get("Content-Type"))
	about := ""
	if kind == "multipart/report" {
		about = strings.ToLower(parameters["report-type"])
	}
	switch {
	case about == "tlsrpt", has("application/tlsrpt+gzip", "application/tlsrpt+json"), header.Get("Tls-Report-Domain") != "":
		return Report, "the mail is a report about TLS"
	case aggregateSubject().MatchString(m.Subject):
		return Report, "Subject: " + m.Subject
	case slices.ContainsFunc(m.Attachments, func(a Attachment) bool { return aggregateFile().MatchString(a.Name) }):
		return Report, "a file is named like a report about a domain"
	case about == "feedback-report", has("message/feedback-report"):
		if m.Delivery != nil && strings.EqualFold(m.Delivery.Feedback, "auth-failure") {
			return Report, "the mail reports failed authentication"
		}
		return Complaint, "the mail is a complaint report"
	case about == "disposition-notification", has("message/disposition-notification", "message/global-disposition-notification"):
		return ReadReceipt, "the mail is a read receipt"
	case about == "delivery-status", has("message/delivery-status", "message/global-delivery-status") && !forwarded(m.Subject):
		return Bounce, "the mail is a delivery report"
	case header.Get("X-Failed-Recipients") != "":
		return Bounce, "X-Failed-Recipients: " + header.Get("X-Failed-Recipients")
	case slices.ContainsFunc(m.Calendar, func(c Calendar) bool { return c.Method == "REPLY" || c.Method == "COUNTER" }):
		return CalendarAnswer, "a calendar part has the method REPLY"
	case daemon().MatchString(m.From.Address):
		return Bounce, "From: " + m.From.Address
	case daemonName().MatchString(firstBytes(header.Get("From"), 1000)):
		return Bounce, "From: " + firstBytes(header.Get("From"), 100)
	case m.writtenBounce(header, has("message/rfc822", "text/rfc822-headers")):
		return Bounce, "the text is that of a delivery report"
	}
	return NotAutomatic, ""
}

// writtenBounce finds bounces of programs that know no form for them and do not send as
// a daemon. Words alone prove nothing, since people write to a support desk about such
// reports: the subject, an empty return path, or a sender who takes no mail and returns
// one must agree with the text.
func (m *Message) writtenBounce(header textproto.MIMEHeader, returns bool) bool {
	agrees := bounceSubject(m.Subject) || emptyPath(header) || returns && noReply().MatchString(m.From.Address)
	return agrees && containsAny(strings.ToLower(firstBytes(m.Text, 4<<10)), bounceWords)
}
