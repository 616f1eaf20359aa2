package pages_test

import (
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/tenantry/tenantry/shared/identity"
)

// viewLinks returns the names of the saved views that a list shows, the active one with a star.
func viewLinks(p *page) []string {
	var names []string
	for _, nav := range all(p.document, "nav") {
		if attribute(nav, "aria-label") != "Saved views" {
			continue
		}
		for _, link := range all(nav, "a") {
			name := textOf(link)
			if has(link, "aria-current") {
				name += "*"
			}
			names = append(names, name)
		}
	}
	return names
}

func TestAReaderSavesAViewOfAListAndOpensIt(t *testing.T) {
	s := newSite(t)
	s.index(s.kase)
	agent := s.as(s.agent)
	list := "/msps/" + s.MSP.ID + "/cases"
	page := agent.get(list + "?assignee=none&sort=-number&status=&severity=3")
	opened := page.submit("/account/views", fields{"name": "Nobody's"}).follow().
		wants(http.StatusOK, "The view Nobody's was saved.", "No Wi-Fi in the lobby", "Rename or delete the view")
	if opened.path != list+"?assignee=none&severity=3&sort=-number" {
		t.Errorf("the view is at %s", opened.path)
	}
	if got := viewLinks(opened); !slices.Equal(got, []string{"Nobody's*"}) {
		t.Errorf("the views are %q", got)
	}
	if got := viewLinks(agent.get(list)); !slices.Equal(got, []string{"Nobody's"}) {
		t.Errorf("the views of another list are %q", got)
	}
	colleague := s.as(s.Invited(s.MSP.Place(), identity.Helpdesk, "ivo@adria.example.net", "Ivo", "Ilic"))
	if got := viewLinks(colleague.get(opened.path).wants(http.StatusOK, "No Wi-Fi in the lobby")); got != nil {
		t.Errorf("a colleague has the views %q", got)
	}
	page.submit("/account/views", fields{"name": "NOBODY'S", "once": "2"}).
		wants(http.StatusBadRequest, "Name must be one that no other view has")
	page.submit("/account/views", fields{"name": " ", "once": "3"}).wants(http.StatusBadRequest, "Name must not be blank")
	page.submit("/account/views", fields{"name": "a\u202eb", "once": "4"}).wants(http.StatusBadRequest, "control characters")
}

func TestAViewKeepsItsColumns(t *testing.T) {
	s := newSite(t)
	s.index(s.kase)
	agent := s.as(s.agent)
	list := "/msps/" + s.MSP.ID + "/cases"
	form := contents(agent.get(list + "?severity=3").form("/account/columns"))
	form["columns"] = []string{"type", "updated"}
	chosen := agent.post("/account/columns", form).follow()
	view := chosen.submit("/account/views", fields{"name": "Types"}).follow().wants(http.StatusOK, "Issue")
	if !strings.Contains(view.path, "columns="+url.QueryEscape("type,updated")) {
		t.Errorf("the view is at %s", view.path)
	}
	form["columns"], form["once"] = []string{"status"}, nil
	agent.post("/account/columns", form).follow()
	agent.get(view.path).wants(http.StatusOK, "Issue")
	filtered := agent.get(view.path)
	for _, one := range all(filtered.document, "form") {
		if attribute(one, "class") == "filter" && contents(one).Get("columns") != "type,updated" {
			t.Error("another filter loses the columns of the view")
		}
	}
}

func TestAViewIsRenamedAndDeleted(t *testing.T) {
	s := newSite(t)
	agent := s.as(s.agent)
	list := "/msps/" + s.MSP.ID + "/cases"
	view := agent.get(list+"?severity=1").submit("/account/views", fields{"name": "Urgent"}).follow()
	change := "/account/views?view=Urgent&back=" + url.QueryEscape(view.path)
	agent.get(change).submit("/account/views/rename", fields{"name": "www\u2028x"}).wants(http.StatusBadRequest, "one line")
	renamed := agent.get(change).submit("/account/views/rename", fields{"name": "Most urgent"}).follow().
		wants(http.StatusOK, "The view is called Most urgent now.")
	if got := viewLinks(renamed); !slices.Equal(got, []string{"Most urgent*"}) || renamed.path != view.path {
		t.Errorf("the views at %s are %q", renamed.path, got)
	}
	agent.get("/account/views").wants(http.StatusOK, "Most urgent")
	gone := agent.get("/account/views?view=Most+urgent&back="+url.QueryEscape(view.path)).
		submit("/account/views/delete", nil).follow().wants(http.StatusOK, "The view Most urgent was deleted.")
	if got := viewLinks(gone); got != nil || gone.path != view.path {
		t.Errorf("the views at %s are %q", gone.path, got)
	}
	agent.get("/account/views").wants(http.StatusOK, "You have no saved views")
}

func TestAListShowsTheViewsThatItCanShow(t *testing.T) {
	s := newSite(t)
	s.Grant(s.customer, s.MSP.Place(), identity.Helpdesk)
	both := s.as(s.customer)
	msp, org := "/msps/"+s.MSP.ID+"/cases", "/orgs/"+s.Org.ID+"/cases"
	both.get(msp+"?org_id="+s.Org.ID).submit("/account/views", fields{"name": "Rialto"}).follow()
	both.get(msp+"?severity=2").submit("/account/views", fields{"name": "Severe"}).follow()
	if got := viewLinks(both.get(msp)); !slices.Equal(got, []string{"Rialto", "Severe"}) {
		t.Errorf("the MSP's list has the views %q", got)
	}
	if got := viewLinks(both.get(org + "?severity=2")); !slices.Equal(got, []string{"Severe*"}) {
		t.Errorf("the organization's list has the views %q", got)
	}
}
