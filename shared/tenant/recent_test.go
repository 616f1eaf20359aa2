package tenant_test

import (
	"fmt"
	"slices"
	"testing"

	"github.com/tenantry/tenantry/shared/apptest"
	"github.com/tenantry/tenantry/shared/change"
	"github.com/tenantry/tenantry/shared/identity"
	"github.com/tenantry/tenantry/shared/tenant"
)

// recentNames returns the names of the places that a principal opened last.
func recentNames(t *testing.T, e *apptest.Estate, by identity.Principal) []string {
	t.Helper()
	recent, err := e.Accounts.RecentPlaces(t.Context(), by)
	must(t, err)
	places, err := e.Tenants.Recent(t.Context(), by, recent)
	must(t, err)
	names := []string{}
	for _, place := range places {
		names = append(names, place.Name)
	}
	return names
}

func TestRecentPlacesAreTheSevenOpenedLast(t *testing.T) {
	e := apptest.NewEstate(t)
	agent := e.Person(e.MSP.Place(), identity.Admin)
	if got := recentNames(t, e, agent); len(got) != 0 {
		t.Errorf("before any visit %v", got)
	}
	var want []string
	for i := range 8 {
		org := e.NewOrg(e.MSP.ID, fmt.Sprint("Hotel ", i))
		e.Accounts.Visited(t.Context(), agent, org.Place())
		want = append(want, org.Name)
	}
	e.Accounts.Visited(t.Context(), agent, e.MSP.Place())
	e.Accounts.Visited(t.Context(), agent, identity.ThePlatform())
	want = append(want[2:], e.MSP.Name)
	slices.Reverse(want)
	if got := recentNames(t, e, agent); !slices.Equal(got, want) {
		t.Errorf("%v, want %v", got, want)
	}
	e.Accounts.Visited(t.Context(), agent, e.Org.Place())
	e.Accounts.Visited(t.Context(), agent, e.MSP.Place())
	if got := recentNames(t, e, agent); len(got) != 7 || got[0] != e.MSP.Name || got[1] != e.Org.Name || got[2] != want[1] {
		t.Errorf("back again: %v", got)
	}
}

func TestRecentPlacesHavePresentNamesAndOnlyWhatIsStillSeen(t *testing.T) {
	e := apptest.NewEstate(t)
	agent := e.Person(e.MSP.Place(), identity.Admin)
	agent = e.Grant(agent, e.Direct.Place(), identity.Read)
	e.Accounts.Visited(t.Context(), agent, e.Org.Place())
	e.Accounts.Visited(t.Context(), agent, e.Direct.Place())
	_, err := e.Tenants.ChangeOrg(t.Context(), agent, e.Org.ID, tenant.OrgChange{Name: pointer("Rialto Resorts")})
	must(t, err)
	e.Revoke(agent, e.Direct.Place())
	if got := recentNames(t, e, e.Fresh(agent)); !slices.Equal(got, []string{"Rialto Resorts"}) {
		t.Errorf("%v", got)
	}
}

func TestOnlyAnotherPlaceIsWrittenAndNoneOfAToken(t *testing.T) {
	e := apptest.NewEstate(t)
	agent := e.Person(e.MSP.Place(), identity.Admin)
	e.Accounts.Visited(t.Context(), agent, e.Org.Place())
	first, err := e.Accounts.RecentPlaces(t.Context(), agent)
	must(t, err)
	e.Clock.Pass(1e9)
	e.Accounts.Visited(t.Context(), agent, e.Org.Place())
	token := agent
	token.Kind = change.Token
	e.Accounts.Visited(t.Context(), token, e.MSP.Place())
	again, err := e.Accounts.RecentPlaces(t.Context(), agent)
	if err != nil || !slices.Equal(again, first) {
		t.Errorf("%v became %v, %v", first, again, err)
	}
}
