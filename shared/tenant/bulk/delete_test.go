package bulk_test

import (
	"strings"
	"testing"
	"time"

	"github.com/tenantry/tenantry/shared/apptest"
	"github.com/tenantry/tenantry/shared/fault"
	"github.com/tenantry/tenantry/shared/identity"
	"github.com/tenantry/tenantry/shared/job"
	"github.com/tenantry/tenantry/shared/tenant"
	"github.com/tenantry/tenantry/shared/tenant/bulk"
)

func TestManyOrganizationsAreDeletedAndRestoredWithAResultForEach(t *testing.T) {
	e := apptest.NewEstate(t)
	super := e.Person(e.MSP.Place(), identity.Admin)
	request := bulk.Request{Action: bulk.Delete, OrgIDs: []string{e.Org.ID, e.Neighbour.ID}, Confirm: bulk.Confirmation}
	preview, err := e.OrgJobs.Preview(t.Context(), super, e.MSP.ID, bulk.Request{Action: bulk.Delete, OrgIDs: request.OrgIDs})
	if err != nil || preview.Changed != 2 || !strings.HasPrefix(preview.Effects[0].Changes[0], "Deletes it.") {
		t.Errorf("the preview is %+v, %v", preview, err)
	}
	created, err := e.OrgJobs.Create(t.Context(), super, e.MSP.ID, request)
	must(t, err)
	work(t, e)
	if done, said := results(t, e, created.ID); done.State != job.Done || done.Done != 2 {
		t.Errorf("deleted: %+v %v", done, said)
	}
	if _, err := e.OrgJobs.Create(t.Context(), super, e.MSP.ID, request); !fault.Is(err, fault.Invalid) {
		t.Errorf("deleted ones are deleted again: %v", err)
	}
	restoring := bulk.Request{Action: bulk.Restore, Filter: &bulk.Filter{OrgFilter: tenant.OrgFilter{Name: "rialto"}}}
	created, err = e.OrgJobs.Create(t.Context(), super, e.MSP.ID, restoring)
	must(t, err)
	work(t, e)
	if done, said := results(t, e, created.ID); done.State != job.Done || done.Total != 1 {
		t.Errorf("restored: %+v %v", done, said)
	}
	if _, err := e.Tenants.LoadOrg(t.Context(), e.Org.ID); err != nil {
		t.Error(err)
	}
	restoring = bulk.Request{Action: bulk.Restore, OrgIDs: []string{e.Neighbour.ID}}
	if _, err := e.OrgJobs.Create(t.Context(), e.Operator(), e.ForeignMSP.ID, restoring); !fault.Is(err, fault.Invalid) {
		t.Errorf("another MSP's: %v", err)
	}
	_, err = e.OrgJobs.Create(t.Context(), e.Operator(), "", restoring)
	must(t, err)
	work(t, e)
	if _, err := e.Tenants.LoadOrg(t.Context(), e.Neighbour.ID); err != nil {
		t.Error(err)
	}
}

func TestManyOrganizationsAreDeletedOnlyByTheTypedWordAndAFreshProof(t *testing.T) {
	e := apptest.NewEstate(t)
	super := e.Person(e.MSP.Place(), identity.Admin)
	for _, word := range []string{"", "delete", "DELETE "} {
		request := bulk.Request{Action: bulk.Delete, OrgIDs: []string{e.Org.ID}, Confirm: word}
		if _, err := e.OrgJobs.Create(t.Context(), super, e.MSP.ID, request); !fault.Is(err, fault.Invalid) {
			t.Errorf("%q: %v", word, err)
		}
	}
	session, _ := e.LogIn(super)
	e.Clock.Pass(time.Hour)
	stale, err := e.Accounts.BySession(t.Context(), session.Cookie, apptest.Source)
	must(t, err)
	request := bulk.Request{Action: bulk.Delete, OrgIDs: []string{e.Org.ID}, Confirm: bulk.Confirmation}
	if _, err := e.OrgJobs.Create(t.Context(), stale, e.MSP.ID, request); !fault.Is(err, fault.StepUp) {
		t.Errorf("an old session: %v", err)
	}
}
