package intake

import (
	"slices"
	"strings"

	"golang.org/x/net/idna"

	"github.com/tenantry/tenantry/shared/mail/received"
)

// trust is how far a mail's sender is authenticated.
type trust uint8

const (
	// unchecked means that this installation does not check senders and believes everybody.
	unchecked trust = iota
	// unproven is a sender without proof; contradicted is one whose mail fails the check that the
	// domain asks for.
	unproven
	contradicted
	// proven is a sender who is authenticated by the domain.
	proven
)

// trust summarizes the checks of the sender. The domain checked must be that of the sender as we
// parse it: two programs may parse a malformed header differently.
func (m Mail) trust() trust {
	v := m.Verdicts
	switch {
	case notChecked(v):
		return unchecked
	case overruled(m.Mail, Unauthenticated) || overruled(m.Mail, Forged):
		return unchecked
	case authenticated(m.Mail, m.From):
		return proven
	case v.DMARC == failed:
		return contradicted
	}
	return unproven
}

// notChecked reports whether senders are not checked here.
func notChecked(v received.Verdicts) bool { return v.SPF == "" && v.DKIM == "" && v.DMARC == "" }

// authenticated reports whether the domain of a sender vouches for a mail.
func authenticated(m received.Mail, from string) bool {
	return (m.Authenticated || m.Verdicts.DMARC == passed) && m.Domain != "" && m.Domain == asciiDomain(from)
}

// provesSender reports whether a quarantined mail proves enough that its address can become a
// person's: its domain vouches for it or, where senders are not checked, it was sent to a reply
// address of that person, which only they know. That somebody overruled a check proves nothing.
func (q Quarantined) provesSender(personID string) bool {
	if notChecked(q.Mail.Verdicts) {
		return personID != "" && q.Target != nil && q.Target.PersonID == personID
	}
	return authenticated(q.Mail, q.From)
}

// believe refuses a mail that may not be from its stated sender. Agents must be authenticated; for
// others a reply address, which only they know, is enough, unless their domain disowns the mail.
func (m Mail) believe(agent, token bool) error {
	trust := m.trust()
	switch {
	case trust == unchecked || trust == proven:
		return nil
	case token && !agent && trust == unproven:
		return nil
	}
	v := m.Verdicts
	return refuse(Unauthenticated,
		"nothing proves that the mail is from %s (SPF %s, DKIM %s, DMARC %s, for the domain %s)", m.From,
		orUnknown(v.SPF), orUnknown(v.DKIM), orUnknown(v.DMARC), orUnknown(m.Domain))
}

// overruled reports whether an operator released the mail despite this reason.
func overruled(m received.Mail, reason Reason) bool {
	return slices.Contains(m.Overruled, string(reason))
}

// domainPart returns the part after the last @ of an address; "" if there is none.
func domainPart(address string) string { return address[strings.LastIndexByte(address, '@')+1:] }

// asciiDomain returns the domain of an address in its ASCII form; "" for none.
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
