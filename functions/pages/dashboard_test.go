package pages_test

import (
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/tenantry/tenantry/shared/identity"
	"github.com/tenantry/tenantry/shared/identity/preference"
	"github.com/tenantry/tenantry/shared/support"
)

func TestTheFirstPageHasTheReadersDetailsAndCases(t *testing.T) {
	s := newSite(t)
	phone := "+39 041 555"
	_, _, err := s.Accounts.ChangeSelf(t.Context(), s.customer, identity.SelfChange{
		Phone: &phone, Preferences: preference.Change{Notifications: map[preference.Kind]bool{preference.CaseOpened: false}},
	})
	s.check(err)
	other := s.open(s.Person(s.Org.Place(), identity.Write), "The printer is on fire", "Help.")
	page := s.as(s.customer).get("/").wants(http.StatusOK, "Your details", "carlo@rialto.example.net", phone,
		"answers, changes", "Your latest cases", "No Wi-Fi in the lobby", "Opened", "Changed")
	if strings.Contains(page.text(), "new cases") || strings.Contains(page.text(), other.Subject) {
		t.Error("the page has what the reader does not want, or the case of another person")
	}
	if text := s.as(s.agent).get("/").text(); strings.Contains(text, "Your latest cases") {
		t.Error("who opened no case has a list of them")
	}
}

func TestTheFirstPageOfAnMSPHasTheQueuesOfItsAgents(t *testing.T) {
	s := newSite(t)
	_, err := s.Cases.Change(t.Context(), s.agent, s.Org.ID, s.kase.ID, support.CaseChange{AssigneeID: &s.agent.UserID})
	s.check(err)
	s.index(s.kase)
	page := s.as(s.agent).get("/msps/"+s.MSP.ID).wants(http.StatusOK, "No Wi-Fi in the lobby", "Rialto Hotels")
	if got := tiles(page); !slices.Equal(got[:3], []string{"1 Mine", "0 Unassigned", "0 Overdue"}) {
		t.Errorf("the tiles are %q", got)
	}
	reader := s.as(s.Person(s.MSP.Place(), identity.Read)).get("/msps/"+s.MSP.ID).wants(http.StatusOK, "Open cases")
	if slices.ContainsFunc(tiles(reader), func(tile string) bool { return strings.HasSuffix(tile, "Mine") }) {
		t.Error("somebody who does not work on cases has a queue")
	}
}
