package authentication

import (
	"strings"

	"golang.org/x/net/idna"
	"golang.org/x/net/publicsuffix"
)

// maxDomain is the longest domain name (RFC 1035, 2.3.4).
const maxDomain = 253

// canonical returns a domain in its ASCII form; "" if it is invalid.
func canonical(domain string) string {
	domain = strings.TrimSuffix(domain, ".")
	if domain == "" || len(domain) > maxDomain {
		return ""
	}
	if isASCII(domain) {
		domain = strings.ToLower(domain)
	} else {
		var err error
		if domain, err = idna.Lookup.ToASCII(domain); err != nil || len(domain) > maxDomain {
			return ""
		}
	}
	for label := range strings.SplitSeq(domain, ".") {
		if label == "" || len(label) > 63 || strings.Trim(label, "abcdefghijklmnopqrstuvwxyz0123456789-_") != "" {
			return ""
		}
	}
	return domain
}

func isASCII(text string) bool {
	for i := range len(text) {
		if text[i] >= 0x80 {
			return false
		}
	}
	return true
}

// domainOf returns the domain of an address, which follows the last '@'.
func domainOf(address string) string {
	at := strings.LastIndexByte(address, '@')
	if at < 0 {
		return ""
	}
	return canonical(address[at+1:])
}

// organizational returns the domain that its owner registered (RFC 7489, 3.2); a public suffix is
// its own.
func organizational(domain string) string {
	registered, err := publicsuffix.EffectiveTLDPlusOne(domain)
	if err != nil {
		return domain
	}
	return registered
}

// aligned reports whether a checked domain authenticates the domain in the From header (RFC 7489,
// 3.1).
func aligned(checked, from string, strict bool) bool {
	if checked == "" || from == "" {
		return false
	}
	return checked == from || !strict && organizational(checked) == organizational(from)
}

// Aligned reports whether a checked domain authenticates the domain in the From header in relaxed
// mode (RFC 7489, 3.1.1 and 3.1.2: both have the same organizational domain).
func Aligned(checked, from string) bool { return aligned(canonical(checked), canonical(from), false) }
