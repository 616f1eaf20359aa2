package network_test

import (
	"net/netip"
	"slices"
	"testing"

	"github.com/tenantry/tenantry/shared/limit/network"
)

func TestAnAddressBelongsToTheNetworksOfItsOwner(t *testing.T) {
	for address, want := range map[string][]string{
		"192.0.2.7":              {"192.0.2.7"},
		"::ffff:192.0.2.7":       {"192.0.2.7"},
		"2001:db8:1:2345:6::7":   {"2001:db8:1:2345::/64", "2001:db8:1:2300::/56", "2001:db8:1::/48"},
		"2001:db8:1:2345::1%en0": {"2001:db8:1:2345::/64", "2001:db8:1:2300::/56", "2001:db8:1::/48"},
		"":                       {""},
		"socket":                 {"socket"},
	} {
		if got := network.Of(address); !slices.Equal(got, want) {
			t.Errorf("%q: %v, want %v", address, got, want)
		}
	}
	for address, want := range map[string]string{
		"192.0.2.7": "192.0.2.0/24", "::ffff:192.0.2.7": "192.0.2.0/24", "2001:db8:1:2::3": "2001:db8:1::/48",
	} {
		if got := network.Site(netip.MustParseAddr(address)); got.String() != want {
			t.Errorf("%q: %v, want %v", address, got, want)
		}
	}
}
