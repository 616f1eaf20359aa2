package settings

import (
	"fmt"
	"net"
	"net/netip"
	"strings"
)

// The ways to find out whether a mail is from whom it claims to be.
const (
	SenderOff   = "off"   // not at all
	SenderCheck = "check" // by looking up SPF, DKIM and DMARC
	SenderRelay = "relay" // by believing the server in front
)

// Senders say how the senders of incoming mails are checked.
type Senders struct {
	// Way is one of the words above.
	Way string
	// ServerID is the name under which the server in front writes what it found, and Networks are
	// where it connects from.
	ServerID string
	Networks []netip.Prefix
}

// readSenders reads the setting. Without one, senders are checked where other servers can deliver;
// an address of this machine alone is reached by programs on it, and by a server in front.
func readSenders(text, smtpAddress string) (Senders, error) {
	way, rest, _ := strings.Cut(text, ":")
	switch {
	case text == "" && onThisMachine(smtpAddress), text == SenderOff:
		return Senders{Way: SenderOff}, nil
	case text == "", text == SenderCheck:
		return Senders{Way: SenderCheck}, nil
	case way != SenderRelay:
		return Senders{}, fmt.Errorf(
			"TENANTRY_SENDER_CHECK is %q: give off, check, or relay: with the name of the server in front, as in relay:mx.example.com",
			text,
		)
	}
	id, networks, listed := strings.Cut(rest, ",")
	s := Senders{Way: SenderRelay, ServerID: strings.TrimSpace(id)}
	if s.ServerID == "" || strings.ContainsAny(s.ServerID, " \t;=\"()") {
		return Senders{}, fmt.Errorf(
			"TENANTRY_SENDER_CHECK is %q: give the name that stands first in the server's Authentication-Results headers, as in relay:mx.example.com",
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
			"TENANTRY_SENDER_CHECK is %q: give one address at least behind the comma, or leave the comma out",
			text,
		)
	}
	return s, nil
}

// onThisMachine reports whether an address is reached from this machine alone.
func onThisMachine(address string) bool {
	host, _, err := net.SplitHostPort(address)
	ip := net.ParseIP(host)
	return err == nil && (host == "localhost" || ip != nil && ip.IsLoopback())
}
