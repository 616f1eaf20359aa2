package bounce

import (
	"slices"
	"strings"

	"github.com/tenantry/tenantry/shared/mail/incoming/plaintext"
	"github.com/tenantry/tenantry/shared/mail/incoming/reply"
)

var (
	enhancedStatus = plaintext.Pattern(`(?:^|[^0-9.])([245]\.\d{1,3}\.\d{1,3})(?:[^0-9.]|\.?$|\.\D)`)
	smtpReply      = plaintext.Pattern(`(?:^|[^0-9.:/-])([45])[0-5]\d(?:[ :;,)>-]|$)`)
)

// statusIn returns the first code of RFC 3463 in a text; empty if there is none.
func statusIn(text string) string {
	for _, match := range enhancedStatus().FindAllStringSubmatch(plaintext.FirstBytes(text, 4<<10), 20) {
		return match[1]
	}
	return ""
}

// statusOf returns a code of RFC 3463, derived from an SMTP reply code or from words if necessary.
func statusOf(text string) string {
	code := statusIn(text)
	if code != "" && !strings.HasSuffix(code, ".0.0") {
		return code
	}
	text = plaintext.FirstBytes(text, 4<<10)
	class := strings.TrimSuffix(code, ".0.0")
	if match := smtpReply().FindStringSubmatch(text); match != nil && class == "" {
		class = match[1]
	}
	lower := strings.ToLower(text)
	for _, c := range conditions {
		if !reply.ContainsAny(lower, c.words) {
			continue
		}
		if class == "" {
			class = "5"
			if c.detail == ".4.1" || c.detail == ".2.2" {
				class = "4"
			}
		}
		return class + c.detail
	}
	if class == "" {
		return ""
	}
	return class + ".0.0"
}

// actionOf derives the action from the class of a code.
func actionOf(status string) string {
	switch {
	case strings.HasPrefix(status, "2"):
		return "delivered"
	case status == "":
		return ""
	}
	return "failed"
}

// delayWords are phrases that say that a server will try again.
var delayWords = []string{
	"warning message only", "will continue to try", "will keep trying", "has been delayed",
	"not yet been delivered", "not been delivered yet", "still trying", "will be retried",
	"no action is required", "do not need to resend", "you do not need to send it again",
	"could not be delivered yet", "temporary problem delivering", "transient non-fatal errors",
}

// delayed reports whether a report in words says that the server will try again.
func delayed(text string) bool {
	lower := strings.ToLower(plaintext.FirstBytes(text, 4<<10))
	return slices.ContainsFunc(delayWords, func(words string) bool { return strings.Contains(lower, words) })
}
