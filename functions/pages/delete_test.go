package pages_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/tenantry/tenantry/shared/identity"
	"github.com/tenantry/tenantry/shared/tenant"
)

func TestAnOrganizationIsDeletedByItsTypedNameAndRestoredFromTheBin(t *testing.T) {
	s := newSite(t)
	super := s.as(s.Person(s.MSP.Place(), identity.Admin))
	org, msp := "/orgs/"+s.Org.ID, "/msps/"+s.MSP.ID
	super.get(org+"/settings").wants(http.StatusOK, "Delete the organization")
	form := super.get(org+"/delete").wants(http.StatusOK, "Delete "+s.Org.Name, "Type the name of the organization")
	form.submit(org+"/delete", fields{"confirm": "Rialto"}).wants(http.StatusBadRequest, "Nothing was deleted",
		"Confirm must be")
	form.submit(org+"/delete", fields{"confirm": s.Org.Name}).follow().
		wants(http.StatusOK, s.Org.Name+" was deleted. It can be restored for 30 days.", "Deleted organizations")
	for _, somebody := range []*browser{super, s.as(s.customer), s.as(s.agent)} {
		somebody.get(org).wants(http.StatusNotFound)
	}
	s.as(s.customer).get("/").wants(http.StatusOK)
	s.as(s.customer).get(msp + "/orgs/deleted").wants(http.StatusNotFound)
	page := s.as(s.agent).get(msp+"/orgs/deleted").wants(http.StatusOK, s.Org.Name)
	if strings.Contains(page.raw, "/restore") {
		t.Error("an agent is offered to restore it")
	}
	bin := super.get(msp+"/orgs/deleted").wants(http.StatusOK, s.Org.Name, "Goes for good", "Restore")
	s.as(s.Operator()).get("/platform/orgs/deleted").wants(http.StatusOK, s.Org.Name, s.MSP.Name)
	bin.submit(org+"/restore", nil).follow().wants(http.StatusOK, s.Org.Name+" was restored.")
	super.get(msp+"/orgs/deleted").wants(http.StatusOK, "The bin is empty")
	admin := s.as(s.Person(s.Org.Place(), identity.Admin))
	if page := admin.get(org + "/settings"); strings.Contains(page.raw, "/delete") {
		t.Error("its own administrator is offered to delete it")
	}
	s.as(s.Person(s.Org.Place(), identity.Admin)).get(org + "/delete").wants(http.StatusForbidden)
}

func TestManyOrganizationsAreDeletedByTheTypedWord(t *testing.T) {
	s := newSite(t)
	super := s.as(s.Person(s.MSP.Place(), identity.Admin))
	msp := "/msps/" + s.MSP.ID
	orgs := super.get(msp+"/orgs").wants(http.StatusOK, "Delete", "Go on with all 2 that match…")
	orgs.submit(msp+"/orgs/bulk", fields{"action": "delete"}).follow().wants(http.StatusOK, "Tick the organizations first")
	ask := orgs.submit(msp+"/orgs/bulk", fields{"action": "delete", "id": s.Org.ID}).
		wants(http.StatusOK, "Delete one organization", s.Org.Name, "Type DELETE")
	ask.submit(msp+"/orgs/bulk/start", fields{"confirm": "delete", "once": ""}).wants(http.StatusBadRequest,
		"Nothing was changed", "Confirm must be DELETE")
	started := ask.submit(msp+"/orgs/bulk/start", fields{"confirm": "DELETE"})
	started.follow().wants(http.StatusOK, "Delete one organization")
	job := started.header.Get("Location")
	s.runJob(job[strings.LastIndexByte(job, '/')+1:])
	super.get(job).wants(http.StatusOK, "Done 1")
	super.get(msp+"/orgs").wants(http.StatusOK, "One in all", s.Neighbour.Name)
	super.get(msp+"/orgs/deleted").wants(http.StatusOK, s.Org.Name)
	super.get(msp+"/orgs").submit(msp+"/orgs/bulk", fields{"action": "delete", "all": "true"}).
		wants(http.StatusOK, "Delete one organization", s.Neighbour.Name)
}

func TestAnActionOnAllThatMatchIsNotStartedForOthersThanWereShown(t *testing.T) {
	s := newSite(t)
	super := s.as(s.Person(s.MSP.Place(), identity.Admin))
	msp := "/msps/" + s.MSP.ID
	ask := super.get(msp+"/orgs").submit(msp+"/orgs/bulk", fields{"action": "delete", "all": "true"}).
		wants(http.StatusOK, "Delete 2 organizations")
	s.NewOrg(s.MSP.ID, "Lido Spa")
	again := ask.submit(msp+"/orgs/bulk/start", fields{"confirm": "DELETE"}).
		wants(http.StatusConflict, "Nothing was changed", "look at them again", "Lido Spa")
	again.submit(msp+"/orgs/bulk/start", fields{"confirm": "DELETE"}).follow().wants(http.StatusOK,
		"Delete 3 organizations")
}

func TestAnMSPIsDeletedByItsTypedNameWhenItHasNoOrganizations(t *testing.T) {
	s := newSite(t)
	operator, msp := s.as(s.Operator()), "/msps/"+s.MSP.ID
	super := s.as(s.Person(s.MSP.Place(), identity.Admin))
	if page := super.get(msp + "/settings"); strings.Contains(page.raw, "/delete") {
		t.Error("its super user is offered to delete it")
	}
	super.get(msp + "/delete").wants(http.StatusForbidden)
	operator.get(msp+"/settings").wants(http.StatusOK, "Delete the MSP")
	page := operator.get(msp+"/delete").wants(http.StatusOK, "Delete "+s.MSP.Name, "It has 2 organizations", "See the organizations")
	if strings.Contains(page.raw, `name="confirm"`) {
		t.Error("it is offered with organizations")
	}
	for _, org := range []tenant.Org{s.Org, s.Neighbour} {
		_, err := s.Tenants.TransferOrg(t.Context(), s.Operator(), org.ID, tenant.Transfer{Operator: true})
		if err == nil {
			err = s.Handover.Finish(t.Context(), org.ID)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	form := operator.get(msp+"/delete").wants(http.StatusOK, "Type the name of the MSP: "+s.MSP.Name, "Accounts stay")
	form.submit(msp+"/delete", fields{"confirm": "Adria"}).wants(http.StatusBadRequest, "Nothing was deleted", "Confirm must be")
	form.submit(msp+"/delete", fields{"confirm": s.MSP.Name}).follow().wants(http.StatusOK, s.MSP.Name+" was deleted.")
	operator.get(msp).wants(http.StatusNotFound)
	super.get(msp).wants(http.StatusNotFound)
	super.get("/").wants(http.StatusOK)
}
