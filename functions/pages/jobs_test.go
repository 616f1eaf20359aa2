package pages_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/tenantry/tenantry/shared/support"
	"github.com/tenantry/tenantry/shared/support/casejobs"
	"github.com/tenantry/tenantry/shared/support/lists"
)

func TestAJobIsFollowedAndCancelled(t *testing.T) {
	s := newSite(t)
	created, err := s.CaseJobs.Bulk(t.Context(), s.customer, lists.Scope{OrgID: s.Org.ID}, casejobs.Bulk{
		Action: casejobs.BulkClose, Cases: []support.Reference{{OrgID: s.Org.ID, CaseID: s.kase.ID}},
	})
	s.check(err)
	b := s.as(s.customer)
	list := "/orgs/" + s.Org.ID + "/jobs"
	path := list + "/" + created.ID
	b.get(list).wants(http.StatusOK, created.Title, "0 of 1")
	page := b.get(path).wants(http.StatusOK, created.Title, "0 of 1", "Cancel what waits", "You can close this page")
	progress := b.get(path+"/progress").wants(http.StatusOK, "0 of 1")
	if !strings.Contains(progress.raw, `hx-trigger="every 2s"`) || strings.Contains(progress.raw, "<h1") {
		t.Errorf("the part is %s", progress.raw)
	}
	page.submit(path+"/cancel", nil).follow().wants(http.StatusOK, "The job is being cancelled.")
	b.get(path+"?outcome=failed").wants(http.StatusOK, "None.")
	b.get(list+"?state=failed").wants(http.StatusOK, "There are no jobs")
	s.as(s.Operator()).get("/platform/jobs").wants(http.StatusOK, "There are no jobs")
	s.as(s.agent).get("/msps/"+s.MSP.ID+"/jobs").wants(http.StatusOK, "There are no jobs")
}
