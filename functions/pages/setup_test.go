package pages_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/tenantry/tenantry/shared/apptest"
)

func TestEveryPageLeadsToSetupWhileThereIsNoOperator(t *testing.T) {
	s, _ := newUnusedSite(t)
	for _, path := range []string{"/", "/login", "/recover", "/orgs/x/cases", "/account/sessions", "/satisfaction?token=x"} {
		s.stranger().get(path).leadsTo("/setup")
	}
	s.stranger().post("/login", nil).leadsTo("/setup")
	s.stranger().get("/nothing").wants(http.StatusNotFound, "This page does not exist")
	if style := s.stranger().get("/").follow().wants(http.StatusOK, "Setup token"); !strings.Contains(style.raw, ".css") {
		t.Error("the page has no style sheet")
	}
}

func TestTheFirstOperatorIsCreatedAndLoggedInOnce(t *testing.T) {
	s, token := newUnusedSite(t)
	b := s.stranger()
	form := b.get("/setup?token=" + token)
	if got := form.value("token"); got != token {
		t.Errorf("the form has the token %q, want that of the link", got)
	}
	typed := fields{"email": "olga@platform.example.net", "first_name": "Olga", "last_name": "Orsini", "password": "password1234"}
	easy := form.submit("/setup", typed)
	easy.wants(http.StatusBadRequest, "Password is too common or too easy to guess")
	if easy.value("first_name") != "Olga" || easy.value("email") != "olga@platform.example.net" || easy.value("token") != token {
		t.Error("the form lost what was typed")
	}
	easy.submit("/setup", fields{"token": "not it", "password": apptest.Password}).
		wants(http.StatusBadRequest, "is not the setup token")
	if done, err := s.Accounts.IsSetUp(t.Context()); err != nil || done {
		t.Fatalf("a refused form did it: %v, %v", done, err)
	}
	easy.submit("/setup", fields{"password": apptest.Password}).leadsTo("/")
	b.get("/").wants(http.StatusOK, "Olga Orsini")
	operator, err := s.Accounts.PersonByEmail(t.Context(), "olga@platform.example.net")
	if err != nil || !operator.Principal("api", "").WorksForPlatform() {
		t.Errorf("%+v, %v", operator, err)
	}
	if strings.Contains(s.log.String(), token) {
		t.Error("the log contains the token")
	}
	for _, visitor := range []*browser{b, s.stranger()} {
		visitor.get("/setup?token="+token).wants(http.StatusNotFound, "already set up")
		visitor.post("/setup", nil).wants(http.StatusNotFound, "already set up")
	}
	s.stranger().get("/login").wants(http.StatusOK, "Password")
}

func TestASetUpInstallationHasNoSetupPage(t *testing.T) {
	newSite(t).stranger().get("/setup").wants(http.StatusNotFound, "already set up")
}
