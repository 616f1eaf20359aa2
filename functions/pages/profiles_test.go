package pages_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/tenantry/tenantry/shared/identity"
	"github.com/tenantry/tenantry/shared/tenant"
)

func TestAnOperatorKeepsProfilesAndAssignsThemToMany(t *testing.T) {
	s := newSite(t)
	operator := s.as(s.Operator())
	const list = "/platform/profiles"
	operator.get(list).wants(http.StatusOK, "There are no profiles yet")
	form := operator.get(list+"/new").wants(http.StatusOK, "Two missed heartbeats")
	form.submit(list+"/new", fields{"name": "Stable", "heartbeat": "5", "once": ""}).
		wants(http.StatusBadRequest, "The profile was not created", "10 to 600")
	created := form.submit(list+"/new", fields{"name": "Stable", "image": "ap-6.1.2"})
	created.follow().wants(http.StatusOK, "The profile Stable was created.", "Delete the profile")
	path := created.header.Get("Location")
	id := path[strings.LastIndexByte(path, '/')+1:]
	operator.get(list).wants(http.StatusOK, "Stable", "ap-6.1.2", "By load")
	operator.get(list+".csv").wants(http.StatusOK, "Stable")
	_, err := s.Tenants.Turn(t.Context(), s.Operator(), s.Org.ID, tenant.ImageManagement, true)
	if err != nil {
		t.Fatal(err)
	}
	ask := operator.get("/msps/"+s.MSP.ID+"/orgs").submit("/msps/"+s.MSP.ID+"/orgs/bulk",
		fields{"action": "assign_profile", "all": "true"}).
		wants(http.StatusOK, "Operator profile of 2 organizations", "Stable")
	started := ask.submit("/platform/orgs/bulk/preview", fields{"profile_id": id, "default": "true"}).
		wants(http.StatusOK, "One organization changes.", "One cannot be changed.", "Image management is off").
		submit("/platform/orgs/bulk/start", nil)
	job := started.header.Get("Location")
	s.runJob(job[strings.LastIndexByte(job, '/')+1:])
	held := operator.get(path).wants(http.StatusOK, s.Org.Name, "Remove it from all")
	held.submit(path+"/remove", fields{"num_orgs": "2", "once": ""}).wants(http.StatusConflict, "Nothing was changed")
	removing := held.submit(path+"/remove", fields{"num_orgs": "1"})
	job = removing.header.Get("Location")
	s.runJob(job[strings.LastIndexByte(job, '/')+1:])
	free := operator.get(path).wants(http.StatusOK, "Delete the profile")
	free.submit(path+"/duplicate", fields{"duplicate_name": "Early"}).follow().wants(http.StatusOK,
		"The profile Early was created.")
	free.submit(path, fields{"name": "Old"}).follow().wants(http.StatusOK, "The profile was saved.", "Old", "Early")
	operator.get(path).submit(path+"/delete", nil).follow().wants(http.StatusOK, "The profile was deleted.")
	s.as(s.Person(s.MSP.Place(), identity.Admin)).get(list).wants(http.StatusNotFound)
}
