// Package authentication finds out whether a mail is from whom it claims to be, where no cloud
// service does: by checking SPF (RFC 7208), DKIM (RFC 6376) and DMARC (RFC 7489) itself, or by
// believing the server in front that did (RFC 8601). What follows from the verdicts is
// shared/support's business; on AWS they come with the mail (shared/mail/sesnotification). Chains
// of forwarders (ARC, RFC 8617) are not believed.
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

// Envelope is what the sending server said beside the message.
type Envelope struct {
	// From is where bounces go; empty for mail that must not be answered.
	From string
	// Hello is the name the server gave itself.
	Hello string
	// Source is the address that it connected from.
	Source netip.Addr
}

// Result is what was found out about a mail.
type Result struct {
	// Verdicts has all of SPF, DKIM and DMARC; DMARCPolicy only where DMARC failed.
	Verdicts received.Verdicts
	// Domain is the one in the From header, in lower case and as the domain name system writes it
	// ("xn--…"). It is empty if there is no sender or several: nothing is proven then.
	Domain string
	// Authenticated is set where Domain is proven: the mail passes DMARC, or the domain asks for no
	// DMARC but SPF or DKIM pass for the same organization's domain. Whoever relies on it compares
	// Domain with the sender that was read from the mail, as two programs may read a malformed
	// header differently.
	Authenticated bool
	// Notes say in short why, for the log.
	Notes []string
}

// Authenticator finds out about a mail. content is the raw mail; it need not be read to its end. It
// returns an error only when content cannot be read.
type Authenticator interface {
	Authenticate(ctx context.Context, envelope Envelope, content io.Reader) (Result, error)
}

// identity is a domain that a mechanism looked at.
type identity struct {
	mechanism string // "spf" or "dkim"
	domain    string
	verdict   string
	// skipped is set where it could not be looked at, and might have passed.
	skipped bool
}

// combined is the one verdict on several identities: one that passes is enough.
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
