package pages_test

import (
	"net/http"
	"testing"

	"github.com/tenantry/tenantry/shared/support"
	"github.com/tenantry/tenantry/shared/support/lists"
)

func TestEveryFormHasAUniqueOneTimeValue(t *testing.T) {
	s := newSite(t)
	b := s.as(s.customer)
	seen := map[string]bool{}
	for _, page := range []*page{
		s.stranger().get("/login"), s.stranger().get("/recover"), b.get("/"), b.get("/orgs/" + s.Org.ID + "/cases/new"),
		b.get(s.casePath()), b.get(s.casePath()),
	} {
		for _, form := range all(page.document, "form") {
			if attribute(form, "method") != "post" {
				continue
			}
			once := ""
			for _, value := range values(form) {
				if value[0] == "once" {
					once = value[1]
				}
			}
			if once == "" {
				t.Errorf("%s: the form for %s has no one-time value", page.path, attribute(form, "action"))
			}
			seen[once] = true
		}
	}
	if len(seen) != 6 {
		t.Errorf("six pages have %d values", len(seen))
	}
}

func TestAFormThatIsSentTwiceTakesEffectOnce(t *testing.T) {
	s := newSite(t)
	b := s.as(s.customer)
	path := "/orgs/" + s.Org.ID + "/cases/new"
	form := b.get(path)
	typed := fields{"subject": "Slow link", "description": "Since this morning", "severity": "2"}
	first, second := form.submit(path, typed), form.submit(path, typed)
	second.leadsTo(first.header.Get("Location"))
	if got := s.cases(); got != 2 {
		t.Errorf("%d cases", got)
	}
	typed["subject"] = "Slow link upstairs"
	changed := form.submit(path, typed).wants(http.StatusConflict, "This form was sent before, with other contents")
	if changed.value("subject") != "Slow link upstairs" {
		t.Error("the form lost what was typed")
	}
	changed.submit(path, typed).follow().wants(http.StatusOK, "Slow link upstairs")
	if got := s.cases(); got != 3 {
		t.Errorf("sent anew, %d cases", got)
	}
}

func TestACommentThatIsSentTwiceIsAddedOnce(t *testing.T) {
	s := newSite(t)
	b := s.as(s.customer)
	form := b.get(s.casePath())
	send := func(content string) *page {
		return form.submit(s.casePath(), fields{"comment": "See the log"}, file{name: "log.txt", content: content})
	}
	first, second := send("one"), send("one")
	second.leadsTo(first.header.Get("Location"))
	send("two").wants(http.StatusConflict, "This form was sent before, with other contents", "See the log")
	detail, err := s.Cases.Detail(t.Context(), s.customer, s.Org.ID, s.kase.ID)
	s.check(err)
	if len(detail.Comments) != 1 || len(detail.Files) != 1 {
		t.Errorf("%d comments with %d files", len(detail.Comments), len(detail.Files))
	}
}

func TestTheValueOfAFormIsThatOfOneSession(t *testing.T) {
	s := newSite(t)
	path := "/orgs/" + s.Org.ID + "/cases/new"
	first, other := s.as(s.customer).get(path), s.as(s.customer).get(path)
	typed := fields{"subject": "Slow link", "description": "x", "severity": "2", "once": "ONE-VALUE-FOR-BOTH"}
	location := first.submit(path, typed).header.Get("Location")
	again := other.submit(path, typed).header.Get("Location")
	if location == "" || again == "" || location == again || s.cases() != 3 {
		t.Errorf("led to %q, then to %q, %d cases", location, again, s.cases())
	}
}

// cases returns how many open cases the organization has.
func (s *site) cases() int {
	page, err := s.Lists.Search(s.t.Context(), s.customer, lists.Scope{OrgID: s.Org.ID},
		lists.Query{State: support.OpenList, Limit: 100})
	s.check(err)
	return len(page.Lines)
}
