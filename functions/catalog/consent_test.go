package catalog_test

import (
	"net/http/httptest"
	"strings"
	"testing"
)

// TestConsentsAreChangedByPeopleWhoLoggedIn walks the change of a consent with the session of each
// role: only the organization's own administrator gives.
func TestConsentsAreChangedByPeopleWhoLoggedIn(t *testing.T) {
	t.Parallel()
	i := newInstallation(t, nil)
	for person, want := range map[string]int{
		"operator": 403, "support": 403, "msp admin": 403, "msp write": 403, "msp read": 403, "org write": 403,
		"org read": 403, "org installer": 403, "foreign msp": 404, "foreign org": 404, "org admin": 200,
	} {
		path := "/orgs/" + i.org.ID + "/consents/support_access/msp"
		got := httptest.NewRecorder()
		i.handler.ServeHTTP(got, i.sessionOf(person, "PUT", path, object{"granted": true}))
		if got.Code != want {
			t.Errorf("%s: %d, want %d: %s", person, got.Code, want, got.Body)
		}
	}
}

// TestWhatAnOrganizationWithholdsIsInNoListOfItsMSP takes the MSP's support access away, and looks
// everywhere where the MSP sees the cases of all its organizations.
func TestWhatAnOrganizationWithholdsIsInNoListOfItsMSP(t *testing.T) {
	t.Parallel()
	i := newInstallation(t, nil)
	calls := []struct{ path, part string }{
		{"/msps/" + i.msp.ID + "/cases", "No Wi-Fi"},
		{"/msps/" + i.msp.ID + "/cases?search=wi-fi&list=all", "No Wi-Fi"},
		{"/msps/" + i.msp.ID + "/cases/count", `"count":1`},
		{"/msps/" + i.msp.ID + "/cases/open", i.org.ID},
		{"/msps/" + i.msp.ID + "/tickets?duration=1d", "No Wi-Fi"},
		{"/msps/" + i.msp.ID + "/logs", "Opened case"},
	}
	look := func(shown bool) {
		t.Helper()
		for _, call := range calls {
			got := i.call("msp admin", "GET", call.path, "", nil)
			if got.Code != 200 || strings.Contains(got.Body.String(), call.part) != shown {
				t.Errorf("%s: %d, shown %t: %s", call.path, got.Code, !shown, got.Body)
			}
		}
	}
	look(true)
	for _, kind := range []string{"support_access", "user_management"} {
		got := httptest.NewRecorder()
		i.handler.ServeHTTP(got, i.sessionOf("org admin", "PUT", "/orgs/"+i.org.ID+"/consents/"+kind+"/msp",
			object{"granted": false}))
		if got.Code != 200 {
			t.Fatalf("%d: %s", got.Code, got.Body)
		}
	}
	look(false)
	if got := i.call("msp admin", "GET", "/msps/"+i.msp.ID+"/admins?limit=100", "", nil); got.Code != 200 ||
		strings.Contains(got.Body.String(), "org.admin@example.com") {
		t.Errorf("%d: %s", got.Code, got.Body)
	}
	for _, path := range []string{"/cases", "/cases/" + i.kase.ID, "/admins"} {
		if got := i.call("msp admin", "GET", "/orgs/"+i.org.ID+path, "", nil); got.Code != 403 {
			t.Errorf("%s: %d", path, got.Code)
		}
	}
}
