package support_test

import (
	"testing"

	"github.com/tenantry/tenantry/shared/fault"
	"github.com/tenantry/tenantry/shared/identity"
	"github.com/tenantry/tenantry/shared/support"
)

func TestTheProvidersListsAreThoseThatFieldsAreChosenFrom(t *testing.T) {
	w := newWorld(t)
	owner := w.Person(w.MSP.Place(), identity.Admin)
	before := w.newCase(w.customer, "No Wi-Fi")
	_, err := w.Desk.ChangeSetting(t.Context(), w.agent, w.MSP.ID, 0, func(s *support.Setting) { s.SolvedDays = 1 })
	w.Wants(fault.Forbidden, err)
	_, err = w.Desk.ChangeSetting(t.Context(), w.Person(w.ForeignMSP.Place(), identity.Admin), w.MSP.ID, 0, func(s *support.Setting) { s.SolvedDays = 1 })
	w.Wants(fault.NotFound, err)
	changed, err := w.Desk.ChangeSetting(t.Context(), owner, w.MSP.ID, 0, func(s *support.Setting) {
		s.Types = []support.Choice{{Value: "issue", Retired: true}, {Value: "störung", Label: "Störung"}}
		s.Components = []support.Choice{{Value: "ap"}, {Value: "switch"}}
	})
	w.must(err)
	_, err = w.Desk.ChangeSetting(t.Context(), owner, w.MSP.ID, changed.Revision+1, func(s *support.Setting) { s.SolvedDays = 1 })
	w.Wants(fault.Conflict, err)
	c, err := w.Desk.CreateCase(t.Context(), w.customer, w.Org.ID, request("New"))
	w.must(err)
	if c.Type != "störung" {
		t.Errorf("the usual type is %q", c.Type)
	}
	for name, test := range map[string]struct {
		edit func(*support.Fields)
		want fault.Code
	}{
		"a retired type":    {func(f *support.Fields) { f.Type = "issue" }, fault.Invalid},
		"an unknown type":   {func(f *support.Fields) { f.Type = "bug" }, fault.Invalid},
		"a component":       {func(f *support.Fields) { f.Component = "ap" }, ""},
		"another component": {func(f *support.Fields) { f.Component = "printer" }, fault.Invalid},
		"any version":       {func(f *support.Fields) { f.Version = "whatever 1.2" }, ""},
	} {
		wanted := request("New")
		test.edit(&wanted.Fields)
		if _, err := w.Desk.CreateCase(t.Context(), w.customer, w.Org.ID, wanted); fault.CodeOf(err) != test.want {
			t.Errorf("%s: %v", name, err)
		}
	}
	// What a case has it keeps, whatever else changes.
	if after, err := w.Desk.ChangeCase(t.Context(), w.customer, w.Org.ID, before.ID, support.CaseChange{Component: pointer("ap")}); err != nil || after.Type != "issue" {
		t.Errorf("%+v, %v", after.Fields, err)
	}
	if seen, err := w.Desk.OrgSetting(t.Context(), w.customer, w.Org.ID); err != nil || len(seen.Open("component")) != 2 {
		t.Errorf("the customer sees %+v, %v", seen, err)
	}
	if seen, err := w.Desk.OrgSetting(t.Context(), w.Person(w.Foreign.Place(), identity.Write), w.Foreign.ID); err != nil || len(seen.Components) != 0 {
		t.Errorf("another provider's customer sees %+v, %v", seen, err)
	}
}

func TestASettingThatBreaksARuleChangesNothing(t *testing.T) {
	w := newWorld(t)
	owner := w.Person(w.MSP.Place(), identity.Admin)
	for name, edit := range map[string]func(*support.Setting){
		"a value twice":       func(s *support.Setting) { s.Reasons = []support.Choice{{Value: "x"}, {Value: "x"}} },
		"an empty value":      func(s *support.Setting) { s.Reasons = []support.Choice{{Value: " "}} },
		"no type":             func(s *support.Setting) { s.Types = nil },
		"only retired types":  func(s *support.Setting) { s.Types = []support.Choice{{Value: "x", Retired: true}} },
		"too many":            func(s *support.Setting) { s.Versions = make([]support.Choice, support.MaxChoices+1) },
		"days below nothing":  func(s *support.Setting) { s.SolvedDays = -1 },
		"too many days":       func(s *support.Setting) { s.ReopenDays = support.MaxDays + 1 },
		"a customer as agent": func(s *support.Setting) { s.DeskIDs = []string{w.customer.UserID} },
		"nobody as agent":     func(s *support.Setting) { s.DeskIDs = []string{"x"} },
		"a foreigner as agent": func(s *support.Setting) {
			s.DeskIDs = []string{w.Person(w.ForeignMSP.Place(), identity.Helpdesk).UserID}
		},
	} {
		if _, err := w.Desk.ChangeSetting(t.Context(), owner, w.MSP.ID, 0, edit); !fault.Is(err, fault.Invalid) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if s, err := w.Desk.Setting(t.Context(), owner, w.MSP.ID); err != nil || s.Revision != 0 {
		t.Errorf("%+v, %v", s, err)
	}
}

func TestTheDeskIsToldOfWhatNobodyWorksOn(t *testing.T) {
	w := newWorld(t)
	owner := w.Person(w.MSP.Place(), identity.Admin)
	_, err := w.Desk.ChangeSetting(t.Context(), owner, w.MSP.ID, 0, func(s *support.Setting) { s.DeskIDs = []string{w.agent.UserID} })
	w.must(err)
	before := len(w.Outbox())
	c := w.newCase(w.customer, "No Wi-Fi")
	if told := w.told(before); len(told) != 2 || told[1].UserID != w.agent.UserID {
		t.Errorf("told %+v", told)
	}
	before = len(w.Outbox())
	w.comment(w.customer, c, "Any news?")
	if told := w.told(before); len(told) != 1 || told[0].UserID != w.agent.UserID {
		t.Errorf("of a comment told %+v", told)
	}
}
