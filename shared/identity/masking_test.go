package identity_test

import (
	"net/netip"
	"strings"
	"testing"
	"unicode/utf8"

	"pgregory.net/rapid"

	"github.com/tenantry/tenantry/shared/identity"
)

func TestMaskedFormsKeepTheFirstLetterTheDomainAndTheNetwork(t *testing.T) {
	for _, test := range []struct {
		mask       func(string) string
		text, want string
	}{
		{identity.MaskName, "Ana Novak", "A… N…"},
		{identity.MaskName, "王小明", "王…"},
		{identity.MaskName, "J R", "… …"},
		{identity.MaskName, "ana@example.com", "a…@example.com"},
		{identity.MaskEmail, "ana@example.com", "a…@example.com"},
		{identity.MaskEmail, "a@example.com", "a…@example.com"},
		{identity.MaskEmail, "@example.com", "…@example.com"},
		{identity.MaskSource, "203.0.113.77", "203.0.113.0/24"},
		{identity.MaskSource, "::ffff:203.0.113.77", "203.0.113.0/24"},
		{identity.MaskSource, "2001:db8:7:8::9%eth0", "2001:db8:7::/48"},
		{identity.MaskSource, "somewhere", ""},
		{func(text string) string { return identity.MaskText(text, "Ana Novak") },
			"Ana Novak <ana@example.com>, bo@example.org.", "A… N… <a…@example.com>, b…@example.org."},
		{func(text string) string { return identity.MaskText(text) },
			"A mail to ana@ana.example could not be delivered: 5.1.1 user ANA unknown, no ana.",
			"A mail to a…@ana.example could not be delivered: 5.1.1 user A… unknown, no a…."},
	} {
		if got := test.mask(test.text); got != test.want {
			t.Errorf("%q is masked as %q, want %q", test.text, got, test.want)
		}
	}
}

// TestMaskingHoldsForAnyText draws texts of any Unicode, also invalid.
func TestMaskingHoldsForAnyText(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		text := rapid.OneOf(rapid.String(), rapid.StringMatching(`[a-zž. '-]{0,12}@[a-z.]{0,9}`),
			rapid.Map(rapid.SliceOf(rapid.Byte()), func(raw []byte) string { return string(raw) })).Draw(rt, "text")
		masks := map[string]func(string) string{
			"name": identity.MaskName, "email": identity.MaskEmail, "source": identity.MaskSource,
			"text": func(text string) string { return identity.MaskText(text) },
		}
		for name, mask := range masks {
			once := mask(text)
			if !utf8.ValidString(once) || mask(once) != once || mask("") != "" {
				rt.Errorf("%s: %q becomes %q and then %q", name, text, once, mask(once))
			}
		}
		whole := strings.TrimSpace(text)
		if strings.Trim(whole, "@") == "" || strings.HasPrefix(whole, "@") || !utf8.ValidString(whole) ||
			identity.Masked(whole) {
			return
		}
		for _, masked := range []string{identity.MaskName(text), identity.MaskEmail(text)} {
			if strings.Contains(masked, whole) {
				rt.Errorf("%q is masked as %q", text, masked)
			}
		}
	})
}

func TestAMaskedSourceIsTheNetworkOfTheAddress(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		raw := rapid.OneOf(rapid.SliceOfN(rapid.Byte(), 4, 4), rapid.SliceOfN(rapid.Byte(), 16, 16)).Draw(rt, "address")
		address, _ := netip.AddrFromSlice(raw)
		masked := identity.MaskSource(address.String())
		network, err := netip.ParsePrefix(masked)
		if err != nil || !network.Contains(address.Unmap()) || network.Bits() > 48 ||
			address.Unmap().Is4() && network.Bits() != 24 || identity.MaskSource(masked) != masked {
			rt.Errorf("%s is masked as %q", address, masked)
		}
	})
}

func TestANameIsMaskedWhereItIsAWordOfItsOwn(t *testing.T) {
	for text, want := range map[string]string{
		"An answered An's case":    "A… answered A…'s case",
		"Answered by An":           "Answered by A…",
		"Anna An, and (An)":        "Anna A…, and (A…)",
		"Nothing about the person": "Nothing about the person",
		"An":                       "A…",
	} {
		if got := identity.MaskText(text, "An"); got != want {
			t.Errorf("%q becomes %q, want %q", text, got, want)
		}
	}
}
