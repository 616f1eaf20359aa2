package lists_test

import (
	"testing"
	"time"

	"github.com/tenantry/tenantry/shared/identity"
	"github.com/tenantry/tenantry/shared/support"
	"github.com/tenantry/tenantry/shared/support/desk"
	"github.com/tenantry/tenantry/shared/support/supporttest"
	"github.com/tenantry/tenantry/shared/tenant"
)

// TestASessionTooOldForAnOrganizationDoesNotListItsCases holds that the list of own cases leaves out the
// organizations that the session is too old for.
func TestASessionTooOldForAnOrganizationDoesNotListItsCases(t *testing.T) {
	w := supporttest.NewWorld(t)
	minutes := tenant.MinSessionExpiry
	admin := w.Person(w.Org.Place(), identity.Admin)
	if _, err := w.Tenants.ChangeOrg(t.Context(), admin, w.Org.ID, tenant.OrgChange{SessionExpiry: &minutes}); err != nil {
		t.Fatal(err)
	}
	if _, err := w.Cases.Create(t.Context(), admin, w.Org.ID, support.NewCase{
		Fields: desk.Fields{Subject: "Wi-Fi is down"}, Description: "Since noon.",
	}); err != nil {
		t.Fatal(err)
	}
	for age, want := range map[time.Duration]int{9 * time.Minute: 1, 10 * time.Minute: 0} {
		admin.SessionAge = age
		if lines, err := w.Lists.OwnCases(t.Context(), admin, 10); err != nil || len(lines) != want {
			t.Errorf("after %s: %d cases, %v", age, len(lines), err)
		}
	}
}
