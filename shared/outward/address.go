package outward

import (
	"net/netip"
	"net/url"
	"strings"
)

// maxAddress is the maximum length of an address in bytes.
const maxAddress = 2000

// Check reports, as an *Error, an address that Get refuses without asking anybody: one that is not a
// plain http or https address.
func Check(address string) error {
	_, err := parse(address)
	return err
}

func parse(address string) (*url.URL, error) {
	if len(address) > maxAddress {
		return nil, &Error{Reason: "is too long"}
	}
	parsed, err := url.Parse(address)
	if err != nil {
		return nil, &Error{"is not an address", err}
	}
	return parsed, checkURL(parsed)
}

// checkURL refuses addresses that programs read differently. What a name leads to is judged when it is
// connected to.
func checkURL(address *url.URL) error {
	host := address.Hostname()
	switch {
	case address.Scheme != "http" && address.Scheme != "https", address.Opaque != "", host == "":
		return &Error{Reason: "must begin with https:// or http:// and the name of a server"}
	case address.User != nil:
		return &Error{Reason: "must not have a user name or password"}
	case strings.ContainsFunc(host, func(r rune) bool { return r <= ' ' || r > '~' || r == '%' || r == '\\' }):
		return &Error{Reason: "must have the server's name in ASCII, without a zone"}
	case endsInNumber(host) && !isIP(host):
		return &Error{Reason: "must have a number for a server only as four decimal numbers"}
	}
	return nil
}

// endsInNumber reports whether a name is one of the many forms of a network address: 2130706433, 127.1,
// 0x7f.0.0.1 (the URL Standard, 4.6). Resolvers take them, each in its own way.
func endsInNumber(host string) bool {
	host = strings.TrimSuffix(host, ".")
	last := strings.ToLower(host[strings.LastIndexByte(host, '.')+1:])
	if rest, hexadecimal := strings.CutPrefix(last, "0x"); hexadecimal {
		return !strings.ContainsFunc(rest, func(r rune) bool { return !strings.ContainsRune("0123456789abcdef", r) })
	}
	return last != "" && !strings.ContainsFunc(last, func(r rune) bool { return r < '0' || r > '9' })
}

func isIP(host string) bool {
	_, err := netip.ParseAddr(host)
	return err == nil
}
