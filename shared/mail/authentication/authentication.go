// Package authentication checks whether a mail is from its stated sender, if no cloud service does:
// by checking SPF (RFC 7208), DKIM (RFC 6376) and DMARC (RFC 7489) itself, or by trusting the
// server in front that did (RFC 8601). What follows from the verdicts is decided by shared/support;
// on AWS they come with the mail (shared/mail/sesnotification). Chains of forwarders (ARC, RFC
// 8617) are not trusted.
package authentication

import (
	"context"
	"io"
	"net/netip"

	"github.com/tenantry/tenantry/shared/mail/received"
)

// The verdicts, in the words of Amazon SES, which shared/support uses.
const (
	pass       = "PASS"
	fail       = "FAIL"
	unknown    = "GRAY"              // nothing to go by, or nothing that binds
	unfinished = "PROCESSING_FAILED" // the domain name system gave no answer in time
)

// Envelope is what the sending server said besides the message.
type Envelope struct {
	// From is the address for bounces; empty for mail that must not be answered.
	From string
	// Hello is the name the server gave itself.
	Hello string
	// Source is the address from which it connected.
	Source netip.Addr
}

// Result is the result of checking a mail.
type Result struct {
	// Verdicts has SPF, DKIM and DMARC; DMARCPolicy only if DMARC failed.
	Verdicts received.Verdicts
	// Domain is the domain in the From header, in lower case and in its ASCII form ("xn--…"). It is
	// empty if there is no sender or more than one: nothing is proven then.
	Domain string
	// Authenticated is set if Domain is proven: the mail passes DMARC, or the domain publishes no
	// DMARC record but SPF or DKIM pass for the same organizational domain. Callers must compare
	// Domain with the sender that was parsed from the mail, because two programs may parse a
	// malformed header differently.
	Authenticated bool
	// Notes are short explanations for the log.
	Notes []string
}

// Authenticator checks a mail. content is the raw mail; it need not be read to its end. It returns
// an error only if content cannot be read.
type Authenticator interface {
	Authenticate(ctx context.Context, envelope Envelope, content io.Reader) (Result, error)
}

// identity is a domain that a mechanism checked.
type identity struct {
	mechanism string // "spf" or "dkim"
	domain    string
	verdict   string
	// skipped is set if it could not be checked, and might have passed.
	skipped bool
}

// combined returns the verdict on several identities: one that passes suffices.
func combined(identities []identity) string {
	verdicts := map[string]bool{}
	for _, each := range identities {
		verdicts[each.verdict] = true
	}
	for _, verdict := range []string{pass, unfinished, fail} {
		if verdicts[verdict] {
			return verdict
		}
	}
	return unknown
}
