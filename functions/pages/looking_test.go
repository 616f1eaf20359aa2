package pages_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/tenantry/tenantry/shared/identity"
	"github.com/tenantry/tenantry/shared/support/desk"
)

func TestAgentsSeeWhoElseHasTheCaseOpen(t *testing.T) {
	s := newSite(t)
	s.as(s.agent).get(s.casePath() + "/viewers").wants(http.StatusOK)
	other := s.Invited(s.MSP.Place(), identity.Write, "bo@adria.example.net", "Bo", "Lind")
	s.as(other).get(s.casePath()+"/viewers").wants(http.StatusOK, "Hanna Holm has this case open")
	s.as(s.customer).get(s.casePath() + "/viewers").wants(http.StatusForbidden)
}

func TestTheSwitcherHasTheRecentPlaces(t *testing.T) {
	s := newSite(t)
	agent := s.as(s.agent)
	agent.get("/recent").wants(http.StatusOK)
	agent.get("/msps/" + s.MSP.ID)
	agent.get(s.casePath())
	text := agent.get("/recent").wants(http.StatusOK, "Recent").text()
	if strings.Index(text, s.Org.Name) > strings.Index(text, s.MSP.Name) {
		t.Errorf("the latest is not first: %s", text)
	}
}

func TestWhatPeopleSayAboutAGuideReachesTheOperator(t *testing.T) {
	s := newSite(t)
	page := s.as(s.customer).get("/help?page=" + s.casePath())
	page.submit("/help", fields{"helpful": "false", "text": strings.Repeat("x", 900)}).
		wants(http.StatusBadRequest, "Your feedback was not saved")
	page.submit("/help", fields{"helpful": "false", "text": "How do I watch a case?", "may_answer": "true", "once": ""}).
		follow().wants(http.StatusOK, "Thank you.")
	operator := s.as(s.Operator())
	operator.get("/platform/feedback").wants(http.StatusOK, "cases/case", "1")
	operator.get("/platform/feedback?page_of=cases%2Fcase").wants(http.StatusOK, "How do I watch a case?", s.customer.Email)
	s.as(s.agent).get("/platform/feedback").wants(http.StatusNotFound)
}

func TestTheProviderExplainsTheFieldsOfTheForm(t *testing.T) {
	s := newSite(t)
	super := s.Person(s.MSP.Place(), identity.Admin)
	_, err := s.Desk.ChangeSetting(t.Context(), super, s.MSP.ID, 0, func(setting *desk.Setting) {
		setting.Hints = map[string]desk.Hint{"attachments": {
			Text: "Attach the support log.", Link: "https://adria.example.net/log", Label: "How to get it",
		}}
	})
	s.check(err)
	page := s.as(s.customer).get("/orgs/"+s.Org.ID+"/cases/new").wants(http.StatusOK, "Attach the support log.", "How to get it")
	if !strings.Contains(page.raw, `href="https://adria.example.net/log"`) {
		t.Error("the link is missing")
	}
}
