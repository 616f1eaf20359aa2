package pages_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/tenantry/tenantry/shared/identity"
	"github.com/tenantry/tenantry/shared/support"
	"github.com/tenantry/tenantry/shared/tenant"
)

// TestPagesMaskPeopleWithoutTheConsent reads the pages of an agent with and without the consent. Without
// it there is no link that sorts by names, because it would be refused.
func TestPagesMaskPeopleWithoutTheConsent(t *testing.T) {
	s := newSite(t)
	watcher := s.Invited(s.Org.Place(), identity.Read, "wanda@rialto.example.net", "Wanda", "Wójcik")
	_, err := s.Cases.Change(t.Context(), s.customer, s.Org.ID, s.kase.ID,
		support.CaseChange{WatcherIDs: &[]string{watcher.UserID}, CC: &[]string{"copied@rialto.example.net"}})
	s.check(err)
	_, _, err = s.Cases.AddComment(t.Context(), s.customer, s.Org.ID, s.kase.ID, support.NewComment{Text: "Worse now."})
	s.check(err)
	org := "/orgs/" + s.Org.ID + "/cases"
	paths := []string{"/", org, "/msps/" + s.MSP.ID + "/cases", s.casePath(), s.casePath() + "/comments"}
	agent := s.as(s.agent)
	shown := func(part string) int {
		t.Helper()
		count := 0
		for _, path := range paths {
			count += strings.Count(agent.get(path).wants(http.StatusOK).raw, part)
		}
		return count
	}
	parts := []string{"Conti", "Wójcik", "copied@", "sort=-submitter"}
	for _, part := range parts {
		if shown(part) == 0 {
			t.Errorf("with the consent no page has %q", part)
		}
	}
	_, err = s.Tenants.ChangeConsent(t.Context(), s.Person(s.Org.Place(), identity.Admin), s.Org.ID,
		tenant.Decision{Kind: identity.PersonalData, Grantee: identity.ToMSP})
	s.check(err)
	for _, part := range parts {
		if count := shown(part); count > 0 {
			t.Errorf("the pages have %q %d times", part, count)
		}
	}
	agent.get(org + "?sort=submitter").wants(http.StatusForbidden)
	s.as(s.customer).get(s.casePath()).wants(http.StatusOK, "Carlo Conti", "Wanda Wójcik")
}
