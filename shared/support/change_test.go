package support_test

import (
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"

	"github.com/tenantry/tenantry/shared/fault"
	"github.com/tenantry/tenantry/shared/identity"
	"github.com/tenantry/tenantry/shared/support"
	"github.com/tenantry/tenantry/shared/support/desk"
	"github.com/tenantry/tenantry/shared/support/supporttest"
)

func TestCustomersCanOnlySolveCloseAndReopen(t *testing.T) {
	w := supporttest.NewWorld(t)
	for status, want := range map[support.Status]fault.Code{
		support.Open: "", support.Solved: "", support.Closed: "",
		support.Pending: fault.Forbidden, support.Hold: fault.Forbidden, "archived": fault.Invalid, "": fault.Invalid,
	} {
		c := w.NewCase(w.Customer, "No Wi-Fi")
		after, err := w.Cases.Change(t.Context(), w.Customer, w.Org.ID, c.ID, support.CaseChange{Status: &status})
		if got := fault.CodeOf(err); got != want || err == nil && after.Status != status {
			t.Errorf("to %q: got %v, status %s", status, err, after.Status)
		}
	}
}

func TestAgentsSetEveryState(t *testing.T) {
	w := supporttest.NewWorld(t)
	c := w.NewCase(w.Customer, "No Wi-Fi")
	for _, status := range support.Statuses() {
		if c = w.SetStatus(w.Agent, c, status); c.Status != status {
			t.Errorf("got %s, want %s", c.Status, status)
		}
	}
}

func TestAnAssigneeIsAnAgentOfTheOrganization(t *testing.T) {
	w := supporttest.NewWorld(t)
	c := w.NewCase(w.Customer, "No Wi-Fi")
	assign := func(by identity.Principal, id string) (support.Case, error) {
		return w.Cases.Change(t.Context(), by, w.Org.ID, c.ID, support.CaseChange{AssigneeID: &id})
	}
	_, err := assign(w.Customer, w.Agent.UserID)
	w.Wants(fault.Forbidden, err)
	for name, id := range map[string]string{
		"the customer":            w.Customer.UserID,
		"an observer of the MSP":  w.Person(w.MSP.Place(), identity.Read).UserID,
		"an agent of another MSP": w.Person(w.ForeignMSP.Place(), identity.Helpdesk).UserID,
		"a support agent":         w.SupportAgent().UserID,
		"nobody":                  uuid.NewString(),
		"no id":                   "x",
	} {
		if _, err := assign(w.Agent, id); !fault.Is(err, fault.Invalid) {
			t.Errorf("%s: got %v", name, err)
		}
	}
	chief := w.Person(w.MSP.Place(), identity.Admin)
	before := len(w.Outbox())
	got, err := assign(chief, w.Agent.UserID)
	w.Must(err)
	if got.Assignee == nil || got.Assignee.ID != w.Agent.UserID || !got.Assignee.Agent {
		t.Errorf("assignee %+v", got.Assignee)
	}
	if notices := w.Told(before); len(notices) != 2 || notices[1].UserID != w.Agent.UserID {
		t.Errorf("notified %+v, want the submitter and the assignee", notices)
	}
	if got, err = assign(w.Agent, ""); err != nil || got.Assignee != nil {
		t.Errorf("unassigned: %+v, %v", got.Assignee, err)
	}
}

func TestPeopleOfTheSameNameAreNotTheSamePeople(t *testing.T) {
	w := supporttest.NewWorld(t)
	one := w.Invited(w.MSP.Place(), identity.Helpdesk, "kim.1@adria.example.net", "Kim", "Lee")
	two := w.Invited(w.MSP.Place(), identity.Helpdesk, "kim.2@adria.example.net", "Kim", "Lee")
	c := w.NewCase(w.Customer, "No Wi-Fi")
	for _, kim := range []identity.Principal{one, two} {
		_, err := w.Cases.Change(
			t.Context(),
			w.Agent,
			w.Org.ID,
			c.ID,
			support.CaseChange{AssigneeID: &kim.UserID, WatcherIDs: &[]string{kim.UserID}},
		)
		w.Must(err)
		got := w.Detail(w.Agent, c)
		if got.Assignee.ID != kim.UserID || got.Watchers[0].ID != kim.UserID {
			t.Errorf("assigned to %s, watched by %s, want %s", got.Assignee.ID, got.Watchers[0].ID, kim.UserID)
		}
	}
}

func TestAChangeOfAnOldRevisionIsRefusedWithThePresentRevision(t *testing.T) {
	w := supporttest.NewWorld(t)
	c := w.NewCase(w.Customer, "No Wi-Fi")
	w.Comment(w.Agent, c, "We look into it.")
	_, err := w.Cases.Change(
		t.Context(),
		w.Customer,
		w.Org.ID,
		c.ID,
		support.CaseChange{Subject: supporttest.Pointer("Slow Wi-Fi"), Revision: c.Revision},
	)
	failure, ok := err.(*fault.Error)
	if !ok || failure.Code != fault.Conflict || failure.Present != 2 {
		t.Fatalf("got %v", err)
	}
	got, err := w.Cases.Change(
		t.Context(),
		w.Customer,
		w.Org.ID,
		c.ID,
		support.CaseChange{Subject: supporttest.Pointer("Slow Wi-Fi"), Revision: failure.Present},
	)
	if err != nil || got.Subject != "Slow Wi-Fi" || got.Revision != 3 {
		t.Errorf("got %+v, %v", got, err)
	}
}

func TestOfChangesOfTheSameRevisionOneWins(t *testing.T) {
	w := supporttest.NewWorld(t)
	c := w.NewCase(w.Customer, "No Wi-Fi")
	codes := make([]fault.Code, 8)
	var wait sync.WaitGroup
	for i := range codes {
		wait.Go(func() {
			_, err := w.Cases.Change(
				t.Context(),
				w.Agent,
				w.Org.ID,
				c.ID,
				support.CaseChange{Severity: supporttest.Pointer(1 + i%2), Revision: c.Revision},
			)
			codes[i] = fault.CodeOf(err)
		})
	}
	wait.Wait()
	won := 0
	for _, code := range codes {
		switch code {
		case "":
			won++
		case fault.Conflict:
		default:
			t.Errorf("got %q", code)
		}
	}
	if won != 1 {
		t.Errorf("%d won: %v", won, codes)
	}
}

func TestChangesOfDifferentFieldsWithoutARevisionAreMerged(t *testing.T) {
	w := supporttest.NewWorld(t)
	c := w.NewCase(w.Customer, "No Wi-Fi")
	changes := []support.CaseChange{
		{
			Subject: supporttest.Pointer("Slow Wi-Fi"),
		},
		{Type: supporttest.Pointer("bug")},
		{Component: supporttest.Pointer("AP 12")},
		{Reason: supporttest.Pointer("traffic")},
		{
			Version: supporttest.Pointer("1.2"),
		},
		{Environment: supporttest.Pointer("aws")},
		{CustomTag: supporttest.Pointer("vip")},
		{Severity: supporttest.Pointer(1)},
	}
	var wait sync.WaitGroup
	for _, change := range changes {
		wait.Go(func() {
			if _, err := w.Cases.Change(t.Context(), w.Customer, w.Org.ID, c.ID, change); err != nil {
				t.Error(err)
			}
		})
	}
	wait.Wait()
	want := desk.Fields{
		Subject:     "Slow Wi-Fi",
		Type:        "bug",
		Component:   "AP 12",
		Reason:      "traffic",
		Version:     "1.2",
		Severity:    1,
		Environment: "aws",
		CustomTag:   "vip",
	}
	got := w.Detail(w.Customer, c)
	if diff := cmp.Diff(want, got.Fields); diff != "" {
		t.Error(diff)
	}
	if len(got.History) != len(changes) {
		t.Errorf("%d changes in the history, want %d", len(got.History), len(changes))
	}
}

func TestTheHistoryHasWhoChangedAFieldAndBothValues(t *testing.T) {
	w := supporttest.NewWorld(t)
	c := w.NewCase(w.Customer, "No Wi-Fi")
	_, err := w.Cases.Change(
		t.Context(),
		w.Agent,
		w.Org.ID,
		c.ID,
		support.CaseChange{
			Severity: supporttest.Pointer(1),
			Status:   supporttest.Pointer(support.Pending),
			Type:     supporttest.Pointer("issue"),
		},
	)
	w.Must(err)
	entry := w.Detail(w.Agent, c).History[0]
	want := map[string]support.Difference{
		"severity": {Before: 3.0, After: 1.0}, "status": {Before: "open", After: "pending"},
	}
	if diff := cmp.Diff(want, entry.Fields); diff != "" || entry.Author.ID != w.Agent.UserID {
		t.Errorf("by %s: %s", entry.Author.Name, diff)
	}
}

func TestAChangeThatChangesNothingIsNotRecorded(t *testing.T) {
	w := supporttest.NewWorld(t)
	c := w.NewCase(w.Customer, "No Wi-Fi")
	before, entries := len(w.Outbox()), len(w.AuditLog("ORG#"+w.Org.ID))
	got, err := w.Cases.Change(
		t.Context(),
		w.Customer,
		w.Org.ID,
		c.ID,
		support.CaseChange{Subject: supporttest.Pointer("No Wi-Fi"), Status: supporttest.Pointer(support.Open)},
	)
	if err != nil || got.Revision != c.Revision {
		t.Errorf("revision %d, %v", got.Revision, err)
	}
	if len(w.Outbox()) != before || len(w.AuditLog("ORG#"+w.Org.ID)) != entries {
		t.Error("it was notified or recorded")
	}
}

func TestMissingAndHiddenCasesGetTheSameError(t *testing.T) {
	w := supporttest.NewWorld(t)
	c := w.NewCase(w.Customer, "No Wi-Fi")
	stranger := w.Person(w.Neighbour.Place(), identity.Admin)
	for name, test := range map[string]struct {
		by            identity.Principal
		orgID, caseID string
	}{
		"a stranger":                 {stranger, w.Org.ID, c.ID},
		"the case under the own org": {stranger, w.Neighbour.ID, c.ID},
		"no such case":               {w.Customer, w.Org.ID, uuid.NewString()},
		"no such organization":       {w.Customer, uuid.NewString(), c.ID},
		"no ids":                     {w.Customer, "", ""},
		"a key instead of an id":     {w.Customer, w.Org.ID, c.ID + "#COMMENT"},
		"an installer":               {w.Person(w.ForeignMSP.Place(), identity.Installer), w.Org.ID, c.ID},
	} {
		ctx := t.Context()
		_, read := w.Cases.Detail(ctx, test.by, test.orgID, test.caseID)
		_, listed := w.Cases.Comments(ctx, test.by, test.orgID, test.caseID, 10, "")
		_, _, commented := w.Cases.AddComment(ctx, test.by, test.orgID, test.caseID, support.NewComment{Text: "x"})
		_, changed := w.Cases.Change(
			ctx,
			test.by,
			test.orgID,
			test.caseID,
			support.CaseChange{Severity: supporttest.Pointer(1)},
		)
		_, stored := w.Cases.StoreFile(ctx, test.by, test.orgID, test.caseID, "a.txt", "text/plain", nil)
		for action, err := range map[string]error{"read": read, "list": listed, "comment": commented, "change": changed, "store": stored} {
			if !fault.Is(err, fault.NotFound) || err.(*fault.Error).Message != fault.Missing().Message {
				t.Errorf("%s: %s gives %v", name, action, err)
			}
		}
	}
}
