package pages_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/tenantry/tenantry/shared/apptest"
	"github.com/tenantry/tenantry/shared/identity"
)

func TestAnOperatorCreatesAnMSPAndItsFirstCustomer(t *testing.T) {
	s := newSite(t)
	operator := s.as(s.Operator())
	operator.get("/platform").wants(http.StatusOK, "MSPs", "Direct customers", "Create an MSP")
	form := operator.get("/msps/new").wants(http.StatusOK, "Create an MSP")
	form.submit("/msps/new", fields{"name": ""}).wants(http.StatusBadRequest, "The MSP was not created", "Name must")
	made := form.submit("/msps/new", fields{"name": "Carnia Carrier"})
	made.follow().wants(http.StatusOK, "Carnia Carrier was created.", "Invite its first administrator")
	operator.get("/msps?search=carn").wants(http.StatusOK, "Carnia Carrier", "One in all")
	operator.get("/orgs").wants(http.StatusOK, "Direct customers", "Delta Mills")
	msp := made.header.Get("Location")
	customer := operator.get(msp+"/orgs/new").submit(msp+"/orgs/new", fields{"name": "Hotel Tagliamento"})
	customer.follow().wants(http.StatusOK, "Hotel Tagliamento was created.")
	operator.get(msp+"/orgs").wants(http.StatusOK, "Hotel Tagliamento")
	direct := operator.get("/orgs/new").submit("/orgs/new", fields{"name": "Latteria Nord"})
	direct.follow().wants(http.StatusOK, "Latteria Nord was created.")
	s.as(s.customer).get("/msps/new").wants(http.StatusNotFound)
	s.as(s.customer).get(msp).wants(http.StatusNotFound)
}

func TestAnMSPSeesItsOrganizationsAndTheirOpenCases(t *testing.T) {
	s := newSite(t)
	s.index(s.kase)
	agent := s.as(s.agent)
	agent.get("/msps/"+s.MSP.ID).wants(http.StatusOK, "1 Open cases", s.kase.Subject, s.Org.Name)
	agent.get("/msps/"+s.MSP.ID+"/orgs").wants(http.StatusOK, s.Org.Name, "One open case of "+s.Org.Name)
	agent.get("/orgs/"+s.Org.ID).wants(http.StatusOK, s.kase.Subject, "MSP Helpdesk")
	agent.get("/msps/" + s.MSP.ID + "/orgs/new").wants(http.StatusForbidden)
}

func TestSettingsAreChangedOnceAndAStaleFormIsNot(t *testing.T) {
	s := newSite(t)
	admin := s.as(s.Person(s.Org.Place(), identity.Admin))
	path := "/orgs/" + s.Org.ID + "/settings"
	form := admin.get(path).wants(http.StatusOK, "Storage")
	form.submit(path, fields{"name": "Rialto Hotels & Spa", "session_expiry": "60"}).
		follow().wants(http.StatusOK, "The settings were saved.", "Rialto Hotels & Spa")
	form.submit(path, fields{"name": "Rialto", "session_expiry": "60", "once": ""}).wants(http.StatusConflict)
	admin.get(path).submit(path, fields{"session_expiry": "soon"}).
		wants(http.StatusBadRequest, "Session expiry must be 10 to 20160 minutes")
	admin.get(path).wants(http.StatusOK, "Rialto Hotels & Spa")
	s.as(s.customer).get(path).wants(http.StatusOK, "Rialto Hotels & Spa")

	msp := "/msps/" + s.MSP.ID + "/settings"
	super := s.as(s.Person(s.MSP.Place(), identity.Admin))
	super.get(msp).submit(msp, fields{"name": "Adria Networks AG"}).follow().wants(http.StatusOK, "Adria Networks AG")
	if got := s.as(s.agent).get(msp).wants(http.StatusOK, "Adria Networks AG"); strings.Contains(got.raw, `name="name"`) {
		t.Error("the helpdesk is offered a form that it may not send")
	}
}

func TestAnOperatorLimitsTheStorageOfAnOrganization(t *testing.T) {
	s := newSite(t)
	operator := s.as(s.Operator())
	path := "/orgs/" + s.Direct.ID
	form := operator.get(path + "/settings")
	form.submit(path+"/limits", fields{"storage": "3", "storage_daily": "0.5"}).
		follow().wants(http.StatusOK, "The limits were saved.", "of 3.0 GiB")
	form.submit(path+"/limits", fields{"storage": "-1", "storage_daily": "1", "once": ""}).
		follow().wants(http.StatusOK, "of 3.0 GiB", "Enter GiB of storage from 0, for the limit of the platform, to 1048576.")
}

func TestConsentsAreAskedForGivenAndWithdrawn(t *testing.T) {
	s := newSite(t)
	path := "/orgs/" + s.Org.ID + "/consents"
	admin := s.as(s.Person(s.Org.Place(), identity.Admin))
	page := admin.get(path).wants(http.StatusOK, "May the MSP see and work on your cases?", "Allowed")
	target := path + "/support_access/msp"
	page.submit(target, fields{"granted": "false"}).follow().wants(http.StatusOK, "Your decision was saved", "Not allowed")

	s.Clock.Pass(time.Minute)
	super := s.as(s.Person(s.MSP.Place(), identity.Admin))
	super.get(path).submit(path+"/requests", fields{
		"kind": "support_access", "grantee": "msp", "reason": "The new access points.",
	}).follow().wants(http.StatusOK, "were asked by mail", "The new access points.")
	super.get("/msps/" + s.MSP.ID + "/cases").wants(http.StatusOK)

	tomorrow := s.Clock.Now().Add(48 * time.Hour).Format(time.DateOnly)
	admin.get(path).submit(target, fields{"granted": "true", "until": "2001-01-01"}).
		wants(http.StatusBadRequest, "Nothing was changed")
	admin.get(path).submit(target, fields{"granted": "true", "until": tomorrow}).
		follow().wants(http.StatusOK, "Your decision was saved", "Until")
	admin.get(path).submit(target, fields{"granted": "false"}).follow()
	admin.get(path).submit(target, fields{"granted": "true"}).follow().wants(http.StatusOK, "Your decision was saved")
	for _, kind := range identity.ConsentKinds() {
		for _, grantee := range identity.Grantees() {
			one := path + "/" + string(kind) + "/" + string(grantee)
			admin.get(path).submit(one, fields{"granted": "false"})
			admin.get(path).submit(one, fields{"granted": "true"}).follow().wants(http.StatusOK, "Allowed")
		}
	}
	s.as(s.customer).get(path).wants(http.StatusOK, "Allowed")
}

func TestWhatNeedsThePasswordAgainGoesOnAfterIt(t *testing.T) {
	s := newSite(t)
	admin := s.as(s.Person(s.Org.Place(), identity.Admin))
	path := "/orgs/" + s.Org.ID + "/consents"
	page := admin.get(path)
	s.Clock.Pass(20 * time.Minute)
	asked := page.submit(path+"/support_access/msp", fields{"granted": "false"}).
		wants(http.StatusForbidden, "Enter your password again")
	asked.submit("/login/step_up", fields{"step_up_password": "wrong"}).
		wants(http.StatusBadRequest, "Password not accepted", "Step up password")
	admin.get(path).wants(http.StatusOK)
	resent := asked.submit("/login/step_up", fields{"step_up_password": apptest.Password, "once": ""})
	if resent.status != http.StatusTemporaryRedirect || resent.header.Get("Location") != path+"/support_access/msp" {
		t.Fatalf("the password leads to %d %q: %s", resent.status, resent.header.Get("Location"), resent.text())
	}
}
