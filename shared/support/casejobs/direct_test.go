package casejobs_test

import (
	"io"
	"strings"
	"testing"
	"time"

	"github.com/tenantry/tenantry/shared/fault"
	"github.com/tenantry/tenantry/shared/identity"
	"github.com/tenantry/tenantry/shared/job"
	"github.com/tenantry/tenantry/shared/support"
	"github.com/tenantry/tenantry/shared/support/casejobs"
	"github.com/tenantry/tenantry/shared/support/lists"
	"github.com/tenantry/tenantry/shared/support/supporttest"
	"github.com/tenantry/tenantry/shared/tenant"
)

// direct opens a case of a direct customer that allows support access or does not.
func direct(w *supporttest.World, name string, access bool) (identity.Principal, support.Case) {
	w.T.Helper()
	org := w.NewOrg("", name)
	owner := w.Person(org.Place(), identity.Admin)
	opened, err := w.Cases.Create(w.T.Context(), owner, org.ID, supporttest.Request(name+" has no Wi-Fi"))
	w.Must(err)
	allow(w, owner, org.ID, access)
	return owner, opened
}

func allow(w *supporttest.World, owner identity.Principal, orgID string, access bool) {
	w.T.Helper()
	_, err := w.Tenants.ChangeOrg(w.T.Context(), owner, orgID, tenant.OrgChange{SupportAccess: &access})
	w.Must(err)
}

func TestSupportAgentsChangeManyCasesOfDirectCustomersThatAllowIt(t *testing.T) {
	w := supporttest.NewWorld(t)
	agent := w.SupportAgent()
	_, open := direct(w, "Acorn", true)
	_, hidden := direct(w, "Birch", false)
	request := casejobs.Bulk{Action: casejobs.BulkAssign, Value: agent.UserID, Cases: []support.Reference{
		{OrgID: open.OrgID, CaseID: open.ID}, {OrgID: hidden.OrgID, CaseID: hidden.ID},
	}}
	created, err := w.CaseJobs.Bulk(t.Context(), agent, lists.Scope{}, request)
	w.Must(err)
	work(w)
	done, _, err := w.Jobs.Get(t.Context(), agent, job.Scope{}, created.ID, "", "", 10)
	w.Must(err)
	if done.Done != 1 || done.Failed != 1 {
		t.Errorf("%+v", done)
	}
	if got := w.Detail(agent, open).Assignee; got == nil || got.ID != agent.UserID {
		t.Errorf("assigned to %+v", got)
	}
	_, err = w.CaseJobs.Bulk(t.Context(), w.Operator(), lists.Scope{}, request)
	w.Wants(fault.Forbidden, err)
	_, err = w.CaseJobs.Bulk(t.Context(), w.Agent, lists.Scope{}, request)
	w.Wants(fault.Forbidden, err)
	_, _, err = w.Jobs.Get(t.Context(), w.Agent, job.Scope{}, created.ID, "", "", 10)
	w.Wants(fault.Forbidden, err)
	request.Action, request.Confirmation = casejobs.BulkDelete, support.DeleteWord
	_, err = w.CaseJobs.Bulk(t.Context(), agent, lists.Scope{}, request)
	w.Wants(fault.Forbidden, err)
}

func TestAReportOverThePlatformHasWhatItsReaderMaySee(t *testing.T) {
	w := supporttest.NewWorld(t)
	agent := w.SupportAgent()
	owner, open := direct(w, "Acorn", true)
	direct(w, "Birch", false)
	w.IndexAll()
	w.Clock.Pass(time.Second)
	created, err := w.CaseJobs.ExportCases(t.Context(), agent, casejobs.Export{})
	w.Must(err)
	work(w)
	_, key, err := w.CaseJobs.Exported(t.Context(), agent, lists.Scope{}, created.ID)
	w.Must(err)
	content, err := w.Files.Open(t.Context(), key)
	w.Must(err)
	raw, err := io.ReadAll(content)
	w.Must(err)
	w.Must(content.Close())
	if text := string(raw); !strings.Contains(text, "Acorn has no Wi-Fi") || strings.Contains(text, "Birch") {
		t.Errorf("the report says %s", text)
	}
	_, _, err = w.CaseJobs.Exported(t.Context(), w.Operator(), lists.Scope{}, created.ID)
	w.Wants(fault.Forbidden, err)
	allow(w, owner, open.OrgID, false)
	_, _, err = w.CaseJobs.Exported(t.Context(), agent, lists.Scope{}, created.ID)
	w.Wants(fault.Conflict, err)
}
