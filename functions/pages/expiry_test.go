package pages_test

import (
	"net/http"
	"testing"
	"time"

	"github.com/tenantry/tenantry/shared/identity"
	"github.com/tenantry/tenantry/shared/tenant"
)

// TestASessionThatIsTooOldForAnOrganizationLeadsToTheLogIn holds that the log-in is shown although the
// session is still valid elsewhere, instead of sending the browser back and forth.
func TestASessionThatIsTooOldForAnOrganizationLeadsToTheLogIn(t *testing.T) {
	s := newSite(t)
	minutes := tenant.MinSessionExpiry
	admin := s.Person(s.Org.Place(), identity.Admin)
	_, err := s.Tenants.ChangeOrg(t.Context(), admin, s.Org.ID, tenant.OrgChange{SessionExpiry: &minutes})
	s.check(err)
	customer := s.as(s.customer)
	customer.get(s.casePath()).wants(http.StatusOK)
	s.Clock.Pass(time.Duration(minutes) * time.Minute)
	customer.get(s.casePath()).wants(http.StatusSeeOther)
	customer.get(s.casePath()).follow().wants(http.StatusOK, "Log in")
	customer.get("/").wants(http.StatusOK)
}
