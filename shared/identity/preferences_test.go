package identity_test

import (
	"slices"
	"testing"

	"github.com/tenantry/tenantry/shared/apptest"
	"github.com/tenantry/tenantry/shared/change"
	"github.com/tenantry/tenantry/shared/fault"
	"github.com/tenantry/tenantry/shared/identity"
	"github.com/tenantry/tenantry/shared/identity/preference"
)

func TestAPrincipalCarriesThePersonsPreferences(t *testing.T) {
	w := newWorld(t)
	carlo := w.Person(w.Org.Place(), identity.Read)
	session, by := w.LogIn(carlo)
	_, secret, err := w.Accounts.CreateToken(t.Context(), by, identity.NewToken{Name: "mine"})
	w.must(err)
	_, _, err = w.Accounts.ChangeSelf(t.Context(), by, identity.SelfChange{Preferences: preference.Change{
		TimeZone: pointer("Europe/Berlin"), Columns: map[string][]string{"cases": {"number"}},
	}})
	w.must(err)
	logged := w.AuditLog("USER#" + carlo.UserID)
	if !slices.ContainsFunc(logged, func(entry change.Entry) bool { return entry.Message == "Changed what they prefer" }) {
		t.Errorf("audit entries %+v", logged)
	}
	known, err := w.known(session.Cookie)
	w.must(err)
	byToken, err := w.Accounts.ByToken(t.Context(), secret, apptest.Source)
	w.must(err)
	for name, principal := range map[string]identity.Principal{"session": known, "token": byToken} {
		got := principal.Preferences
		if got.Zone().String() != "Europe/Berlin" || len(got.ColumnsOf("cases")) != 1 {
			t.Errorf("%s: %+v", name, got)
		}
	}
}

func TestAWrongPreferenceChangesNothing(t *testing.T) {
	w := newWorld(t)
	carlo := w.Person(w.Org.Place(), identity.Read)
	_, _, err := w.Accounts.ChangeSelf(t.Context(), carlo, identity.SelfChange{
		FirstName: pointer("Carla"), Preferences: preference.Change{Theme: pointer("pink")},
	})
	w.Wants(fault.Invalid, err)
	person, err := w.Accounts.Self(t.Context(), carlo)
	if err != nil || person.FirstName != carlo.FirstName {
		t.Errorf("%+v, %v", person, err)
	}
}
