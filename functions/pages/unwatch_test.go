package pages_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/tenantry/tenantry/shared/apptest"
	"github.com/tenantry/tenantry/shared/audit"
	"github.com/tenantry/tenantry/shared/identity"
	"github.com/tenantry/tenantry/shared/support"
)

// watch makes somebody watch the case, and returns the address that the mails about it have to stop that.
func (s *site) watch(watcher identity.Principal) string {
	s.t.Helper()
	_, err := s.Cases.Change(s.t.Context(), s.customer, s.Org.ID, s.kase.ID,
		support.CaseChange{WatcherIDs: &[]string{watcher.UserID}})
	s.check(err)
	n, err := s.Notifications.Compose(s.t.Context(), support.Notice{
		Event: support.Changed, OrgID: s.Org.ID, CaseID: s.kase.ID, UserID: watcher.UserID,
	})
	s.check(err)
	return "/unwatch?token=" + url.QueryEscape(n.WatchToken)
}

// watchers returns how many people watch the case.
func (s *site) watchers() int {
	s.t.Helper()
	detail, err := s.Cases.Detail(s.t.Context(), s.agent, s.Org.ID, s.kase.ID)
	s.check(err)
	return len(detail.Watchers)
}

// unwatched returns how many entries the audit log has about somebody who no longer watches a case.
func (s *site) unwatched() int {
	s.t.Helper()
	page, err := s.Audit.At(s.t.Context(), s.Person(s.Org.Place(), identity.Admin), s.Org.Place(), audit.Search{
		Start: s.Clock.Now().AddDate(0, 0, -1), End: s.Clock.Now().AddDate(0, 0, 1), Limit: 100, Message: "Stopped watching",
	})
	s.check(err)
	return len(page.Entries)
}

func TestAMailProgramEndsTheWatchingOfACaseWithOneClick(t *testing.T) {
	s := newSite(t)
	watcher := s.Another(s.Org.Place(), identity.Write)
	address := s.watch(watcher)
	b := s.stranger()
	for range 2 { // a program may send it again
		for kind, body := range map[string]string{
			"application/x-www-form-urlencoded": "List-Unsubscribe=One-Click",
			"multipart/form-data; boundary=x": "--x\r\nContent-Disposition: form-data; name=\"List-Unsubscribe\"\r\n\r\n" +
				"One-Click\r\n--x--\r\n",
		} {
			b.do(http.MethodPost, address, kind, strings.NewReader(body)).wants(http.StatusOK, "You no longer watch case 1")
		}
	}
	if s.watchers() != 0 || s.unwatched() != 1 {
		t.Errorf("%d watchers, %d entries in the audit log", s.watchers(), s.unwatched())
	}
}

func TestAPersonStopsWatchingACaseByTheLinkInAMail(t *testing.T) {
	s := newSite(t)
	address := s.watch(s.Another(s.Org.Place(), identity.Write))
	b := s.stranger()
	page := b.get(address).wants(http.StatusOK, "Stop watching case 1?")
	if s.watchers() != 1 {
		t.Error("opening the link ended the watching")
	}
	page.submit(address, nil).wants(http.StatusOK, "You no longer watch case 1")
	if s.watchers() != 0 {
		t.Error("the watching goes on")
	}
}

func TestOnlyALinkFromAMailEndsTheWatchingOfACase(t *testing.T) {
	s := newSite(t)
	watcher := s.Another(s.Org.Place(), identity.Write)
	address := s.watch(watcher)
	b := s.stranger()
	for _, forged := range []string{"/unwatch", "/unwatch?token=x", address + "x", address[:len(address)-1]} {
		b.do(http.MethodPost, forged, "application/x-www-form-urlencoded", strings.NewReader("List-Unsubscribe=One-Click")).
			wants(http.StatusBadRequest, "The link is not valid")
		b.get(forged).wants(http.StatusBadRequest, "The link is not valid")
	}
	s.Revoke(watcher, s.Org.Place()) // nothing is left to end, and nothing is said about the case
	b.do(http.MethodPost, address, "", strings.NewReader("")).wants(http.StatusOK)
	if s.watchers() != 1 || s.unwatched() != 0 {
		t.Errorf("%d watchers, %d entries in the audit log", s.watchers(), s.unwatched())
	}
	s.Clock.Pass(401 * 24 * time.Hour)
	b.get(address).wants(http.StatusBadRequest, "The link has expired")
}

func TestTheWayToTheChoiceOfMailsLeadsThroughTheLogIn(t *testing.T) {
	s := newSite(t)
	const setting = "/login?next=%2Faccount%23mails"
	s.stranger().get(setting).submit("/login", fields{"email": s.customer.Email, "password": apptest.Password}).
		leadsTo("/account#mails")
	page := s.as(s.customer).get(setting)
	page.leadsTo("/account#mails")
	for _, id := range []string{`id="mails"`, `id="security_notices"`} {
		if !strings.Contains(s.as(s.customer).get("/account").raw, id) {
			t.Errorf("the account has no %s", id)
		}
	}
}
