package settings

import (
	"fmt"
	"net"
	"net/netip"
	"strings"
)

// The ways to check whether a mail is from whom it claims to be.
const (
	SenderOff   = "off"   // no check
	SenderCheck = "check" // look up SPF, DKIM and DMARC
	SenderRelay = "relay" // trust the server in front
)

// Senders configures how the senders of incoming mails are checked.
type Senders struct {
	// Way is one of the words above.
	Way string
	// ServerID is the name under which the server in front reports its results, and Networks are
	// the networks that it connects from.
	ServerID string
	Networks []netip.Prefix
}

// readSenders reads the setting. Without it, senders are checked unless this is a trial: mail can come
// from this machine alone, is not sent to anybody, and people come without https.
func readSenders(text string, trial bool) (Senders, error) {
	way, rest, _ := strings.Cut(text, ":")
	switch {
	case text == "" && trial, text == SenderOff:
		return Senders{Way: SenderOff}, nil
	case text == "", text == SenderCheck:
		return Senders{Way: SenderCheck}, nil
	case way != SenderRelay:
		return Senders{}, fmt.Errorf(
			"TENANTRY_SENDER_CHECK is %q: set off, check, or relay: with the name of the server in front, as in "+
				"relay:mx.example.com",
			text,
		)
	}
	id, networks, listed := strings.Cut(rest, ",")
	s := Senders{Way: SenderRelay, ServerID: strings.TrimSpace(id)}
	if s.ServerID == "" || strings.ContainsAny(s.ServerID, " \t;=\"()") {
		return Senders{}, fmt.Errorf(
			"TENANTRY_SENDER_CHECK is %q: set the name at the beginning of the server's Authentication-Results "+
				"headers, as in relay:mx.example.com",
			text,
		)
	}
	if !listed {
		networks = "127.0.0.0/8,::1"
	}
	var err error
	if s.Networks, err = readNetworks("TENANTRY_SENDER_CHECK", networks); err != nil {
		return Senders{}, err
	}
	if len(s.Networks) == 0 {
		return Senders{}, fmt.Errorf(
			"TENANTRY_SENDER_CHECK is %q: set at least one address after the comma, or leave the comma out", text)
	}
	return s, nil
}

// onThisMachine reports whether an address can only be reached from this machine.
func onThisMachine(address string) bool {
	host, _, err := net.SplitHostPort(address)
	ip := net.ParseIP(host)
	return err == nil && (host == "localhost" || ip != nil && ip.IsLoopback())
}
