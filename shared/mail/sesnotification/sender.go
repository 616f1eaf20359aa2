package sesnotification

import (
	"strings"

	"github.com/tenantry/tenantry/shared/mail/authentication"
)

// The verdicts of the service that count here.
const (
	passed  = "PASS"
	unknown = "GRAY"
)

// authenticated reports whether the domain in the From header is proven: the mail passes DMARC, or
// the domain publishes no DMARC record (GRAY) but SPF or DKIM pass for the same organizational
// domain. The service does not say for which domain they pass, so only unambiguous cases count: SPF
// for the domain of the envelope sender, DKIM if all signatures of the mail are of that
// organizational domain. Without a DMARC verdict nothing is proven: the service could not look the
// record up.
func (n notification) authenticated(r Notification) bool {
	switch {
	case r.Domain == "":
		return false
	case r.Verdicts.DMARC == passed:
		return true
	case r.Verdicts.DMARC != unknown:
		return false
	case r.Verdicts.SPF == passed && authentication.Aligned(r.From[strings.LastIndexByte(r.From, '@')+1:], r.Domain):
		return true
	}
	return r.Verdicts.DKIM == passed && !n.Mail.Truncated &&
		signedBy(values(n.Mail.Headers, "DKIM-Signature"), r.Domain)
}

// signedBy reports whether there are signatures, and all are of a domain's organizational domain.
func signedBy(signatures []string, domain string) bool {
	for _, signature := range signatures {
		if !authentication.Aligned(signer(signature), domain) {
			return false
		}
	}
	return len(signatures) > 0
}

// signer returns the domain of a signature: its tag d (RFC 6376, 3.5); "" if it names two.
func signer(signature string) string {
	domain := ""
	for tag := range strings.SplitSeq(signature, ";") {
		name, value, _ := strings.Cut(tag, "=")
		if strings.TrimSpace(name) != "d" {
			continue
		}
		if domain != "" {
			return ""
		}
		domain = strings.ToLower(strings.Join(strings.Fields(value), ""))
	}
	return domain
}

// values returns the values of the headers of a name.
func values(headers []header, name string) []string {
	var all []string
	for _, one := range headers {
		if strings.EqualFold(one.Name, name) {
			all = append(all, one.Value)
		}
	}
	return all
}
