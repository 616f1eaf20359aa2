package pages_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/tenantry/tenantry/shared/apptest"
	"github.com/tenantry/tenantry/shared/identity"
)

func TestWhatWasTypedSurvivesTheEndOfTheSession(t *testing.T) {
	s := newSite(t)
	comment := s.as(s.customer).get(s.casePath())
	newCase := s.as(s.customer).get("/orgs/" + s.Org.ID + "/cases/new")
	s.Clock.Pass(identity.SessionLife + 1)
	for _, form := range []struct {
		page        *page
		path        string
		typed, want string
		fields      fields
	}{
		{comment, s.casePath(), "comment", "Two words typed for an hour.", fields{"comment": "Two words typed for an hour."}},
		{newCase, "/orgs/" + s.Org.ID + "/cases/new", "description", "It has been down since noon.", fields{
			"subject": "The second floor is offline", "description": "It has been down since noon.",
		}},
	} {
		ended := form.page.submit(form.path, form.fields).
			wants(http.StatusUnauthorized, "Log in to go on")
		ended.submit("/login", fields{"email": s.customer.Email, "password": "wrong"}).
			wants(http.StatusBadRequest, "Log-in failed")
		back := ended.submit("/login", fields{"email": s.customer.Email, "password": apptest.Password}).
			wants(http.StatusOK, "You are logged in again", "What you typed is here")
		if got := strings.TrimSpace(back.value(form.typed)); got != form.want {
			t.Errorf("%s is %q, want %q", form.typed, got, form.want)
		}
		sent := back.submit(form.path, nil)
		if sent.status != http.StatusSeeOther {
			t.Fatalf("sending it again: %d %s", sent.status, sent.text())
		}
		sent.follow().wants(http.StatusOK, form.want)
		s.Clock.Pass(identity.SessionLife + 1)
	}
}
