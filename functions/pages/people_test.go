package pages_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/tenantry/tenantry/shared/identity"
	"github.com/tenantry/tenantry/shared/tenant"
)

func TestAnAdministratorInvitesChangesAndRemovesPeople(t *testing.T) {
	s := newSite(t)
	admin := s.as(s.Person(s.Org.Place(), identity.Admin))
	path := "/orgs/" + s.Org.ID
	form := admin.get(path+"/invites/new").wants(http.StatusOK, "Tenant Administrator: everything, and the people")
	form.submit(path+"/invites/new", fields{"email": "no address", "role": "write"}).
		wants(http.StatusBadRequest, "No invitation was sent", "Email must be one plain e-mail address")
	form.submit(path+"/invites/new", fields{"email": "nina@rialto.example.net", "role": "write", "hours": "48"}).
		follow().wants(http.StatusOK, "The invitation to nina@rialto.example.net was sent", "48 hours", "Invited")
	list := admin.get(path + "/admins")
	send, revoke := "", ""
	for _, form := range all(list.document, "form") {
		switch action := attribute(form, "action"); {
		case strings.HasSuffix(action, "/send"):
			send = action
		case strings.HasSuffix(action, "/revoke"):
			revoke = action
		}
	}
	list.submit(send, nil).follow().wants(http.StatusOK, "was sent again")
	admin.get(path+"/admins").submit(revoke, nil).follow().wants(http.StatusOK, "The invitation was revoked.")

	person := path + "/admins/" + s.customer.UserID
	admin.get(path+"/admins?search=carlo&role=write").wants(http.StatusOK, "Carlo Conti", "One person")
	admin.get(path+"/admins?search=nobody").wants(http.StatusOK, "Nobody matches")
	page := admin.get(person).wants(http.StatusOK, "Carlo Conti", "Network Admin")
	page.submit(person, fields{"role": "helpdesk"}).follow().wants(http.StatusOK, "Carlo Conti is Helpdesk now.")
	page.submit(person, fields{"role": "emperor", "once": ""}).wants(http.StatusBadRequest, "Nothing was changed")
	customer := s.as(s.customer)
	admin.get(person).submit(person+"/sessions", nil).follow().wants(http.StatusOK, "have ended")
	customer.get("/").leadsTo("/login")
	asked := admin.get(person).submit(person+"/delete", nil).wants(http.StatusOK, "Remove Carlo Conti from Rialto Hotels?")
	asked.submit(person+"/delete", nil).follow().wants(http.StatusOK, "Carlo Conti has no role in Rialto Hotels any more.")
	admin.get(person).wants(http.StatusNotFound)
}

func TestReadersOfThePeopleSeeNoForms(t *testing.T) {
	s := newSite(t)
	reader := s.as(s.Person(s.Org.Place(), identity.Read))
	path := "/orgs/" + s.Org.ID
	for _, page := range []*page{reader.get(path + "/admins"), reader.get(path + "/admins/" + s.customer.UserID)} {
		page.wants(http.StatusOK, "Carlo Conti").hasNoForms()
	}
	reader.get(path + "/invites/new").wants(http.StatusForbidden)
	s.as(s.customer).get(path + "/admins").wants(http.StatusForbidden)
	s.as(s.Person(s.Foreign.Place(), identity.Admin)).get(path + "/admins").wants(http.StatusNotFound)
}

func TestThePeopleOfAnMSPAndThePlatformAreListed(t *testing.T) {
	s := newSite(t)
	super := s.as(s.Person(s.MSP.Place(), identity.Admin))
	super.get("/msps/"+s.MSP.ID+"/admins").
		wants(http.StatusOK, "Hanna Holm", "Helpdesk", "Carlo Conti", "Network Admin · "+s.Org.Name)
	super.get("/msps/"+s.MSP.ID+"/admins/"+s.agent.UserID).wants(http.StatusOK, "Helpdesk")
	operator := s.as(s.Operator())
	operator.get("/platform/admins").wants(http.StatusOK, "Operator")
	operator.get("/platform/invites/new").submit("/platform/invites/new",
		fields{"email": "sara@platform.example.net", "role": "support"}).follow().wants(http.StatusOK, "Invited")
	second := "/platform/admins/" + s.Invited(identity.ThePlatform(), identity.Operator, "otto@platform.example.net", "Otto", "Ott").UserID
	operator.get(second).submit(second, fields{"role": "support"}).follow().wants(http.StatusOK, "is Support agent now.")
	s.as(s.customer).get("/platform/admins").wants(http.StatusNotFound)
}

func TestAnInvitationToAnMSPIsForAllOrForSomeOfItsOrganizations(t *testing.T) {
	s := newSite(t)
	label, err := s.Tenants.NewLabel(t.Context(), s.Operator(), s.MSP.ID, tenant.LabelChange{Name: new("Retail")})
	if err != nil {
		t.Fatal(err)
	}
	_, err = s.Tenants.ChangeOrg(t.Context(), s.Operator(), s.Org.ID, tenant.OrgChange{Labels: &[]string{label.ID}})
	if err != nil {
		t.Fatal(err)
	}
	super, msp := s.as(s.Person(s.MSP.Place(), identity.Admin)), "/msps/"+s.MSP.ID
	form := super.get(msp+"/invites/new").wants(http.StatusOK, "The role holds in", "Retail", s.Org.Name, s.Neighbour.Name)
	sent := fields{"email": "lea@adria.example.net", "role": "helpdesk", "reach": "labels"}
	form.submit(msp+"/invites/new", sent).wants(http.StatusBadRequest, "No invitation was sent", "at least one tick")
	sent["labels"], sent["once"] = label.ID, ""
	form.submit(msp+"/invites/new", sent).follow().wants(http.StatusOK, "lea@adria.example.net", "Helpdesk · label Retail")

	by := s.Below(s.MSP.Place(), identity.Privilege{Scope: identity.LabelScope, Role: identity.Helpdesk, LabelID: label.ID})
	person := msp + "/admins/" + by.UserID
	super.get(msp+"/admins?role=helpdesk").wants(http.StatusOK, "Bela Below", "Helpdesk · label Retail", "Helpdesk · all organizations")
	super.get(person).submit(person, fields{"role": "write", "reach": "labels", "labels": label.ID}).
		follow().wants(http.StatusOK, "Network Admin · label Retail")

	limited := s.as(s.Fresh(by))
	limited.get(msp).wants(http.StatusOK, s.MSP.Name, "Organizations")
	list := limited.get(msp+"/orgs").wants(http.StatusOK, s.Org.Name)
	if strings.Contains(list.text(), s.Neighbour.Name) {
		t.Errorf("the list has %s", s.Neighbour.Name)
	}
	limited.get(msp+"/cases").wants(http.StatusOK, "Cases of "+s.MSP.Name)
	limited.get("/orgs/" + s.Org.ID + "/cases").wants(http.StatusOK)
	for path, status := range map[string]int{
		msp + "/admins": http.StatusForbidden, msp + "/logs": http.StatusForbidden, msp + "/settings": http.StatusForbidden,
		msp + "/labels": http.StatusForbidden, msp + "/jobs": http.StatusForbidden, msp + "/desk": http.StatusForbidden,
		"/orgs/" + s.Neighbour.ID: http.StatusNotFound, "/msps/" + s.ForeignMSP.ID: http.StatusNotFound,
	} {
		limited.get(path).wants(status)
	}
	super.get(person).submit(person, fields{"role": "read", "reach": "all"}).follow().
		wants(http.StatusOK, "Observer · all organizations")
	s.as(s.Fresh(by)).get(msp+"/orgs").wants(http.StatusOK, s.Org.Name, s.Neighbour.Name)
}
