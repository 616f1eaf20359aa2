package bulk_test

import (
	"testing"
	"time"

	"github.com/tenantry/tenantry/shared/apptest"
	"github.com/tenantry/tenantry/shared/fault"
	"github.com/tenantry/tenantry/shared/job"
	"github.com/tenantry/tenantry/shared/tenant/bulk"
)

func TestManyOrganizationsChangeProviderOnlyWithAFreshProof(t *testing.T) {
	e := apptest.NewEstate(t)
	session, _ := e.LogIn(e.Operator())
	fresh, err := e.Accounts.BySession(t.Context(), session.Cookie, apptest.Source)
	must(t, err)
	request := bulk.Request{Action: bulk.Transfer, OrgIDs: []string{e.Org.ID}, MSPID: e.ForeignMSP.ID}
	e.Clock.Pass(time.Hour)
	stale, err := e.Accounts.BySession(t.Context(), session.Cookie, apptest.Source)
	must(t, err)
	for _, action := range []bulk.Action{bulk.Transfer, bulk.Release} {
		asked := request
		if asked.Action = action; action == bulk.Release {
			asked.MSPID = ""
		}
		if _, err := e.OrgJobs.Preview(t.Context(), stale, "", asked); err != nil {
			t.Errorf("%s: a preview needs no proof: %v", action, err)
		}
		if _, err := e.OrgJobs.Create(t.Context(), stale, "", asked); !fault.Is(err, fault.StepUp) {
			t.Errorf("%s by an old session: %v", action, err)
		}
	}
	fresh.Proven = e.Clock.Now().Unix()
	created, err := e.OrgJobs.Create(t.Context(), fresh, "", request)
	must(t, err)
	work(t, e)
	done, _, err := e.Jobs.Get(t.Context(), e.Operator(), job.Scope{}, created.ID, "", "", 10)
	org, loadErr := e.Tenants.LoadOrg(t.Context(), e.Org.ID)
	if err != nil || loadErr != nil || done.State != job.Done || org.MSPID != e.ForeignMSP.ID {
		t.Errorf("%+v %v, the organization is of %s %v", done, err, org.MSPID, loadErr)
	}
}
