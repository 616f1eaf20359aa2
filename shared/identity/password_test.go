package identity_test

import (
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/tenantry/tenantry/shared/apptest"
	"github.com/tenantry/tenantry/shared/fault"
	"github.com/tenantry/tenantry/shared/identity"
)

func TestPasswordsThatAreShortCommonOrGuessableAreRefused(t *testing.T) {
	w := newWorld(t)
	anna := w.Invited(w.Org.Place(), identity.Read, "anna.smith@rialto.example.net", "Anna", "Smith")
	current := apptest.Password
	for password, want := range map[string]fault.Code{
		"":                                       fault.Invalid,
		"x7$kQ9!mZ2p":                            fault.Invalid, // 11 characters
		"čšžčšžčšžčš":                            fault.Invalid, // 11 characters in 22 bytes
		"passwordpassword":                       fault.Invalid,
		"qwertyuiop123456":                       fault.Invalid,
		"Password1234!":                          fault.Invalid,
		"111111111111":                           fault.Invalid,
		"abcdefghijklmnop":                       fault.Invalid,
		"letmeinletmein":                         fault.Invalid,
		"AnnaSmith2026":                          fault.Invalid,
		"anna.smith@rialto.example.net":          fault.Invalid,
		"anna.smith1234":                         fault.Invalid,
		"tenantrytenantry":                       fault.Invalid,
		"two unrelated\xff words":                fault.Invalid,
		strings.Repeat("a", 64):                  fault.Invalid,
		strings.Repeat("quiet lighthouses ", 57): fault.Invalid, // 1,026 characters
		"x7$kQ9!mZ2pW":                           "",
		"correct horse battery staple and some more unrelated words to make it 64+": "",
		strings.Repeat("quiet lighthouse ", 60) + "1234":                            "", // 1,024 characters
	} {
		_, session, err := w.Accounts.ChangeSelf(
			t.Context(),
			anna,
			identity.SelfChange{Password: &password, CurrentPassword: &current},
		)
		if got := fault.CodeOf(err); got != want {
			t.Errorf("%.40q (%d characters): got %v, want %q", password, utf8.RuneCountInString(password), err, want)
		}
		if err == nil {
			if current = password; session == nil {
				t.Errorf("%.40q: no session", password)
			}
		}
	}
}

func TestAPasswordIsStoredAsAnArgon2idHashOnly(t *testing.T) {
	w := newWorld(t)
	_, _, err := w.Accounts.ChangeSelf(
		t.Context(),
		w.Operator(),
		identity.SelfChange{Password: pointer(newPassword), CurrentPassword: pointer(apptest.Password)},
	)
	w.must(err)
	if w.OnDisk(apptest.Password) || w.OnDisk(newPassword) {
		t.Error("a password is stored in the clear")
	}
	if !w.OnDisk("$argon2id$v=19$m=19456,t=2,p=1$") {
		t.Error("there is no argon2id hash of the required strength")
	}
}
