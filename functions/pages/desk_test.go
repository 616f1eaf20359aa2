package pages_test

import (
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/tenantry/tenantry/shared/identity"
	"github.com/tenantry/tenantry/shared/support/desk"
)

// setting returns the desk setting of the MSP.
func (s *site) setting() desk.Setting {
	s.t.Helper()
	setting, err := s.Desk.Load(s.t.Context(), s.MSP.ID)
	s.check(err)
	return setting
}

// deskPages returns each page of the desk of the MSP once, as its administrator and a reader see it.
func (s *site) deskPages() []*page {
	s.t.Helper()
	owner := s.Person(s.MSP.Place(), identity.Admin)
	answer, err := s.Desk.AddAnswer(s.t.Context(), owner, s.MSP.ID, desk.Answer{Name: "Restart", Text: "Restart it."})
	s.check(err)
	super, reader, msp := s.as(owner), s.as(s.agent), "/msps/"+s.MSP.ID
	levels := super.get(msp + "/desk/service-levels")
	refused := levels.submit(msp+"/desk/service-levels", fields{"monday": "9 to 5"})
	levels.submit(msp+"/desk/service-levels", fields{"once": ""})
	pages := []*page{levels, refused}
	for _, path := range []string{
		"/desk", "/desk/lists/types", "/desk/lists/versions", "/desk/hints", "/desk/rules", "/desk/service-levels", "/answers",
		"/answers/" + answer.ID,
	} {
		pages = append(pages, super.get(msp+path), reader.get(msp+path))
	}
	for _, path := range []string{
		"/desk/lists/types/reset", "/desk/service-levels/delete", "/answers/new", "/answers/" + answer.ID + "/delete",
	} {
		pages = append(pages, super.get(msp+path))
	}
	return pages
}

func TestAnAdministratorKeepsTheListsOfTheDesk(t *testing.T) {
	s := newSite(t)
	super := s.as(s.Person(s.MSP.Place(), identity.Admin))
	overview := "/msps/" + s.MSP.ID + "/desk"
	list := overview + "/lists/types"
	super.get(overview).wants(http.StatusOK, "Lists of "+s.MSP.Name, "Types of cases", "Feature request", "Default",
		"Nothing has been changed yet", "any short text")
	form := super.get(list).wants(http.StatusOK, "4 values")
	form.submit(list, fields{"new_value": "störung", "new_label": "Störung", "label_0": "Incident"}).
		follow().wants(http.StatusOK, "The list was saved.", "5 values", "Customized")
	super.get(list).submit(list, fields{"retired_1": "true"}).follow().wants(http.StatusOK, "The list was saved.")
	super.get(list).submit(list, fields{"move": "up 4"}).follow().wants(http.StatusOK)
	want := []desk.Choice{
		{Value: "issue", Label: "Incident"}, {Value: "bug", Retired: true}, {Value: "feature_request"},
		{Value: "störung", Label: "Störung"}, {Value: "question"},
	}
	if got := s.setting().Types; !slices.Equal(got, want) {
		t.Fatalf("the list is %+v", got)
	}
	super.get(overview).wants(http.StatusOK, "Incident, Feature request, Störung, Question")

	back := super.get(list)
	ticked := back.form(list)
	for _, box := range all(ticked, "input") {
		if attribute(box, "name") == "retired_1" && !has(box, "checked") {
			t.Error("a retired value is not ticked")
		}
	}
	back.submit(list, fields{"retired_1": "", "remove_2": "true", "move": "down 0"}).follow().
		wants(http.StatusOK, "4 values")
	want = []desk.Choice{
		{Value: "bug"}, {Value: "issue", Label: "Incident"}, {Value: "störung", Label: "Störung"}, {Value: "question"},
	}
	if got := s.setting().Types; !slices.Equal(got, want) {
		t.Errorf("the list is %+v", got)
	}
	asked := super.get(list+"/reset").
		wants(http.StatusOK, "Use the default list again: Types of cases?", "which has 4")
	asked.submit(list+"/reset", nil).follow().
		wants(http.StatusOK, "The list is the default again.", "Default", "feature_request")
	super.get(overview + "/lists/subjects").wants(http.StatusNotFound)
	super.get(overview + "/lists/type").wants(http.StatusNotFound)
}

func TestARefusedListKeepsWhatWasTyped(t *testing.T) {
	s := newSite(t)
	s.index(s.kase)
	super := s.as(s.Person(s.MSP.Place(), identity.Admin))
	list := "/msps/" + s.MSP.ID + "/desk/lists/types"
	first, second := super.get(list), super.get(list)
	refused := first.submit(list, fields{"new_value": "bug", "label_0": "Incident"}).
		wants(http.StatusBadRequest, "The list was not saved", `Types has "bug" twice`)
	if refused.value("label_0") != "Incident" || refused.value("new_value") != "bug" {
		t.Error("the form lost what was typed")
	}
	first.submit(list, fields{"remove_0": "true", "once": ""}).
		wants(http.StatusBadRequest, `cases have "issue": retire it instead of removing it`)
	first.submit(list, fields{"new_value": "outage", "once": ""}).follow().wants(http.StatusOK, "5 values")
	stale := second.submit(list, fields{"label_0": "Incident"}).
		wants(http.StatusConflict, "The list was not saved", "New: somebody else added it", "outage")
	if stale.value("label_0") != "Incident" {
		t.Error("the form lost what was typed")
	}
	stale.submit(list, nil).follow().wants(http.StatusOK, "5 values")
	if got := s.setting().Types; got[0].Label != "Incident" || got[4].Value != "outage" {
		t.Errorf("the list is %+v", got)
	}
	reset := super.get(list + "/reset")
	super.get(list).submit(list, fields{"new_value": "quote"}).follow().wants(http.StatusOK)
	reset.submit(list+"/reset", nil).wants(http.StatusConflict, "The list was not changed").
		submit(list+"/reset", nil).follow().wants(http.StatusOK, "4 values")
	form := super.get(list)
	form.submit(list, fields{"new_value": "twice"}).follow().wants(http.StatusOK, "5 values")
	form.submit(list, fields{"new_value": "twice"}).follow().wants(http.StatusOK, "5 values")
	super.get(list).submit(list, fields{"new_value": "any", "revision": "0"}).wants(http.StatusConflict)
}

func TestTheRulesOfTheDeskAreChanged(t *testing.T) {
	s := newSite(t)
	super := s.as(s.Person(s.MSP.Place(), identity.Admin))
	path := "/msps/" + s.MSP.ID + "/desk/rules"
	first := super.get(path).wants(http.StatusOK, "Closing and notices of "+s.MSP.Name, "Default", "Hanna Holm")
	if strings.Contains(first.text(), "Carlo Conti") {
		t.Error("a customer can be told of all cases")
	}
	second := super.get(path)
	first.submit(path, fields{"solved_days": "soon", "reopen_days": "30"}).
		wants(http.StatusBadRequest, "The settings were not saved", "Solved days must be 0 to 365 days")
	first.submit(path, fields{"solved_days": "5", "ask_satisfaction": "true", "desk_ids": s.agent.UserID, "once": ""}).
		follow().wants(http.StatusOK, "The settings were saved.", "Customized")
	if got := s.setting(); got.SolvedDays != 5 || !got.AskSatisfaction || len(got.DeskIDs) != 1 {
		t.Errorf("the setting is %+v", got)
	}
	stale := second.submit(path, fields{"solved_days": "9"}).
		wants(http.StatusConflict, "What is stored now", "Saving replaces it", "Hanna Holm")
	if stale.value("solved_days") != "9" {
		t.Error("the form lost what was typed")
	}
	stale.submit(path, nil).follow().wants(http.StatusOK)
	if got := s.setting(); got.SolvedDays != 9 || got.AskSatisfaction || len(got.DeskIDs) != 0 {
		t.Errorf("the setting is %+v", got)
	}
	super.get(path).submit(path, fields{"desk_ids": s.customer.UserID}).
		wants(http.StatusBadRequest, "does not work on cases here")
	platform := "/platform/desk/rules"
	operator := s.as(s.Operator())
	operator.get(platform).submit(platform, fields{"desk_ids": s.SupportAgent().UserID}).
		follow().wants(http.StatusOK, "The settings were saved.")
}

func TestAServiceLevelIsPromisedChangedAndRemoved(t *testing.T) {
	s := newSite(t)
	super := s.as(s.Person(s.MSP.Place(), identity.Admin))
	path := "/msps/" + s.MSP.ID + "/desk/service-levels"
	first := super.get(path).wants(http.StatusOK, "Nothing promised", "There is no service level yet")
	second := super.get(path)
	typed := fields{
		"name": "Gold", "time_zone": "Europe/Berlin", "monday": "9:00–12:00, 13:00-17:30", "friday": "",
		"holidays": "2026-04-06 Easter Monday\r\n12-25 Christmas\r\n", "first_answer_1": "30m",
		"first_answer_1_warning": "75%", "solution_1": "1h 30m", "solution_1_warning": "20", "first_answer_4": "8h",
	}
	first.submit(path, typed).follow().wants(http.StatusOK, "It applies from now on, also to open cases.", "In force")
	policy := s.setting().ServiceLevel
	if policy == nil || policy.Name != "Gold" || len(policy.Calendar.Hours.Monday) != 2 ||
		policy.Calendar.Hours.Monday[0].Start != "09:00" || policy.Calendar.Hours.Friday != nil ||
		len(policy.Calendar.Holidays) != 2 || policy.Calendar.Holidays[0].Name != "Easter Monday" {
		t.Fatalf("the policy is %+v", policy)
	}
	if one, four := policy.Targets[0], policy.Targets[3]; one.FirstAnswer.Minutes != 30 ||
		one.FirstAnswer.WarnAtPercent != 75 || one.Solution.Minutes != 90 || one.Solution.WarnMinutesBefore != 20 ||
		four.FirstAnswer.Minutes != 480 {
		t.Errorf("the targets are %+v", policy.Targets)
	}
	s.as(s.agent).get(path).wants(http.StatusOK, "Gold", "30m, warned at 75%", "1h 30m, warned 20m before",
		"09:00-12:00, 13:00-17:30", "closed", "12-25 Christmas", "nothing promised").hasNoForms()

	stale := second.submit(path, fields{"name": "Silver"}).
		wants(http.StatusConflict, "What is stored now", "Gold", "30m, warned at 75%")
	if stale.value("name") != "Silver" {
		t.Error("the form lost what was typed")
	}
	again := super.get(path)
	again.submit(path, nil).follow().wants(http.StatusOK)
	if got := s.setting().ServiceLevel; got.Version != policy.Version {
		t.Errorf("an unchanged form makes version %d", got.Version)
	}
	removal := super.get(path+"/delete").wants(http.StatusOK, "Remove the service level of "+s.MSP.Name+"?")
	stale.submit(path, nil).follow().wants(http.StatusOK, "The service level was saved.")
	if got := s.setting().ServiceLevel; got.Name != "Silver" || got.Version == policy.Version {
		t.Errorf("the policy is %+v", got)
	}
	removal.submit(path+"/delete", nil).wants(http.StatusConflict, "The service level was not removed").
		submit(path+"/delete", nil).follow().wants(http.StatusOK, "New cases have no targets", "Nothing promised")
	s.as(s.agent).get(path).wants(http.StatusOK, "There is no service level")
}

func TestAServiceLevelAroundTheClockHasNoHours(t *testing.T) {
	s := newSite(t)
	operator := s.as(s.Operator())
	const path = "/platform/desk/service-levels"
	form := operator.get(path)
	typed := contents(form.form(path))
	typed.Set("when", "always")
	operator.post(path, typed).follow().wants(http.StatusOK, "The service level was saved.")
	setting, err := s.Desk.Load(t.Context(), "")
	s.check(err)
	if !setting.ServiceLevel.Calendar.Always || setting.ServiceLevel.Calendar.Hours.Monday != nil {
		t.Errorf("the calendar is %+v", setting.ServiceLevel.Calendar)
	}
}

func TestWhatAServiceLevelGetsWrongIsSaidAtItsField(t *testing.T) {
	s := newSite(t)
	super := s.as(s.Person(s.MSP.Place(), identity.Admin))
	path := "/msps/" + s.MSP.ID + "/desk/service-levels"
	for field, text := range map[string]string{
		"name": "", "time_zone": "Europe/Atlantis", "monday": "9 to 5", "tuesday": "17:00-09:00", "sunday": "25:00-26:00",
		"holidays": "Christmas", "first_answer_1": "soon", "first_answer_2_warning": "75%", "solution_3": "99999h",
		"solution_4_warning": "half",
	} {
		refused := super.get(path).submit(path, fields{field: text}).
			wants(http.StatusBadRequest, "The service level was not saved")
		if !strings.Contains(refused.raw, `href="#`+field+`"`) || !strings.Contains(refused.raw, `id="`+field+`-wrong"`) {
			t.Errorf("%s: the refusal is not at the field: %s", field, refused.text())
		}
		if got := strings.TrimSpace(refused.value(field)); got != text {
			t.Errorf("%s: the form has %q", field, got)
		}
	}
	closed := fields{"monday": "", "tuesday": "", "wednesday": "", "thursday": "", "friday": ""}
	super.get(path).submit(path, closed).wants(http.StatusBadRequest, "Hours give hours on at least one day")
	if s.setting().ServiceLevel != nil {
		t.Error("a refused form changed something")
	}
}

func TestAnswersArePreparedChangedAndDeleted(t *testing.T) {
	s := newSite(t)
	super := s.as(s.Person(s.MSP.Place(), identity.Admin))
	list := "/msps/" + s.MSP.ID + "/answers"
	super.get(list).wants(http.StatusOK, "There are no prepared answers")
	form := super.get(list+"/new").wants(http.StatusOK, "{{case_number}}")
	refused := form.submit(list+"/new", fields{"name": "", "text": "Hello {{requester}}"}).
		wants(http.StatusBadRequest, "The answer was not saved", "Name must")
	if got := strings.TrimSpace(refused.value("text")); got != "Hello {{requester}}" {
		t.Errorf("the form has %q", got)
	}
	for range 2 { // sent twice, it takes effect once
		form.submit(list+"/new", fields{"name": "Restart", "text": "Restart it.\r\nThen wait."}).
			follow().wants(http.StatusOK, "One answer", "Restart it. Then wait.")
	}
	answers, err := s.Desk.Answers(t.Context(), s.agent, s.MSP.ID)
	s.check(err)
	one := list + "/" + answers[0].ID
	if answers[0].Text != "Restart it.\nThen wait." {
		t.Errorf("the text is %q", answers[0].Text)
	}
	super.get(list+"?search=wait").wants(http.StatusOK, "One answer")
	super.get(list+"?search=reboot").wants(http.StatusOK, "No answer has “reboot”")
	first, second := super.get(one), super.get(one)
	first.submit(one, fields{"name": "Restart the access point"}).follow().
		wants(http.StatusOK, "The answer Restart the access point was saved.")
	stale := second.submit(one, fields{"text": "Unplug it."}).
		wants(http.StatusConflict, "What is stored now", "Restart the access point")
	if got := strings.TrimSpace(stale.value("text")); got != "Unplug it." {
		t.Errorf("the form has %q", got)
	}
	stale.submit(one, nil).follow().wants(http.StatusOK, "Unplug it.")

	reader := s.as(s.agent)
	reader.get(list).wants(http.StatusOK, "Unplug it.").hasNoForms()
	reader.get(one).wants(http.StatusOK, "Unplug it.").hasNoForms()
	reader.get(one + "/delete").wants(http.StatusForbidden)
	reader.get(list + "/new").wants(http.StatusForbidden)
	asked := super.get(one+"/delete").wants(http.StatusOK, "Delete the answer Restart?", "Unplug it.")
	asked.submit(one+"/delete", nil).follow().wants(http.StatusOK, "The answer was deleted.")
	asked.submit(one+"/delete", nil).leadsTo(list)
	asked.submit(one+"/delete", fields{"once": ""}).wants(http.StatusNotFound)
	super.get(one).wants(http.StatusNotFound)
	super.get(list + "/x").wants(http.StatusNotFound)

	operator := s.as(s.Operator())
	const platform = "/platform/answers"
	operator.get(platform+"/new").submit(platform+"/new", fields{"name": "Thanks", "text": "Thank you."}).
		follow().wants(http.StatusOK, "Thanks")
	answers, err = s.Desk.Answers(t.Context(), s.Operator(), "")
	s.check(err)
	one = platform + "/" + answers[0].ID
	operator.get(one).submit(one, fields{"text": "Thank you, {{requester}}."}).follow().wants(http.StatusOK, "saved")
	operator.get(one+"/delete").submit(one+"/delete", nil).follow().wants(http.StatusOK, "There are no prepared answers")
}

func TestTheDeskIsOfItsProvider(t *testing.T) {
	s := newSite(t)
	msp := "/msps/" + s.MSP.ID
	paths := []string{"/desk", "/desk/lists/types", "/desk/hints", "/desk/rules", "/desk/service-levels", "/answers"}
	reader := s.as(s.agent)
	foreign := s.as(s.Person(s.ForeignMSP.Place(), identity.Admin))
	customer, installer := s.as(s.customer), s.as(s.Person(s.MSP.Place(), identity.Installer))
	support, operator := s.as(s.SupportAgent()), s.as(s.Operator())
	for _, path := range paths {
		reader.get(msp + path).wants(http.StatusOK).hasNoForms()
		foreign.get(msp + path).wants(http.StatusNotFound)
		customer.get(msp + path).wants(http.StatusNotFound)
		installer.get(msp + path).wants(http.StatusForbidden)
		operator.get("/platform" + path).wants(http.StatusOK)
		support.get("/platform" + path).wants(http.StatusForbidden)
		customer.get("/platform" + path).wants(http.StatusNotFound)
	}
	for _, path := range []string{"/desk/lists/types/reset", "/desk/service-levels/delete"} {
		reader.get(msp + path).wants(http.StatusForbidden)
		foreign.get(msp + path).wants(http.StatusNotFound)
	}
	super := s.as(s.Person(s.MSP.Place(), identity.Admin))
	for path, form := range map[string]*page{
		"/desk/lists/types": super.get(msp + "/desk/lists/types"), "/desk/rules": super.get(msp + "/desk/rules"),
		"/desk/service-levels": super.get(msp + "/desk/service-levels"), "/answers/new": super.get(msp + "/answers/new"),
	} {
		typed := contents(form.form(msp + path))
		for _, b := range []*browser{reader, foreign} {
			typed.Set("csrf", b.get("/").csrf("/logout"))
			if got := b.post(msp+path, typed); got.status != http.StatusForbidden && got.status != http.StatusNotFound {
				t.Errorf("%s: status %d", path, got.status)
			}
		}
	}
	if got := s.setting(); got.Revision != 0 {
		t.Errorf("the setting is %+v", got)
	}
	for _, entry := range []string{"Prepared answers", "Service levels", "Lists"} {
		reader.get(msp).wants(http.StatusOK, entry)
		operator.get("/platform").wants(http.StatusOK, entry)
	}
	if got := support.get("/platform"); strings.Contains(got.text(), "Service levels") {
		t.Error("a support agent is offered pages that only operators may see")
	}
}
