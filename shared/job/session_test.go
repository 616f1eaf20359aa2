package job_test

import (
	"testing"
	"time"

	"github.com/tenantry/tenantry/shared/apptest"
	"github.com/tenantry/tenantry/shared/fault"
	"github.com/tenantry/tenantry/shared/identity"
	"github.com/tenantry/tenantry/shared/job"
	"github.com/tenantry/tenantry/shared/tenant"
)

// TestASessionTooOldForAnOrganizationDoesNotSeeItsJobs holds that the organization's session expiry
// covers its jobs too, and that a stranger still does not learn of the organization.
func TestASessionTooOldForAnOrganizationDoesNotSeeItsJobs(t *testing.T) {
	e := apptest.NewEstate(t)
	admin := e.Person(e.Org.Place(), identity.Admin)
	minutes := tenant.MinSessionExpiry
	if _, err := e.Tenants.ChangeOrg(t.Context(), admin, e.Org.ID, tenant.OrgChange{SessionExpiry: &minutes}); err != nil {
		t.Fatal(err)
	}
	kinds, err := job.NewKinds(job.Kind{
		Name: "cases.archive", See: identity.SeeCases, Act: identity.OpenCases, Perform: newWorld(t).perform,
	})
	if err != nil {
		t.Fatal(err)
	}
	ledger := job.NewLedger(e.Journal)
	jobs := job.NewService(ledger, e.Tenants, kinds)
	created, err := ledger.Create(t.Context(), admin.Actor(), e.Org.Place(), asked(targets(1)...))
	if err != nil {
		t.Fatal(err)
	}
	scope := job.Scope{OrgID: e.Org.ID}
	for _, test := range []struct {
		by   identity.Principal
		age  time.Duration
		want fault.Code
	}{
		{admin, 9 * time.Minute, ""},
		{admin, 10 * time.Minute, fault.Unauthenticated},
		{e.Person(e.MSP.Place(), identity.Admin), 10 * time.Minute, fault.Unauthenticated},
		{e.Person(e.Neighbour.Place(), identity.Admin), 10 * time.Minute, fault.NotFound},
	} {
		test.by.SessionAge = test.age
		_, err := jobs.List(t.Context(), test.by, scope, job.Filter{}, "", 10)
		e.Wants(test.want, err)
		_, _, err = jobs.Get(t.Context(), test.by, scope, created.ID, "", "", 10)
		e.Wants(test.want, err)
	}
}
