package tenant_test

import (
	"slices"
	"testing"

	"github.com/tenantry/tenantry/shared/apptest"
	"github.com/tenantry/tenantry/shared/fault"
	"github.com/tenantry/tenantry/shared/identity"
	"github.com/tenantry/tenantry/shared/tenant"
)

func TestEachSwitchIsTurnedByThoseItIsFor(t *testing.T) {
	e := apptest.NewEstate(t)
	operator := e.Operator()
	admin, customer := e.Person(e.MSP.Place(), identity.Admin), e.Person(e.Org.Place(), identity.Admin)
	for name, allowed := range map[tenant.Switch][]identity.Principal{
		tenant.ImageManagement:  {operator, admin},
		tenant.PreNotifications: {operator},
		tenant.CustomerAlerts:   {operator, admin, customer},
	} {
		for _, by := range []identity.Principal{operator, admin, customer} {
			before, err := e.Tenants.LoadOrg(t.Context(), e.Org.ID)
			must(t, err)
			changed, err := e.Tenants.Turn(t.Context(), by, e.Org.ID, name, !before.On(name))
			if !slices.ContainsFunc(allowed, func(one identity.Principal) bool { return one.UserID == by.UserID }) {
				if changed || !fault.Is(err, fault.Forbidden) {
					t.Errorf("%s by %s: %t, %v", name, by.Name(), changed, err)
				}
				continue
			}
			after, readErr := e.Tenants.LoadOrg(t.Context(), e.Org.ID)
			must(t, readErr)
			if err != nil || !changed || after.On(name) == before.On(name) {
				t.Errorf("%s by %s: %t, %v", name, by.Name(), changed, err)
			}
			if changed, err := e.Tenants.Turn(t.Context(), by, e.Org.ID, name, after.On(name)); changed || err != nil {
				t.Errorf("%s by %s, turned as it is: %t, %v", name, by.Name(), changed, err)
			}
		}
	}
}

func TestANewOrganizationHasOnlyCustomerAlertsOn(t *testing.T) {
	e := apptest.NewEstate(t)
	for _, name := range tenant.Switches() {
		if e.Org.On(name) != (name == tenant.CustomerAlerts) {
			t.Errorf("%s: %t", name, e.Org.On(name))
		}
	}
	name := "Quiet"
	created, err := e.Tenants.NewOrg(t.Context(), e.Person(e.MSP.Place(), identity.Admin), e.MSP.ID, tenant.OrgChange{
		Name: &name, Switches: map[tenant.Switch]bool{tenant.ImageManagement: true, tenant.CustomerAlerts: false},
	})
	if err != nil || !created.On(tenant.ImageManagement) || created.On(tenant.CustomerAlerts) {
		t.Errorf("%+v, %v", created.Switched, err)
	}
	_, err = e.Tenants.NewOrg(t.Context(), e.Person(e.MSP.Place(), identity.Admin), e.MSP.ID, tenant.OrgChange{
		Name: &name, Switches: map[tenant.Switch]bool{tenant.PreNotifications: true},
	})
	if !fault.Is(err, fault.Forbidden) {
		t.Errorf("pre-notifications by a super user: %v", err)
	}
}
