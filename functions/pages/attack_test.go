package pages_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/tenantry/tenantry/shared/apptest"
	"github.com/tenantry/tenantry/shared/identity"
	"github.com/tenantry/tenantry/shared/tenant"
)

// TestAFormOfAnotherSiteIsNotKeptForTheLogIn holds because browsers send no cookie with it: a person who
// logs in there would otherwise be led to send on what somebody else wrote.
func TestAFormOfAnotherSiteIsNotKeptForTheLogIn(t *testing.T) {
	s := newSite(t)
	path := "/orgs/" + s.Org.ID + "/invites/new"
	evil := url.Values{"email": {"evil@evil.example"}, "role": {"admin"}, "hours": {"24"}, "csrf": {s.as(s.agent).get("/").csrf("/logout")}}
	ended := s.as(s.customer)
	s.Clock.Pass(identity.SessionLife + 1)
	for name, b := range map[string]*browser{"without cookies": s.stranger(), "with an ended session": ended} {
		page := b.post(path, evil).wants(http.StatusUnauthorized, "Log in to go on")
		if strings.Contains(page.raw, "evil@") {
			t.Errorf("%s: the form is kept: %s", name, page.raw)
		}
		page.submit("/login", fields{"email": s.customer.Email, "password": apptest.Password}).leadsTo("/")
	}
}

func TestAForgedFormIsNotSentOnAfterThePassword(t *testing.T) {
	s := newSite(t)
	admin := s.as(s.Person(s.Org.Place(), identity.Admin))
	admin.get("/")
	s.Clock.Pass(20 * time.Minute)
	admin.post("/orgs/"+s.Org.ID+"/invites/new", url.Values{"email": {"evil@evil.example"}, "role": {"admin"}}).
		wants(http.StatusForbidden, "This form is no longer valid")
}

func TestTheConsentsPageMasksWhoDecided(t *testing.T) {
	s := newSite(t)
	admin := s.Person(s.Org.Place(), identity.Admin)
	for _, kind := range []identity.ConsentKind{identity.SupportAccess, identity.PersonalData} {
		_, err := s.Tenants.ChangeConsent(t.Context(), admin, s.Org.ID, tenant.Decision{
			Kind: kind, Grantee: identity.ToMSP, Granted: kind == identity.SupportAccess,
		})
		s.check(err)
	}
	path := "/orgs/" + s.Org.ID + "/consents"
	s.as(admin).get(path).wants(http.StatusOK, admin.Name())
	if page := s.as(s.agent).get(path).wants(http.StatusOK, "Decided by"); strings.Contains(page.text(), admin.Name()) {
		t.Errorf("the page names who decided: %s", page.text())
	}
}

func TestOnlyAgentsAreToldWhoTheAgentsAre(t *testing.T) {
	s := newSite(t)
	list := "/orgs/" + s.Org.ID + "/cases/bulk"
	for _, role := range []identity.Role{identity.Installer, identity.Read, identity.Admin} {
		b := s.as(s.Person(s.Org.Place(), role))
		page := b.get("/").post(list, "action", "assign", "id", s.Org.ID+":"+s.kase.ID).wants(http.StatusForbidden)
		if strings.Contains(page.text(), "Hanna") {
			t.Errorf("%s: %s", role, page.text())
		}
	}
}

func TestNamesThatAreTooLongAreNotThere(t *testing.T) {
	s := newSite(t)
	long := strings.Repeat("x", 3000)
	b := s.as(s.agent)
	for _, path := range []string{
		"/orgs/" + s.Org.ID + "/cases/" + long, s.casePath() + "/attachments/" + long, "/orgs/" + long + "/cases",
	} {
		b.get(path).wants(http.StatusNotFound)
	}
	b.get("/account/sessions")
	b.get(s.casePath()).post(s.casePath()+"/split", "comment_id", long, "subject", "x").wants(http.StatusNotFound)
}
