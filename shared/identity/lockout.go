package identity

import (
	"cmp"
	"net/netip"
	"slices"
	"time"
)

const (
	failuresToLock = 5
	lockTime       = 15 * time.Minute
	// maxNetworks is the number of networks of a person that are remembered.
	maxNetworks = 5
	// networkKept is for how long the remembered time of a log-in may be out of date, so that not every
	// log-in writes it.
	networkKept = 24 * time.Hour
	// lockTold is how often a person is told of locks.
	lockTold = 24 * time.Hour
)

// attempts are wrong passwords and the lock that follows from them.
type attempts struct {
	// Failures counts wrong passwords since the last right one; LockedUntil is in epoch seconds.
	Failures    int   `json:"failures,omitempty"`
	LockedUntil int64 `json:"locked_until,omitempty"`
}

// network is a network from which a person has logged in. Attempts from there are counted apart from
// those of all other networks, so that a stranger who guesses does not lock the person out.
type network struct {
	Prefix string `json:"prefix"`
	// Used is when the person last logged in from it, in epoch seconds, to a day.
	Used int64 `json:"used"`
	attempts
}

// networkOf returns the network of an address: the /24 of version 4, and the /56 of version 6, which
// is what providers assign to a household or an office. "" for no address.
func networkOf(source string) string {
	address, err := netip.ParseAddr(source)
	if err != nil {
		return ""
	}
	bits := 56
	if address = address.Unmap().WithZone(""); address.Is4() {
		bits = 24
	}
	prefix, err := address.Prefix(bits)
	if err != nil {
		return ""
	}
	return prefix.String()
}

// attemptsFrom returns what counts the attempts from an address: those of its network if the person
// has logged in from there, otherwise those of all strange networks together.
func (p *profile) attemptsFrom(source string) *attempts {
	prefix := networkOf(source)
	at := slices.IndexFunc(p.Networks, func(n network) bool { return n.Prefix == prefix })
	if at < 0 || prefix == "" {
		return &p.attempts
	}
	return &p.Networks[at].attempts
}

// locked reports whether attempts from an address are refused at a time in epoch seconds.
func (p *profile) locked(source string, now int64) bool {
	return p.attemptsFrom(source).LockedUntil > now
}

// failed counts a wrong password from an address, and reports whether it locked.
func (p *profile) failed(source string, now int64) bool {
	counted := p.attemptsFrom(source)
	counted.Failures++
	if counted.Failures < failuresToLock {
		return false
	}
	counted.Failures, counted.LockedUntil = 0, now+int64(lockTime/time.Second)
	return true
}

// entered notes a log-in from an address, and reports whether that changed the person. A log-in ends
// what was counted for its network; from a strange network it ends what was counted for those.
func (p *profile) entered(source string, now int64) bool {
	changed := false
	if counted := p.attemptsFrom(source); *counted != (attempts{}) {
		*counted, changed = attempts{}, true
	}
	prefix := networkOf(source)
	at := slices.IndexFunc(p.Networks, func(n network) bool { return n.Prefix == prefix })
	switch {
	case prefix == "":
		return changed
	case at < 0:
		p.Networks = append(p.Networks, network{Prefix: prefix, Used: now})
	case now-p.Networks[at].Used >= int64(networkKept/time.Second):
		p.Networks[at].Used = now
	default:
		return changed
	}
	slices.SortStableFunc(p.Networks, func(x, y network) int { return cmp.Compare(y.Used, x.Used) })
	p.Networks = p.Networks[:min(len(p.Networks), maxNetworks)]
	return true
}
