package identity_test

import (
	"testing"

	"github.com/tenantry/tenantry/shared/fault"
	"github.com/tenantry/tenantry/shared/identity"
)

// TestAPrivilegeThatIsWrittenBackIsNotConfirmed holds that an own administrator who writes a role back
// as it was read, or with other views, does not make it the organization's own: that person could
// consent for it. Nor does a provider that writes back an own role take it over.
func TestAPrivilegeThatIsWrittenBackIsNotConfirmed(t *testing.T) {
	w := newWorld(t)
	place := w.Org.Place()
	own := w.Person(place, identity.Admin)
	made := w.Another(place, identity.Admin) // by the operator
	givenBy := func(by, of identity.Principal) identity.Privilege {
		t.Helper()
		read, err := w.Accounts.Administrator(t.Context(), by, place, of.UserID)
		w.must(err)
		return read.Privileges[0]
	}
	read := givenBy(own, made)
	if read.GivenBy != identity.ToOperator {
		t.Fatalf("%+v", read)
	}
	seen := read
	seen.Views = "marketing"
	_, err := w.Accounts.WriteAdministrator(t.Context(), own, place, made.UserID, []identity.Privilege{seen})
	w.must(err)
	if got := givenBy(own, made); got != seen {
		t.Errorf("other views make %+v", got)
	}
	stale := seen
	stale.GivenBy = identity.ToMSP
	_, err = w.Accounts.WriteAdministrator(t.Context(), own, place, made.UserID, []identity.Privilege{stale})
	w.Wants(fault.Invalid, err)
	if got := givenBy(own, made); got != seen {
		t.Errorf("a giver that is not the present one makes %+v", got)
	}

	before, entries := givenBy(own, own), len(w.AuditLog("ORG#"+w.Org.ID))
	_, err = w.Accounts.WriteAdministrator(t.Context(), w.Operator(), place, own.UserID, []identity.Privilege{before})
	w.must(err)
	if after := len(w.AuditLog("ORG#" + w.Org.ID)); after != entries {
		t.Errorf("a provider that writes back an own role makes %d audit entries", after-entries)
	}
	before.Views = "marketing"
	_, err = w.Accounts.WriteAdministrator(t.Context(), w.Operator(), place, own.UserID, []identity.Privilege{before})
	w.must(err)
	if got := givenBy(own, own); got != before {
		t.Errorf("a provider that changes the views makes %+v", got)
	}

	again := givenBy(own, made)
	again.GivenBy = ""
	_, err = w.Accounts.WriteAdministrator(t.Context(), own, place, made.UserID, []identity.Privilege{again})
	w.must(err)
	if got := givenBy(own, made); got.GivenBy != "" {
		t.Errorf("the role given again is %+v", got)
	}
}

// TestATokensNewNameHasNoLink holds that a token cannot be renamed to what it cannot be named.
func TestATokensNewNameHasNoLink(t *testing.T) {
	w := newWorld(t)
	_, by := w.LogIn(w.Person(w.Org.Place(), identity.Read))
	token, _, err := w.Accounts.CreateToken(t.Context(), by, identity.NewToken{Name: "Backup"})
	w.must(err)
	for _, name := range []string{"https://evil.example", "see www.evil.example", "two\nlines", ""} {
		_, err := w.Accounts.ChangeToken(t.Context(), by, token.ID, identity.TokenChange{Name: &name})
		w.Wants(fault.Invalid, err)
	}
}
