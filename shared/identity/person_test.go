package identity_test

import (
	"testing"

	"github.com/tenantry/tenantry/shared/apptest"
	"github.com/tenantry/tenantry/shared/identity"
)

func TestAnAddressHasOneNormalForm(t *testing.T) {
	for address, want := range map[string]string{
		" Anna@Example.COM ":             "anna@example.com",
		"u@bücher.example":               "u@xn--bcher-kva.example",
		"u@BÜCHER.example":               "u@xn--bcher-kva.example",
		"u@xn--bcher-kva.example":        "u@xn--bcher-kva.example",
		"u@xn--Bcher-KVA.example":        "u@xn--bcher-kva.example",
		"u@例え.テスト":                       "u@xn--r8jz45g.xn--zckzah",
		"u@ｅｘａｍｐｌｅ.com":                  "u@example.com",
		"no address":                     "no address",
		"u@under_score.example":          "u@under_score.example",
		"u@xn--invalid\u200d.example":    "u@xn--invalid\u200d.example",
		"\"a@b\"@bücher.example":         "\"a@b\"@xn--bcher-kva.example",
		"u@" + string(rune(0xfffd)) + "": "u@\ufffd",
	} {
		if got := identity.NormalEmail(address); got != want {
			t.Errorf("%q becomes %q, want %q", address, got, want)
		}
		if again := identity.NormalEmail(want); again != want {
			t.Errorf("%q becomes %q", want, again)
		}
	}
}

// Addresses stored by earlier releases are in lower-case ASCII, so their normal form is unchanged,
// and no two accounts collide.
func FuzzAStoredAddressKeepsItsForm(f *testing.F) {
	f.Add("anna@example.com")
	f.Add("u@xn--bcher-kva.example")
	f.Add("u@xn--0.example")
	f.Fuzz(func(t *testing.T, address string) {
		for i := range address {
			if address[i] < 0x21 || address[i] > 0x7e || address[i] >= 'A' && address[i] <= 'Z' {
				return
			}
		}
		if got := identity.NormalEmail(address); got != address {
			t.Errorf("%q becomes %q", address, got)
		}
	})
}

func TestAnInternationalAddressIsFoundInEitherForm(t *testing.T) {
	e := apptest.NewEstate(t)
	invite := e.Invite(e.Org.Place(), identity.Write, "u@bücher.example")
	_, err := e.Accounts.AcceptInvite(
		t.Context(), nil, e.Accounts.InviteToken(e.Org.Place(), invite),
		identity.Acceptance{Password: apptest.Password, FirstName: "Jörg", LastName: "Maier"}, apptest.Source,
	)
	if err != nil {
		t.Fatal(err)
	}
	for _, form := range []string{"u@bücher.example", "u@xn--bcher-kva.example"} {
		if _, err := e.Accounts.PersonByEmail(t.Context(), form); err != nil {
			t.Errorf("%s: %v", form, err)
		}
	}
}
