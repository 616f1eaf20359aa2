package tenant_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/tenantry/tenantry/shared/apptest"
	"github.com/tenantry/tenantry/shared/identity"
	"github.com/tenantry/tenantry/shared/store/table"
	"github.com/tenantry/tenantry/shared/tenant"
)

// sees reports whether somebody sees the people of an organization.
func sees(by identity.Principal, place identity.Place) bool {
	return by.May(identity.SeePersonalData, place)
}

func TestNewOrganizationsKeepTheirPeoplesDataUnlessThePlatformSaysOtherwise(t *testing.T) {
	e := apptest.NewEstate(t)
	super := e.Person(e.MSP.Place(), identity.Admin)
	for kinds, want := range map[string]bool{"": false, "personal_data": true, "none": false} {
		start, err := tenant.ParseStart(kinds, "")
		must(t, err)
		org, err := e.Tenants.StartingWith(start).CreateOrg(t.Context(), e.Operator(), e.MSP.ID, "New "+kinds, false)
		must(t, err)
		if sees(e.Operator(), org.Place()) != want || sees(super, org.Place()) != want {
			t.Errorf("%q: %b", kinds, org.Granted)
		}
		if own := e.Person(org.Place(), identity.Installer); !sees(own, org.Place()) {
			t.Errorf("%q: the organization's own people are masked to it", kinds)
		}
	}
}

// TestOrganizationsStoredWithoutTheKindConsentToIt holds for the organization itself, for the list of
// limited organizations of its MSP, and after another consent was changed.
func TestOrganizationsStoredWithoutTheKindConsentToIt(t *testing.T) {
	e := apptest.NewEstate(t)
	super := e.Person(e.MSP.Place(), identity.Admin)
	id := e.Journal.NewID()
	consents := `{"support_access":{"operator":{"granted":false},"msp":{"granted":true}},` +
		`"user_management":{"operator":{"granted":true},"msp":{"granted":true}}}`
	put := func(key table.Key, data string) {
		t.Helper()
		must(t, e.Store.Transact(t.Context(), []table.Write{table.Create(table.Item{Key: key, Data: []byte(data)})}))
	}
	put(tenant.OrgKey(id), fmt.Sprintf(`{"id":%q,"name":"Old","msp_id":%q,"consents":%s}`, id, e.MSP.ID, consents))
	put(table.Key{Partition: "MSP#" + e.MSP.ID, Sort: "LIMITED#" + id},
		fmt.Sprintf(`{"org_id":%q,"consents":%s}`, id, consents))
	check := func(what string, msp bool) {
		t.Helper()
		org, err := e.Tenants.LoadOrg(t.Context(), id)
		must(t, err)
		if !sees(e.Operator(), org.Place()) || sees(super, org.Place()) != msp {
			t.Errorf("%s: %b", what, org.Granted)
		}
		hidden, err := e.Tenants.Withheld(t.Context(), super, e.MSP.ID, identity.SeePersonalData)
		if _, masked := hidden[id]; err != nil || masked == msp {
			t.Errorf("%s: the MSP's list has %v, %v", what, hidden, err)
		}
	}
	check("stored by an earlier release", true)
	org, err := e.Tenants.LoadOrg(t.Context(), id)
	must(t, err)
	own := e.Person(org.Place(), identity.Admin)
	_, err = e.Tenants.ChangeConsent(t.Context(), own, id, decision(identity.SupportAccess, identity.ToMSP, false))
	must(t, err)
	check("after a change of another", true)
	_, err = e.Tenants.ChangeConsent(t.Context(), own, id, decision(identity.PersonalData, identity.ToMSP, false))
	must(t, err)
	check("after it was withdrawn from the MSP", false)
}

func TestWhoOfAnOrganizationDecidedIsMaskedForItsProvider(t *testing.T) {
	e := apptest.NewEstate(t)
	own, super := e.Person(e.Org.Place(), identity.Admin), e.Person(e.MSP.Place(), identity.Admin)
	withdraw(t, e, own)
	_, err := e.Tenants.ChangeConsent(t.Context(), own, e.Org.ID, decision(identity.SupportAccess, identity.ToMSP, true))
	must(t, err)
	_, err = e.Tenants.ChangeConsent(t.Context(), super, e.Org.ID, decision(identity.SupportAccess, identity.ToMSP, false))
	must(t, err) // the grantee gives it up
	for by, masked := range map[string]bool{"own": false, "super": true} {
		reader := map[string]identity.Principal{"own": own, "super": super}[by]
		org, err := e.Tenants.Consents(t.Context(), reader, e.Org.ID)
		must(t, err)
		decided := org.Consents[identity.UserManagement][identity.ToMSP].ByName
		if strings.Contains(decided, own.LastName) == masked {
			t.Errorf("%s reads %q", by, decided)
		}
		if gaveUp := org.Consents[identity.SupportAccess][identity.ToMSP].ByName; gaveUp != super.Name() {
			t.Errorf("%s reads that %q gave the consent up", by, gaveUp)
		}
	}
}
