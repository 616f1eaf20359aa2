package audit_test

import (
	"strings"
	"testing"

	"github.com/tenantry/tenantry/shared/apptest"
	"github.com/tenantry/tenantry/shared/change"
	"github.com/tenantry/tenantry/shared/identity"
	"github.com/tenantry/tenantry/shared/tenant"
)

// TestALogDoesNotListTheAdministratorsThatAnOrganizationWithholds holds that a provider without the
// consent to user management finds no administrator in a log, its counts or by a search.
func TestALogDoesNotListTheAdministratorsThatAnOrganizationWithholds(t *testing.T) {
	e := apptest.NewEstate(t)
	own, super := e.Person(e.Org.Place(), identity.Admin), e.Person(e.MSP.Place(), identity.Admin)
	e.Invited(e.Org.Place(), identity.Read, "secret.colleague@example.com", "Colleague", "Secret")
	e.Invite(e.Org.Place(), identity.Read, "secret.guest@example.com")
	visitor := change.Actor{Kind: change.Person, ID: "v", Email: "secret.visitor@example.com"}
	e.Wants("", e.Journal.Visit(t.Context(), visitor, change.Record{
		Action: change.VisitAction, Message: "Access Org", OrgID: e.Org.ID, MSPID: e.MSP.ID, Target: "org:" + e.Org.ID,
	}))
	search := e.LastDay()
	search.Limit = 1000
	shown := func(by identity.Principal, place identity.Place, part string) int {
		t.Helper()
		found := 0
		page, err := e.Audit.At(t.Context(), by, place, search)
		e.Wants("", err)
		for _, entry := range page.Entries {
			text := entry.Message + string(entry.Before) + string(entry.After) + entry.Actor.Name + entry.Actor.Email
			if strings.Contains(text, part) {
				found++
			}
		}
		counts, err := e.Audit.CountAt(t.Context(), by, place, search,
			func(entry change.Entry) string { return entry.Message + entry.Actor.Email })
		e.Wants("", err)
		for _, count := range counts.Values {
			if strings.Contains(count.Value, part) {
				found++
			}
		}
		narrow := search
		narrow.Message = part
		page, err = e.Audit.At(t.Context(), by, place, narrow)
		e.Wants("", err)
		return found + len(page.Entries)
	}
	for _, granted := range []bool{true, false} {
		for _, grantee := range identity.Grantees() {
			_, err := e.Tenants.ChangeConsent(t.Context(), e.Fresh(own), e.Org.ID,
				tenant.Decision{Kind: identity.UserManagement, Grantee: grantee, Granted: granted})
			e.Wants("", err)
		}
		org, err := e.Tenants.LoadOrg(t.Context(), e.Org.ID)
		e.Wants("", err)
		for _, part := range []string{"secret.colleague", "secret.guest", "secret.visitor"} {
			if shown(own, org.Place(), part) == 0 {
				t.Errorf("the organization's own administrator does not find %s", part)
			}
			for _, place := range []identity.Place{org.Place(), e.MSP.Place()} {
				if found := shown(super, place, part); (found > 0) != granted {
					t.Errorf("consent %v: the MSP finds %s %d times in the log of the %s", granted, part, found, place.Scope)
				}
			}
			if found := shown(e.Operator(), org.Place(), part); (found > 0) != granted {
				t.Errorf("consent %v: the operator finds %s %d times", granted, part, found)
			}
		}
	}
}

// TestTheOwnLogHidesTheAddressesOfTheProvidersPeople holds that a customer does not learn them from what
// the provider's people did to the account.
func TestTheOwnLogHidesTheAddressesOfTheProvidersPeople(t *testing.T) {
	e := apptest.NewEstate(t)
	chief, customer := e.Person(e.MSP.Place(), identity.Admin), e.Person(e.Org.Place(), identity.Read)
	chief.SourceAddress = "203.0.113.9"
	for _, by := range []identity.Principal{chief, customer} {
		log(t, e.App, by.Actor(), change.Record{Message: "touched", UserLog: customer.UserID})
		log(t, e.App, by.Actor(), change.Record{Message: "touched", UserLog: chief.UserID})
	}
	search := e.LastDay()
	search.Message = "touched"
	for _, test := range []struct {
		reader identity.Principal
		want   []string
	}{
		{customer, []string{customer.Email, ""}},
		{chief, []string{customer.Email, chief.Email}},
	} {
		page, err := e.Audit.Own(t.Context(), test.reader, search)
		e.Wants("", err)
		for i, entry := range page.Entries {
			if entry.Actor.Email != test.want[i] || test.want[i] == "" && entry.Actor.SourceAddress != "" {
				t.Errorf("%s reads %+v", test.reader.Email, entry.Actor)
			}
		}
		if len(page.Entries) != 2 {
			t.Errorf("%s reads %d entries", test.reader.Email, len(page.Entries))
		}
	}
}
