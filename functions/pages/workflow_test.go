package pages_test

import (
	"net/http"
	"strconv"
	"strings"
	"testing"

	"github.com/tenantry/tenantry/shared/identity"
	"github.com/tenantry/tenantry/shared/support"
)

func TestAnAgentWorksOnACase(t *testing.T) {
	s := newSite(t)
	other := s.open(s.customer, "Core switch reboots",
		"Every hour. See https://status.example.net/x, or ask noc@example.net.")
	s.index(s.kase, other)
	path := "/orgs/" + s.Org.ID + "/cases/" + other.ID
	agent := s.as(s.agent)
	page := agent.get(path).wants(http.StatusOK, "Assign to me", "Related cases")
	if !strings.Contains(page.raw, `href="https://status.example.net/x"`) ||
		!strings.Contains(page.raw, `href="mailto:noc@example.net"`) {
		t.Errorf("the addresses are no links: %s", page.raw)
	}
	page.submit(path+"/status", nil) // keeps the form's token used once
	agent.get(path).post(path+"/take").follow().wants(http.StatusOK, "Case 2 is yours.", "Assigned to Hanna Holm")
	edit := agent.get(path+"/edit").wants(http.StatusOK, "Change case 2", "Comes back at")
	edit.submit(path+"/edit", fields{
		"severity": "1", "status": "pending", "return_at": s.Clock.Now().AddDate(0, 0, 2).Format("2006-01-02T15:04"),
		"cc": "a@rialto.example.net b@rialto.example.net",
	}).follow().wants(http.StatusOK, "Case 2 was changed.", "1, most urgent", "Pending")
	conflict := edit.submit(path+"/edit", fields{"once": "", "subject": "Core switch", "severity": "2"}).
		wants(http.StatusConflict, "Somebody else changed the case in the meantime", "1 now, 2 in your form",
			"Core switch reboots now, Core switch in your form")
	if strings.Contains(conflict.text(), "Pending now") {
		t.Error("what the agent did not touch counts as theirs")
	}
	edit.submit(path+"/edit", fields{"once": "", "custom_tag": "vip"}).follow().
		wants(http.StatusOK, "Case 2 was changed.", "1, most urgent", "Pending", "vip")
	conflict.submit(path+"/edit", fields{"custom_tag": "gold"}).
		wants(http.StatusConflict, "vip now, gold in your form").
		submit(path+"/edit", nil).follow().wants(http.StatusOK, "2", "gold", "Case 2 · Core switch", "Pending")
	agent.get(path+"/edit").submit(path+"/edit", fields{"subject": "Core switch reboots"}).follow()
	agent.get(path+"/edit").submit(path+"/edit", fields{"severity": "x"}).
		wants(http.StatusBadRequest, "Severity must be")
	agent.get(path+"/edit").submit(path+"/edit", fields{"return_at": "soon"}).
		wants(http.StatusBadRequest, "Comes back at must be a day and a time")

	links := agent.get(path)
	links.submit(path+"/links", fields{"other": "99"}).wants(http.StatusBadRequest, "Other is not the number of a case")
	links.submit(path+"/links", fields{"other": "1", "once": ""}).follow().wants(http.StatusOK, "Related 1")
	agent.get(path).submit(path+"/links/remove", nil).follow().wants(http.StatusOK, "The cases were changed.")

	comment := agent.get(path).submit(path, fields{"comment": "Please restart it.", "status": "pending"}).follow().
		wants(http.StatusOK, "Please restart it.", "Open a case from this comment")
	comment.submit(path+"/split", fields{"subject": "The restart"}).follow().wants(http.StatusOK, "The restart", "Split from 2")

	merged := agent.get(path).post(path+"/merge", "other", "1").follow().
		wants(http.StatusOK, "Merged into case 1", "Go on there")
	for _, refused := range []string{"Open again", "Write a comment", "Remove the link to case 1"} {
		if strings.Contains(merged.text(), refused) {
			t.Errorf("a merged case offers %q", refused)
		}
	}
	agent.get(path).post(path+"/archive").follow().wants(http.StatusOK, "Case 2 is in the archive.", "In the archive")
	agent.get(path).post(path+"/unarchive").follow().wants(http.StatusOK, "Case 2 is back from the archive.")
	agent.get(path + "/delete").wants(http.StatusForbidden)
}

func TestAnAdministratorDeletesAndRestoresACase(t *testing.T) {
	s := newSite(t)
	admin := s.as(s.Person(s.Org.Place(), identity.Admin))
	path := s.casePath()
	form := admin.get(path+"/delete").wants(http.StatusOK, "Delete case 1?", "Type DELETE")
	form.submit(path+"/delete", fields{"confirmation": "yes"}).wants(http.StatusBadRequest, "The case was not deleted")
	form.submit(path+"/delete", fields{"confirmation": "DELETE", "once": ""}).follow().
		wants(http.StatusOK, "Case 1 was deleted.")
	admin.get("/orgs/"+s.Org.ID+"/cases?list=deleted").wants(http.StatusOK, s.kase.Subject)
	admin.get(path).wants(http.StatusNotFound)
	bin := admin.get("/orgs/" + s.Org.ID + "/cases?list=deleted")
	bin.submit("/orgs/"+s.Org.ID+"/cases/bulk?list=deleted", fields{"action": "restore", "id": s.Org.ID + ":" + s.kase.ID}).
		wants(http.StatusOK, "Restore one case?").
		submit("/orgs/"+s.Org.ID+"/cases/bulk/start?list=deleted", nil).follow().wants(http.StatusOK, "0 of 1")
}

func TestACaseIsOpenedWithFilesAndCopies(t *testing.T) {
	s := newSite(t)
	b, path := s.as(s.customer), "/orgs/"+s.Org.ID+"/cases/new"
	typed := fields{
		"subject": "No Wi-Fi", "description": "Since noon.\r\nEverywhere.", "severity": "2", "type": "issue",
		"cc": "front.desk@rialto.example.net",
	}
	opened := b.get(path).submit(path, typed, file{"log.txt", "line 1"}, file{"two.txt", "line 2"})
	opened.follow().wants(http.StatusOK, "is open. You get a mail", "log.txt", "two.txt", "Everywhere.")
	again := b.get(path).submit(path, fields{"subject": "", "description": "x", "severity": "2"}, file{"log.txt", "line 1"})
	again.wants(http.StatusBadRequest, "Case not opened", "Subject")
	many := make([]file, 30)
	for i := range many {
		many[i] = file{"f" + strconv.Itoa(i), "x"}
	}
	b.get(path).submit(path, typed, many...).follow().wants(http.StatusOK, "Choose at most 20 files.", "No Wi-Fi")
	if s.kase.Status != support.Open {
		t.Error("another case changed")
	}
}
