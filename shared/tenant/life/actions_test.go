package life_test

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
	"github.com/tenantry/tenantry/shared/tenant/directory"
	"github.com/tenantry/tenantry/shared/tenant/life"
)

func TestManyOrganizationsAreDeletedAndRestoredWithAResultForEach(t *testing.T) {
	e := apptest.NewEstate(t)
	super := e.Person(e.MSP.Place(), identity.Admin)
	request := bulk.Request{Action: life.DeleteAction, OrgIDs: []string{e.Org.ID, e.Neighbour.ID},
		Confirm: life.Confirmation}
	preview, err := e.OrgJobs.Preview(t.Context(), super, e.MSP.ID,
		bulk.Request{Action: life.DeleteAction, OrgIDs: request.OrgIDs})
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
	restoring := bulk.Request{Action: life.RestoreAction,
		Filter: &bulk.Filter{OrgFilter: tenant.OrgFilter{Name: "rialto"}}}
	created, err = e.OrgJobs.Create(t.Context(), super, e.MSP.ID, restoring)
	must(t, err)
	work(t, e)
	if done, said := results(t, e, created.ID); done.State != job.Done || done.Total != 1 {
		t.Errorf("restored: %+v %v", done, said)
	}
	if _, err := e.Tenants.LoadOrg(t.Context(), e.Org.ID); err != nil {
		t.Error(err)
	}
	listed := func() []tenant.Org {
		t.Helper()
		page, err := e.Directory.List(t.Context(), super, directory.Scope{MSPID: e.MSP.ID}, directory.Query{Limit: 10})
		must(t, err)
		return page.Orgs
	}
	if orgs := listed(); len(orgs) != 1 || orgs[0].ID != e.Org.ID {
		t.Errorf("one is in the bin, and listed are %+v", orgs)
	}
	restoring = bulk.Request{Action: life.RestoreAction, OrgIDs: []string{e.Neighbour.ID}}
	if _, err := e.OrgJobs.Create(t.Context(), e.Operator(), e.ForeignMSP.ID, restoring); !fault.Is(err, fault.Invalid) {
		t.Errorf("another MSP's: %v", err)
	}
	for name, filter := range map[string]bulk.Filter{
		"direct customers": {},
		"another MSP's":    {MSPID: e.ForeignMSP.ID},
	} {
		selected := bulk.Request{Action: life.RestoreAction, Filter: &filter}
		if _, err := e.OrgJobs.Create(t.Context(), e.Operator(), "", selected); !fault.Is(err, fault.Invalid) {
			t.Errorf("%s, of which none is in the bin: %v", name, err)
		}
	}
	_, err = e.OrgJobs.Create(t.Context(), e.Operator(), "", restoring)
	must(t, err)
	work(t, e)
	if _, err := e.Tenants.LoadOrg(t.Context(), e.Neighbour.ID); err != nil {
		t.Error(err)
	}
	if orgs := listed(); len(orgs) != 2 {
		t.Errorf("both are restored, and listed are %+v", orgs)
	}
}

func TestManyOrganizationsAreDeletedOnlyByTheTypedWordAndAFreshProof(t *testing.T) {
	e := apptest.NewEstate(t)
	super := e.Person(e.MSP.Place(), identity.Admin)
	for _, word := range []string{"", "delete", "DELETE "} {
		request := bulk.Request{Action: life.DeleteAction, OrgIDs: []string{e.Org.ID}, Confirm: word}
		if _, err := e.OrgJobs.Create(t.Context(), super, e.MSP.ID, request); !fault.Is(err, fault.Invalid) {
			t.Errorf("%q: %v", word, err)
		}
	}
	session, _ := e.LogIn(super)
	e.Clock.Pass(time.Hour)
	stale, err := e.Accounts.BySession(t.Context(), session.Cookie, apptest.Source)
	must(t, err)
	request := bulk.Request{Action: life.DeleteAction, OrgIDs: []string{e.Org.ID}, Confirm: life.Confirmation}
	if _, err := e.OrgJobs.Create(t.Context(), stale, e.MSP.ID, request); !fault.Is(err, fault.StepUp) {
		t.Errorf("an old session: %v", err)
	}
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// work delivers each message of the outbox twice.
func work(t *testing.T, e *apptest.Estate) {
	t.Helper()
	for range 2 {
		for _, message := range e.Outbox() {
			if err := e.Jobs.Run(t.Context(), message); err != nil && !fault.Is(err, fault.Invalid) {
				t.Fatal(err)
			}
		}
	}
}

// results returns a job with what it says of each organization.
func results(t *testing.T, e *apptest.Estate, id string) (job.Job, map[string]string) {
	t.Helper()
	done, page, err := e.Jobs.Get(t.Context(), e.Operator(), job.Scope{MSPID: e.MSP.ID}, id, "", "", 100)
	must(t, err)
	said := map[string]string{}
	for _, result := range page.Items {
		said[result.Target] = string(result.Outcome) + " " + result.Message
	}
	return done, said
}
