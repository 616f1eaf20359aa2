package pages_test

import (
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/tenantry/tenantry/shared/identity"
	"github.com/tenantry/tenantry/shared/support"
)

// tiles returns the texts of the tiles of a page, the present one with a star.
func tiles(p *page) []string {
	var texts []string
	for _, link := range all(p.document, "a") {
		if attribute(link, "class") != "tile" {
			continue
		}
		text := textOf(link)
		if has(link, "aria-current") {
			text += "*"
		}
		texts = append(texts, text)
	}
	return texts
}

func TestTheConsoleOfAnAgentOpensWithTheirOwnCases(t *testing.T) {
	s := newSite(t)
	other := s.open(s.customer, "No power", "Since noon.")
	_, err := s.Cases.Change(t.Context(), s.agent, s.Org.ID, s.kase.ID, support.CaseChange{AssigneeID: &s.agent.UserID})
	s.check(err)
	s.index(s.kase, other)
	list := "/msps/" + s.MSP.ID + "/cases"
	agent := s.as(s.agent)
	start := ""
	for _, link := range all(agent.get("/msps/"+s.MSP.ID).document, "a") {
		if path := attribute(link, "href"); textOf(link) == "Cases" && strings.HasPrefix(path, list) {
			start = path
		}
	}
	if start != list+"?assignee=me" {
		t.Errorf("the menu leads to %q", start)
	}
	mine := agent.get(start).wants(http.StatusOK, "No Wi-Fi in the lobby")
	if got := tiles(mine); !slices.Equal(got, []string{"1 Mine*", "1 Unassigned", "0 Overdue", "2 All open cases"}) {
		t.Errorf("the queues are %q", got)
	}
	if strings.Contains(mine.text(), "No power") {
		t.Error("the queue has the case of nobody")
	}
	if got := tiles(agent.get(list + "?assignee=none&severity=3")); !slices.Contains(got, "1 Unassigned") {
		t.Errorf("with another filter, the queues are %q", got)
	}
	customer := s.as(s.customer).get("/orgs/" + s.Org.ID + "/cases")
	if got := tiles(customer); got != nil {
		t.Errorf("a customer has the queues %q", got)
	}
}

func TestAReportListsAllCasesAndChangesNone(t *testing.T) {
	s := newSite(t)
	old := s.open(s.customer, "The printer was on fire", "It is out.")
	status := support.Closed
	_, err := s.Cases.Change(t.Context(), s.customer, s.Org.ID, old.ID, support.CaseChange{Status: &status})
	s.check(err)
	_, err = s.Cases.Archive(t.Context(), s.customer, s.Org.ID, old.ID)
	s.check(err)
	s.index(s.kase, old)
	for who, place := range map[*browser]string{s.as(s.customer): "/orgs/" + s.Org.ID, s.as(s.agent): "/msps/" + s.MSP.ID} {
		report := who.get(place+"/cases/report").
			wants(http.StatusOK, "Case reports of", "No Wi-Fi in the lobby", "The printer was on fire", "List of all cases")
		if len(all(report.document, "td")) == 0 || strings.Contains(report.raw, `name="id"`) ||
			strings.Contains(report.raw, "/cases/bulk") || strings.Contains(report.raw, "/cases/new") {
			t.Error("the report changes cases")
		}
		filtered := who.get(place+"/cases/report?severity=3&status=closed").wants(http.StatusOK, "The printer was on fire")
		if strings.Contains(filtered.text(), "No Wi-Fi in the lobby") {
			t.Error("the report's filter does nothing")
		}
		csv := filtered.submit(place+"/reports?list=all&severity=3&status=closed", nil)
		if !strings.HasPrefix(csv.header.Get("Location"), place+"/jobs/") {
			t.Errorf("the CSV file leads to %d %q", csv.status, csv.header.Get("Location"))
		}
	}
	s.as(s.Person(s.Foreign.Place(), identity.Admin)).get("/orgs/" + s.Org.ID + "/cases/report").wants(http.StatusNotFound)
}

func TestCasesAreFilteredByWhoOpenedThem(t *testing.T) {
	s := newSite(t)
	admin := s.Invited(s.Org.Place(), identity.Admin, "ada@rialto.example.net", "Ada", "Adler")
	other := s.open(admin, "No power", "Since noon.")
	s.index(s.kase, other)
	list := "/orgs/" + s.Org.ID + "/cases"
	page := s.as(admin).get(list).wants(http.StatusOK, "Carlo Conti", "Ada Adler", "all")
	choices := map[string]string{}
	for _, option := range all(page.document, "option") {
		choices[textOf(option)] = attribute(option, "value")
	}
	if choices["Carlo Conti"] != s.customer.UserID || choices["Ada Adler"] != admin.UserID {
		t.Errorf("the submitters are %q", choices)
	}
	only := s.as(admin).get(list+"?submitter="+s.customer.UserID).wants(http.StatusOK, "No Wi-Fi in the lobby")
	if strings.Contains(only.text(), "No power") {
		t.Error("the list has the cases of others")
	}
}
