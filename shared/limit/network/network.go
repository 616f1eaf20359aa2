// Package network says which networks an address belongs to for limits: somebody who has many
// addresses of one network must not have the limits many times.
package network

import "net/netip"

// Of returns the networks of an address, the smallest first. An IPv4 address stands for itself. An
// IPv6 address belongs to its /64, which is one link; its /56, which is what a household gets; and
// its /48, which is what a company gets (RFC 6177). It returns the text itself if it is no address.
func Of(address string) []string {
	parsed, err := netip.ParseAddr(address)
	if err != nil {
		return []string{address}
	}
	parsed = parsed.Unmap().WithZone("")
	if parsed.Is4() {
		return []string{parsed.String()}
	}
	var networks []string
	for _, bits := range []int{64, 56, 48} {
		networks = append(networks, netip.PrefixFrom(parsed, bits).Masked().String())
	}
	return networks
}

// Site returns the largest network of an address that usually has one owner: the /24 of an IPv4
// address, the /48 of an IPv6 address.
func Site(address netip.Addr) netip.Prefix {
	address = address.Unmap().WithZone("")
	bits := 48
	if address.Is4() {
		bits = 24
	}
	return netip.PrefixFrom(address, bits).Masked()
}
