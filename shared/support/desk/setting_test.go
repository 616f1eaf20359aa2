package desk_test

import (
	"testing"

	"github.com/tenantry/tenantry/shared/fault"
	"github.com/tenantry/tenantry/shared/identity"
	"github.com/tenantry/tenantry/shared/support"
	"github.com/tenantry/tenantry/shared/support/desk"
	"github.com/tenantry/tenantry/shared/support/supporttest"
)

func TestFieldsAreChosenFromTheProvidersLists(t *testing.T) {
	w := supporttest.NewWorld(t)
	owner := w.Person(w.MSP.Place(), identity.Admin)
	before := w.NewCase(w.Customer, "No Wi-Fi")
	_, err := w.Desk.ChangeSetting(t.Context(), w.Agent, w.MSP.ID, 0, func(s *desk.Setting) { s.SolvedDays = 1 })
	w.Wants(fault.Forbidden, err)
	_, err = w.Desk.ChangeSetting(
		t.Context(),
		w.Person(w.ForeignMSP.Place(), identity.Admin),
		w.MSP.ID,
		0,
		func(s *desk.Setting) { s.SolvedDays = 1 },
	)
	w.Wants(fault.NotFound, err)
	changed, err := w.Desk.ChangeSetting(t.Context(), owner, w.MSP.ID, 0, func(s *desk.Setting) {
		s.Types = []desk.Choice{{Value: "issue", Retired: true}, {Value: "störung", Label: "Störung"}}
		s.Components = []desk.Choice{{Value: "ap"}, {Value: "switch"}}
	})
	w.Must(err)
	_, err = w.Desk.ChangeSetting(
		t.Context(),
		owner,
		w.MSP.ID,
		changed.Revision+1,
		func(s *desk.Setting) { s.SolvedDays = 1 },
	)
	w.Wants(fault.Conflict, err)
	c, err := w.Cases.Create(t.Context(), w.Customer, w.Org.ID, supporttest.Request("New"))
	w.Must(err)
	if c.Type != "störung" {
		t.Errorf("the usual type is %q", c.Type)
	}
	for name, test := range map[string]struct {
		edit func(*desk.Fields)
		want fault.Code
	}{
		"a retired type":    {func(f *desk.Fields) { f.Type = "issue" }, fault.Invalid},
		"an unknown type":   {func(f *desk.Fields) { f.Type = "bug" }, fault.Invalid},
		"a component":       {func(f *desk.Fields) { f.Component = "ap" }, ""},
		"another component": {func(f *desk.Fields) { f.Component = "printer" }, fault.Invalid},
		"any version":       {func(f *desk.Fields) { f.Version = "whatever 1.2" }, ""},
	} {
		request := supporttest.Request("New")
		test.edit(&request.Fields)
		if _, err := w.Cases.Create(t.Context(), w.Customer, w.Org.ID, request); fault.CodeOf(err) != test.want {
			t.Errorf("%s: %v", name, err)
		}
	}
	// A case keeps its values, whatever else changes.
	if after, err := w.Cases.Change(
		t.Context(),
		w.Customer,
		w.Org.ID,
		before.ID,
		support.CaseChange{Component: supporttest.Pointer("ap")},
	); err != nil ||
		after.Type != "issue" {
		t.Errorf("%+v, %v", after.Fields, err)
	}
	if seen, err := w.Desk.OrgSetting(
		t.Context(),
		w.Customer,
		w.Org.ID,
	); err != nil ||
		len(seen.Open("component")) != 2 {
		t.Errorf("the customer sees %+v, %v", seen, err)
	}
	if seen, err := w.Desk.OrgSetting(
		t.Context(),
		w.Person(w.Foreign.Place(), identity.Write),
		w.Foreign.ID,
	); err != nil ||
		len(seen.Components) != 0 {
		t.Errorf("another provider's customer sees %+v, %v", seen, err)
	}
}

func TestAnInvalidSettingChangesNothing(t *testing.T) {
	w := supporttest.NewWorld(t)
	owner := w.Person(w.MSP.Place(), identity.Admin)
	for name, edit := range map[string]func(*desk.Setting){
		"a value twice":       func(s *desk.Setting) { s.Reasons = []desk.Choice{{Value: "x"}, {Value: "x"}} },
		"an empty value":      func(s *desk.Setting) { s.Reasons = []desk.Choice{{Value: " "}} },
		"no type":             func(s *desk.Setting) { s.Types = nil },
		"only retired types":  func(s *desk.Setting) { s.Types = []desk.Choice{{Value: "x", Retired: true}} },
		"too many":            func(s *desk.Setting) { s.Versions = make([]desk.Choice, desk.MaxChoices+1) },
		"negative days":       func(s *desk.Setting) { s.SolvedDays = -1 },
		"too many days":       func(s *desk.Setting) { s.ReopenDays = desk.MaxDays + 1 },
		"a customer as agent": func(s *desk.Setting) { s.DeskIDs = []string{w.Customer.UserID} },
		"nobody as agent":     func(s *desk.Setting) { s.DeskIDs = []string{"x"} },
		"a foreigner as agent": func(s *desk.Setting) {
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

func TestTheDeskIsNotifiedOfUnassignedCases(t *testing.T) {
	w := supporttest.NewWorld(t)
	owner := w.Person(w.MSP.Place(), identity.Admin)
	_, err := w.Desk.ChangeSetting(
		t.Context(),
		owner,
		w.MSP.ID,
		0,
		func(s *desk.Setting) { s.DeskIDs = []string{w.Agent.UserID} },
	)
	w.Must(err)
	before := len(w.Outbox())
	c := w.NewCase(w.Customer, "No Wi-Fi")
	if notices := w.Told(before); len(notices) != 2 || notices[1].UserID != w.Agent.UserID {
		t.Errorf("notified %+v", notices)
	}
	before = len(w.Outbox())
	w.Comment(w.Customer, c, "Any news?")
	if notices := w.Told(before); len(notices) != 1 || notices[0].UserID != w.Agent.UserID {
		t.Errorf("notified of a comment %+v", notices)
	}
}

func TestAChangeOfTheDefaultsIsRefusedOnceASettingIsStored(t *testing.T) {
	w := supporttest.NewWorld(t)
	owner := w.Person(w.MSP.Place(), identity.Admin)
	change := func(revision int64, days int) error {
		_, err := w.Desk.ChangeSetting(t.Context(), owner, w.MSP.ID, revision, func(s *desk.Setting) { s.SolvedDays = days })
		return err
	}
	w.Must(change(desk.Unstored, 3))
	w.Wants(fault.Conflict, change(desk.Unstored, 4))
	w.Must(change(0, 5))
}

func TestAnAnswerIsReadByThoseWhoListIt(t *testing.T) {
	w := supporttest.NewWorld(t)
	owner := w.Person(w.MSP.Place(), identity.Admin)
	added, err := w.Desk.AddAnswer(t.Context(), owner, w.MSP.ID, desk.Answer{Name: "Restart", Text: "Restart it."})
	w.Must(err)
	read, err := w.Desk.Answer(t.Context(), w.Agent, w.MSP.ID, added.ID)
	w.Must(err)
	if read != added {
		t.Errorf("got %+v, want %+v", read, added)
	}
	_, err = w.Desk.Answer(t.Context(), w.Customer, w.MSP.ID, added.ID)
	w.Wants(fault.NotFound, err)
	_, err = w.Desk.Answer(t.Context(), w.SupportAgent(), "", added.ID)
	w.Wants(fault.Forbidden, err)
	_, err = w.Desk.Answer(t.Context(), w.Operator(), "", added.ID)
	w.Wants(fault.NotFound, err)
}
