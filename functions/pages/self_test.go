package pages_test

import (
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/tenantry/tenantry/shared/apptest"
)

func TestAPersonChangesTheAccountAndSeesItAtOnce(t *testing.T) {
	s := newSite(t)
	b := s.as(s.customer)
	page := b.get("/account").wants(http.StatusOK, "Your account", "Times are in UTC.")
	page.submit("/account", fields{"first_name": "Carlotta", "phone": "+39 041 123", "security_notices": "true"}).
		follow().wants(http.StatusOK, "Your details were saved.", "Carlotta Conti")
	page.submit("/account", fields{"first_name": "", "once": ""}).wants(http.StatusBadRequest, "Nothing was saved")
	page.submit("/account/preferences", fields{
		"once": "", "time_zone": "Asia/Tokyo", "theme": "dark", "density": "compact", "language": "de",
	}).follow().wants(http.StatusOK, "Abmelden")
	shown := b.get("/account")
	if !strings.Contains(shown.raw, `data-theme="dark" data-density="compact"`) || !strings.Contains(shown.raw, `lang="de"`) ||
		!strings.Contains(shown.text(), "Asia/Tokyo") {
		t.Errorf("the preferences are not used: %s", shown.raw[:400])
	}
	shown.submit("/account/preferences", fields{"time_zone": "Mars/Olympus"}).
		wants(http.StatusBadRequest, "Time zone must be the name of a time zone")
}

func TestANewPasswordEndsTheOtherSessions(t *testing.T) {
	s := newSite(t)
	here, there := s.as(s.customer), s.as(s.customer)
	form := here.get("/account")
	form.submit("/account/password", fields{"current_password": "wrong", "password": "nine patient glaciers 17"}).
		wants(http.StatusBadRequest, "Nothing was saved", "Current password")
	form.submit("/account/password", fields{"current_password": apptest.Password, "password": "short"}).
		wants(http.StatusBadRequest, "Password")
	form.submit("/account/password", fields{"current_password": apptest.Password, "password": "nine patient glaciers 17"}).
		follow().wants(http.StatusOK, "Your password was changed.")
	there.get("/account").leadsTo("/login?next=%2Faccount")
}

func TestATokenIsShownOnceAndDeleted(t *testing.T) {
	s := newSite(t)
	b := s.as(s.customer)
	form := b.get("/account/tokens").wants(http.StatusOK, "A new token")
	form.submit("/account/tokens", fields{"name": "x", "expire_time": "soon"}).
		wants(http.StatusBadRequest, "The token was not created", "Last day must be a day")
	made := form.submit("/account/tokens", fields{"name": "Backup script", "src_ips": "203.0.113.0/24", "once": ""}).
		wants(http.StatusOK, "Store your token now", "Backup script")
	token := textOf(all(made.document, "pre")[0])
	list := b.get("/account/tokens").wants(http.StatusOK, "Backup script", "203.0.113.0/24")
	if strings.Contains(list.raw, token) || len(token) < 40 {
		t.Error("the token is shown again")
	}
	for _, form := range all(list.document, "form") {
		if action := attribute(form, "action"); strings.HasSuffix(action, "/delete") {
			list.submit(action, nil).follow().wants(http.StatusOK, "The token was deleted.")
		}
	}
	s.Clock.Pass(20 * time.Minute)
	asked := b.get("/account/tokens").submit("/account/tokens", fields{"name": "Later"})
	asked.wants(http.StatusForbidden, "Enter your password again")
}

func TestTheLanguageIsThatOfTheBrowserUntilSomebodyChoosesOne(t *testing.T) {
	s := newSite(t)
	for header, want := range map[string]string{
		"de-AT,de;q=0.9,en;q=0.5": "Anmelden", "fr": "Log in", "": "Log in", "en;q=0.2,de": "Anmelden", "nonsense;;": "Log in",
	} {
		request, err := http.NewRequest(http.MethodGet, s.url+"/login", nil)
		s.check(err)
		request.Header.Set("Accept-Language", header)
		response, err := http.DefaultClient.Do(request)
		s.check(err)
		content, err := io.ReadAll(response.Body)
		s.check(err)
		_ = response.Body.Close()
		if !strings.Contains(string(content), ">"+want+"<") {
			t.Errorf("%q: the page is not %q", header, want)
		}
	}
}
