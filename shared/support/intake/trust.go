package intake

import (
	"slices"
	"strings"

	"golang.org/x/net/idna"

	"github.com/tenantry/tenantry/shared/mail/received"
)

// Trust says how far a mail's sender is proven.
type trust uint8

const (
	// unchecked is where nobody checks senders: everybody is believed.
	unchecked trust = iota
	// unproven is a sender of whom nothing is known; contradicted one whose mail fails the check
	// that its domain asks for.
	unproven
	contradicted
	// proven is a sender whose domain stands for the mail.
	proven
)

// trust sums up what was found out about the sender. The domain that was checked must be that of
// the sender as we read it: two programs may read a malformed header differently.
func (m Mail) trust() trust {
	v := m.Verdicts
	switch {
	case v.SPF == "" && v.DKIM == "" && v.DMARC == "":
		return unchecked
	case overruled(m.Mail, Unauthenticated) || overruled(m.Mail, Forged):
		return unchecked
	case (m.Authenticated || v.DMARC == passed) && m.Domain != "" && m.Domain == asciiDomain(m.From):
		return proven
	case v.DMARC == failed:
		return contradicted
	}
	return unproven
}

// believe refuses a mail that may not be from whom it says. Who works for the provider must be
// proven to be the sender; of others the address for their answers is enough, which is known to
// them alone, unless their domain disowns the mail.
func (m Mail) believe(agent, token bool) error {
	trust := m.trust()
	switch {
	case trust == unchecked || trust == proven:
		return nil
	case token && !agent && trust == unproven:
		return nil
	}
	v := m.Verdicts
	return refuse(
		Unauthenticated,
		"nothing proves that the mail is from %s (SPF %s, DKIM %s, DMARC %s, for the domain %s)",
		m.From,
		orUnknown(v.SPF),
		orUnknown(v.DKIM),
		orUnknown(v.DMARC),
		orUnknown(m.Domain),
	)
}

// overruled reports whether an operator let the mail in although there was this reason to keep it
// out.
func overruled(m received.Mail, reason Reason) bool {
	return slices.Contains(m.Overruled, string(reason))
}

// domainPart is what stands behind the last @ of an address; "" where there is none.
func domainPart(address string) string { return address[strings.LastIndexByte(address, '@')+1:] }

// asciiDomain is the domain of an address as the domain name system writes it; "" for none.
func asciiDomain(address string) string {
	if !strings.Contains(address, "@") {
		return ""
	}
	domain := strings.ToLower(strings.TrimSuffix(domainPart(address), "."))
	if strings.ContainsFunc(domain, func(r rune) bool { return r >= 0x80 }) {
		ascii, err := idna.Lookup.ToASCII(domain)
		if err != nil {
			return ""
		}
		return ascii
	}
	return domain
}
