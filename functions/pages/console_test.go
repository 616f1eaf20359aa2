package pages_test

import (
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/tenantry/tenantry/shared/identity"
	"github.com/tenantry/tenantry/shared/support"
	"github.com/tenantry/tenantry/shared/support/desk"
	"github.com/tenantry/tenantry/shared/tenant"
)

func TestAnAgentFiltersTheConsoleAndLeavesAgain(t *testing.T) {
	s := newSite(t)
	urgent := s.open(s.customer, "Core switch reboots", "Every hour.")
	severity := 1
	_, err := s.Cases.Change(t.Context(), s.agent, urgent.OrgID, urgent.ID, support.CaseChange{Severity: &severity})
	s.check(err)
	s.index(s.kase, urgent)
	agent, path := s.as(s.agent), "/msps/"+s.MSP.ID+"/cases"
	shown := agent.get(path+"?severity=1&assignee=none").
		wants(http.StatusOK, "Core switch reboots", "Severity: 1", "Assignee: None", "Clear all")
	if strings.Contains(shown.text(), s.kase.Subject) {
		t.Error("the filter lets other cases pass")
	}
	agent.get(path+"?assignee=me").wants(http.StatusOK, "No cases match")
	agent.get(path+"?due=breached").wants(http.StatusOK, "No cases match", "Due: passed")
	agent.get(path+"?due=soon").wants(http.StatusOK, "One of the filters has a value that no case has")
	agent.get(path+"?severity=9").wants(http.StatusOK, "One of the filters has a value that no case has")
	agent.get(path+"?sort=number").wants(http.StatusOK, "Core switch reboots")
	agent.get(path+"?sort=nonsense&list=nonsense").wants(http.StatusOK, "Core switch reboots")
	agent.get(path+"?org_id="+s.Org.ID).wants(http.StatusOK, "Rialto Hotels")
	customer := s.as(s.customer)
	customer.get("/orgs/"+s.Org.ID+"/cases?type=issue&submitter=me").wants(http.StatusOK, "Type: Issue", "Submitter: me")
	agent.get(path+"/count").wants(http.StatusOK, "By severity", "By organization", "Opened a day")
	customer.get("/orgs/"+s.Org.ID+"/cases/count?list=all").wants(http.StatusOK, "By status", "As a table")
}

func TestSeveralCasesAreChangedAtOnce(t *testing.T) {
	s := newSite(t)
	other := s.open(s.customer, "Core switch reboots", "Every hour.")
	s.index(s.kase, other)
	for _, one := range []struct {
		by   *browser
		path string
	}{{s.as(s.agent), "/msps/" + s.MSP.ID}, {s.as(s.Person(s.Org.Place(), identity.Admin)), "/orgs/" + s.Org.ID}} {
		list := one.by.get(one.path+"/cases").wants(http.StatusOK, "selected", "Tag…")
		list.submit(one.path+"/cases/bulk", fields{"action": "tag"}).follow().
			wants(http.StatusOK, "Tick the cases first")
		list.submit(one.path+"/cases/bulk", fields{"action": "burn", "id": s.Org.ID + ":" + s.kase.ID}).follow().
			wants(http.StatusOK, "Tick the cases first")
		asked := list.submit(one.path+"/cases/bulk", fields{"action": "tag", "id": s.Org.ID + ":" + s.kase.ID}).
			wants(http.StatusOK, "Tag one case")
		asked.submit(one.path+"/cases/bulk/start", fields{"value": strings.Repeat("x", 200)}).
			wants(http.StatusBadRequest, "Nothing was changed")
		asked.submit(one.path+"/cases/bulk/start", fields{"value": "lobby"}).follow().
			wants(http.StatusOK, "0 of 1", "Cancel what waits")
	}
	agent := s.as(s.agent)
	list := agent.get("/msps/" + s.MSP.ID + "/cases")
	list.submit("/msps/"+s.MSP.ID+"/cases/bulk", fields{"action": "assign", "id": s.Org.ID + ":" + s.kase.ID}).
		wants(http.StatusOK, "Assign one case", "Hanna Holm").
		submit("/msps/"+s.MSP.ID+"/cases/bulk/start", nil).
		wants(http.StatusBadRequest, "Value must be an agent, or nobody").
		submit("/msps/"+s.MSP.ID+"/cases/bulk/start", fields{"value": "nobody"}).follow().wants(http.StatusOK, "0 of 1")
	admin := s.as(s.Person(s.Org.Place(), identity.Admin))
	remove := admin.get("/orgs/"+s.Org.ID+"/cases").
		submit("/orgs/"+s.Org.ID+"/cases/bulk", fields{"action": "delete", "id": s.Org.ID + ":" + s.kase.ID}).
		wants(http.StatusOK, "Delete one case?", "Type DELETE to go on")
	remove.submit("/orgs/"+s.Org.ID+"/cases/bulk/start", fields{"confirmation": "delete"}).
		wants(http.StatusBadRequest, "Nothing was changed")
	remove.submit("/orgs/"+s.Org.ID+"/cases/bulk/start", fields{"confirmation": "DELETE"}).follow().
		wants(http.StatusOK, "0 of 1")
}

// runJob does what the workers of a job would do.
func (s *site) runJob(id string) {
	s.t.Helper()
	for _, message := range s.Outbox() {
		if strings.Contains(string(message.Body), id) {
			s.check(s.Jobs.Run(s.t.Context(), message))
		}
	}
}

func TestTheListIsSavedAsAFile(t *testing.T) {
	s := newSite(t)
	s.index(s.kase)
	for path, by := range map[string]*browser{"/orgs/" + s.Org.ID: s.as(s.customer), "/msps/" + s.MSP.ID: s.as(s.agent)} {
		job := by.get(path+"/cases?severity=3").submit(path+"/reports?severity=3", nil)
		page := job.follow().wants(http.StatusOK, "The file is being written.", "Download it")
		for _, link := range all(page.document, "a") {
			if to := attribute(link, "href"); strings.HasPrefix(to, path+"/reports/") {
				by.get(to).follow().wants(http.StatusOK, "The file is not there yet.")
				s.runJob(to[strings.LastIndexByte(to, '/')+1:])
				job.follow().wants(http.StatusOK, "Download the file")
				if file := by.get(to); !strings.Contains(file.header.Get("Location"), "/downloads/") {
					t.Errorf("the file is at %d %q", file.status, file.header.Get("Location"))
				}
			}
		}
	}
}

func TestASupportAgentWorksOnTheCasesOfDirectCustomers(t *testing.T) {
	s := newSite(t)
	admin := s.Person(s.Direct.Place(), identity.Admin)
	granted := tenant.Decision{Kind: identity.SupportAccess, Grantee: identity.ToOperator, Granted: true}
	_, err := s.Tenants.ChangeConsent(t.Context(), admin, s.Direct.ID, granted)
	s.check(err)
	kase, err := s.Cases.Create(t.Context(), admin, s.Direct.ID,
		support.NewCase{Fields: desk.Fields{Subject: "The gateway is gone"}, Description: "Since noon."})
	s.check(err)
	s.index(kase)
	agent := s.as(s.Person(identity.ThePlatform(), identity.Support))
	agent.get("/platform").
		wants(http.StatusOK, "0 Mine", "1 Unassigned", "Recent cases", "The gateway is gone", "Delta Mills")
	list := agent.get("/platform/cases?assignee=none").
		wants(http.StatusOK, "Cases of direct customers", "The gateway is gone", "Delta Mills")
	list.submit("/platform/cases/bulk?assignee=none", fields{"action": "tag", "id": s.Direct.ID + ":" + kase.ID}).
		wants(http.StatusOK, "Tag one case").
		submit("/platform/cases/bulk/start?assignee=none", fields{"value": "gateway"}).follow().wants(http.StatusOK, "0 of 1")
	agent.get("/platform/cases/count").wants(http.StatusOK, "By severity")
	job := agent.get("/platform/cases").submit("/platform/reports", nil)
	path := job.header.Get("Location")
	s.runJob(path[strings.LastIndexByte(path, '/')+1:])
	file := agent.get("/platform/reports/" + path[strings.LastIndexByte(path, '/')+1:])
	if !strings.Contains(file.header.Get("Location"), "/downloads/") {
		t.Errorf("the file is at %d %q: %s", file.status, file.header.Get("Location"), file.text())
	}
	s.as(s.Operator()).get("/platform/cases").wants(http.StatusForbidden)
	s.as(s.customer).get("/platform/cases").wants(http.StatusNotFound)
}

func TestAReaderChoosesTheColumnsOfTheLists(t *testing.T) {
	s := newSite(t)
	s.index(s.kase)
	agent := s.as(s.agent)
	list := "/msps/" + s.MSP.ID + "/cases"
	heads := func(page *page) []string {
		var labels []string
		for _, head := range all(page.document, "th") {
			if attribute(head, "scope") == "col" {
				labels = append(labels, strings.TrimRight(textOf(head), " ▲▼"))
			}
		}
		return labels
	}
	usual := []string{
		"", "Number", "Subject", "Organization", "Status", "Severity", "Submitter", "Assigned to", "Changed",
	}
	page := agent.get(list + "?severity=3")
	if got := heads(page); !slices.Equal(got, usual) {
		t.Errorf("the usual columns are %q", got)
	}
	form := contents(page.form("/account/columns"))
	if got := form["columns"]; len(got) != 6 || slices.Contains(got, "type") {
		t.Errorf("ticked are %q", got)
	}
	form["columns"] = []string{"updated", "type", "nonsense"}
	chosen := agent.post("/account/columns", form).follow().wants(http.StatusOK, "No Wi-Fi in the lobby")
	if chosen.path != list+"?severity=3" {
		t.Errorf("the list is at %s", chosen.path)
	}
	if got, want := heads(chosen), []string{"", "Number", "Subject", "Changed", "Type"}; !slices.Equal(got, want) {
		t.Errorf("the chosen columns are %q", got)
	}
	form["columns"] = nil
	form["once"] = nil
	if got := heads(agent.post("/account/columns", form).follow()); !slices.Equal(got, usual) {
		t.Errorf("without a choice, the columns are %q", got)
	}
	form["list"], form["columns"] = []string{"Cases!"}, []string{"type"}
	agent.post("/account/columns", form).wants(http.StatusBadRequest, "wrong name of a list")
}
