package pages_test

import (
	"net/http"
	"strings"
	"testing"
)

func TestAPersonEndsOtherSessionsOnAPage(t *testing.T) {
	s := newSite(t)
	here, there, third := s.as(s.customer), s.as(s.customer), s.as(s.customer)
	page := here.get("/account/sessions").wants(http.StatusOK, "Your sessions", "This session", "from ")
	if got := strings.Count(page.raw, `name="session"`); got != 2 {
		t.Fatalf("%d other sessions", got)
	}
	page.submit("/account/sessions", nil).leadsTo("/account/sessions")
	ended := 0
	for _, other := range []*browser{there, third} {
		if got := other.get("/"); got.status == http.StatusSeeOther {
			ended++
		}
	}
	if ended != 1 {
		t.Errorf("%d sessions ended", ended)
	}
	page = here.get("/account/sessions").wants(http.StatusOK, "End all other sessions")
	page.submit("/account/sessions/others", nil).leadsTo("/account/sessions")
	for _, other := range []*browser{there, third} {
		other.get("/account/sessions").leadsTo("/login?next=%2Faccount%2Fsessions")
	}
	if page = here.get("/account/sessions"); strings.Contains(page.raw, `name="session"`) {
		t.Error("another session is left")
	}
}
