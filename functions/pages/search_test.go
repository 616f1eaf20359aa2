package pages_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
)

func TestCasesAreFoundByAPartOfAWord(t *testing.T) {
	s := newSite(t)
	other := s.open(s.customer, "Принтер не працює", "Since yesterday.")
	s.index(s.kase, other)
	for path, by := range map[string]*browser{"/orgs/" + s.Org.ID + "/cases": s.as(s.customer),
		"/msps/" + s.MSP.ID + "/cases": s.as(s.agent)} {
		if page := by.get(path+"?search="+url.QueryEscape("ПРИНТ")).
			wants(http.StatusOK, "One case", other.Subject); strings.Contains(page.text(), s.kase.Subject) {
			t.Errorf("%s: found %s", path, page.text())
		}
		by.get(path+"?search=since").wants(http.StatusOK, "2 cases", other.Subject, s.kase.Subject)
		by.get(path+"?search=nothing-of-the-kind").wants(http.StatusOK, "No cases match")
		by.get(path+"?search=x").wants(http.StatusOK, "must have at least two letters", s.kase.Subject)
		by.get(path+"?list=closed&search=since").wants(http.StatusOK, "No cases match")
	}
}

func TestANumberLeadsToItsCaseAndANameToItsPlace(t *testing.T) {
	s := newSite(t)
	s.index(s.kase)
	agent := s.as(s.agent)
	agent.get("/search?q=1").leadsTo(s.casePath())
	agent.get("/search?q=lobby").wants(http.StatusOK, "Cases of Adria Networks", s.kase.Subject)
	agent.get("/search?q=rialto").wants(http.StatusOK, "Places", s.Org.Name)
	agent.get("/switch?q=rialto+hot").leadsTo("/orgs/" + s.Org.ID)
	agent.get("/switch?q=").wants(http.StatusOK, s.MSP.Name, s.Org.Name)
	agent.get("/search?q=delta").wants(http.StatusOK, "Nothing found")
}

func TestTheGuideIsThatOfThePage(t *testing.T) {
	s := newSite(t)
	b := s.as(s.customer)
	for page, want := range map[string]string{
		s.casePath():                               "Working on a case",
		"/orgs/" + s.Org.ID + "/cases/new":         "Opening a case",
		"/orgs/" + s.Org.ID + "/cases?list=closed": "The list of cases",
		"/orgs/" + s.Org.ID:                        "Finding your way",
		"https://elsewhere.example.net":            "Finding your way",
	} {
		b.get("/help?page="+url.QueryEscape(page)).wants(http.StatusOK, want, "Keys")
	}
}
