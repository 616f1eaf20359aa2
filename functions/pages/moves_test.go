package pages_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/tenantry/tenantry/shared/identity"
)

func TestAnOperatorGivesOrganizationsAnotherProvider(t *testing.T) {
	s := newSite(t)
	operator := s.as(s.Operator())
	list := operator.get("/msps/"+s.MSP.ID+"/orgs").wants(http.StatusOK, "Another provider…")
	const path = "/platform/orgs/move"
	list.submit("/msps/"+s.MSP.ID+"/orgs/bulk", fields{"action": "label"}) // the same form, for labels
	ask := operator.get("/orgs/"+s.Org.ID+"/provider").wants(http.StatusOK, "Present provider", s.MSP.Name).
		submit(path, nil).wants(http.StatusOK, "Move one organization", "Who looks after them?", s.ForeignMSP.Name)
	preview := ask.submit(path+"/preview", fields{"msp_id": s.ForeignMSP.ID}).
		wants(http.StatusOK, "One organization changes.", s.Org.Name, s.ForeignMSP.Name+" begins with what")
	job := preview.submit(path+"/start", nil).header.Get("Location")
	operator.get(job).wants(http.StatusOK, "Transfer one organization to "+s.ForeignMSP.Name)
	s.runJob(job[strings.LastIndexByte(job, '/')+1:])
	operator.get(job).wants(http.StatusOK, "Done")
	s.as(s.Person(s.MSP.Place(), identity.Admin)).get("/orgs/" + s.Org.ID).wants(http.StatusNotFound)
	s.as(s.Person(s.ForeignMSP.Place(), identity.Admin)).get("/orgs/"+s.Org.ID+"/provider").
		wants(http.StatusOK, s.ForeignMSP.Name)
	ask.submit(path+"/preview", fields{"msp_id": "release"}).
		wants(http.StatusOK, "One organization changes.", "see nothing of them")
	ask.submit(path+"/preview", fields{"msp_id": s.Org.ID}).wants(http.StatusBadRequest, "Nothing was changed")
}

func TestAnOwnAdministratorAssignsTheOrganizationToTheirMSP(t *testing.T) {
	s := newSite(t)
	own := s.Person(s.Direct.Place(), identity.Admin)
	path := "/orgs/" + s.Direct.ID + "/provider"
	s.as(own).get(path).wants(http.StatusOK, "direct customer", "you must be a super user of the MSP too")
	both := s.as(s.Grant(own, s.MSP.Place(), identity.Admin))
	both.get(path).wants(http.StatusOK, "Assign to this MSP", s.MSP.Name).
		submit(path, fields{"msp_id": s.MSP.ID}).follow().wants(http.StatusOK, s.MSP.Name, "A transfer is under way")
	both.get(path).submit(path, nil).wants(http.StatusConflict, "Nothing was changed")
	if err := s.Handover.Finish(t.Context(), s.Direct.ID); err != nil {
		t.Fatal(err)
	}
	both.get(path).submit(path, nil).follow().wants(http.StatusOK, "direct customer")
}
