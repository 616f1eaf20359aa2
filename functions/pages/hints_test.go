package pages_test

import (
	"maps"
	"net/http"
	"testing"

	"github.com/tenantry/tenantry/shared/identity"
	"github.com/tenantry/tenantry/shared/support/desk"
)

func TestAnAdministratorOfTheProviderChangesTheHints(t *testing.T) {
	s := newSite(t)
	super := s.as(s.Person(s.MSP.Place(), identity.Admin))
	path := "/msps/" + s.MSP.ID + "/desk/hints"
	page := super.get(path).wants(http.StatusOK, "Hints of Adria Networks", "Default")
	page.submit(path, fields{
		"subject_text": "One problem for each case.", "attachments_text": "Attach the log.",
		"attachments_link": "https://adria.example.net/log", "attachments_label": "How",
	}).follow().wants(http.StatusOK, "The hints were saved.", "Customized")
	want := map[string]desk.Hint{
		"subject":     {Text: "One problem for each case."},
		"attachments": {Text: "Attach the log.", Link: "https://adria.example.net/log", Label: "How"},
	}
	if got := s.setting().Hints; !maps.Equal(got, want) {
		t.Errorf("stored are %+v", got)
	}
	s.as(s.customer).get("/orgs/"+s.Org.ID+"/cases/new").
		wants(http.StatusOK, "One problem for each case.", "Attach the log.")
	wrong := fields{"subject_text": "New", "subject_link": "javascript:alert(1)", "subject_label": "x"}
	refused := super.get(path).submit(path, wrong).
		wants(http.StatusBadRequest, "Subject link must be an address that begins with https:// or http://")
	if refused.value("subject_text") != "New" || refused.value("subject_link") != "javascript:alert(1)" {
		t.Error("the form lost what was typed")
	}
	super.get(path).submit(path, fields{"subject_text": "", "subject_link": "https://a.example"}).
		wants(http.StatusBadRequest, "Subject text must not be blank")
	if got := s.setting().Hints; !maps.Equal(got, want) {
		t.Errorf("a refused form changed them to %+v", got)
	}
	super.get(path).submit(path, fields{
		"subject_text": "", "attachments_text": "", "attachments_link": "", "attachments_label": "",
	}).follow().wants(http.StatusOK, "Default")
	if got := s.setting().Hints; len(got) != 0 {
		t.Errorf("emptied hints are %+v", got)
	}
}

func TestHintsThatSomebodyElseChangedAreNotOverwritten(t *testing.T) {
	s := newSite(t)
	super := s.as(s.Person(s.MSP.Place(), identity.Admin))
	path := "/msps/" + s.MSP.ID + "/desk/hints"
	late := super.get(path)
	super.get(path).submit(path, fields{"subject_text": "Theirs"}).follow()
	again := late.submit(path, fields{"subject_text": "Mine"}).
		wants(http.StatusConflict, "What is stored now", "Theirs")
	if got := s.setting().Hints["subject"].Text; got != "Theirs" {
		t.Errorf("stored is %q", got)
	}
	again.submit(path, nil).follow().wants(http.StatusOK, "The hints were saved.")
	if got := s.setting().Hints["subject"].Text; got != "Mine" {
		t.Errorf("sent again, stored is %q", got)
	}
}

func TestWhoMayNotChangeTheDeskReadsItsHints(t *testing.T) {
	s := newSite(t)
	owner := s.Person(s.MSP.Place(), identity.Admin)
	_, err := s.Desk.ChangeSetting(t.Context(), owner, s.MSP.ID, 0, func(setting *desk.Setting) {
		setting.Hints = map[string]desk.Hint{"subject": {Text: "One problem for each case."}}
	})
	s.check(err)
	path := "/msps/" + s.MSP.ID + "/desk/hints"
	reader := s.as(s.agent)
	page := reader.get(path).wants(http.StatusOK, "One problem for each case.")
	page.hasNoForms()
	form := contents(page.form("/logout"))
	form.Set("revision", "1")
	form.Set("subject_text", "Changed")
	reader.post(path, form).wants(http.StatusForbidden)
	if got := s.setting().Hints["subject"].Text; got != "One problem for each case." {
		t.Errorf("stored is %q", got)
	}
	s.as(s.customer).get(path).wants(http.StatusNotFound)
}
