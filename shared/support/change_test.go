package support_test

import (
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"

	"github.com/tenantry/tenantry/shared/fault"
	"github.com/tenantry/tenantry/shared/identity"
	"github.com/tenantry/tenantry/shared/support"
)

func pointer[T any](value T) *T { return &value }

func TestCustomersSolveCloseAndOpenAgainAndNothingElse(t *testing.T) {
	w := newWorld(t)
	for status, want := range map[support.Status]fault.Code{
		support.Open: "", support.Solved: "", support.Closed: "",
		support.Pending: fault.Forbidden, support.Hold: fault.Forbidden, "archived": fault.Invalid, "": fault.Invalid,
	} {
		c := w.newCase(w.customer, "No Wi-Fi")
		after, err := w.Desk.ChangeCase(t.Context(), w.customer, w.Org.ID, c.ID, support.CaseChange{Status: &status})
		if got := fault.CodeOf(err); got != want || err == nil && after.Status != status {
			t.Errorf("to %q: got %v, status %s", status, err, after.Status)
		}
	}
}

func TestAgentsSetEveryState(t *testing.T) {
	w := newWorld(t)
	c := w.newCase(w.customer, "No Wi-Fi")
	for _, status := range support.Statuses() {
		if c = w.setStatus(w.agent, c, status); c.Status != status {
			t.Errorf("got %s, want %s", c.Status, status)
		}
	}
}

func TestAnAssigneeIsAnAgentOfTheOrganization(t *testing.T) {
	w := newWorld(t)
	c := w.newCase(w.customer, "No Wi-Fi")
	assign := func(by identity.Principal, id string) (support.Case, error) {
		return w.Desk.ChangeCase(t.Context(), by, w.Org.ID, c.ID, support.CaseChange{AssigneeID: &id})
	}
	_, err := assign(w.customer, w.agent.UserID)
	w.Wants(fault.Forbidden, err)
	for name, id := range map[string]string{
		"the customer":            w.customer.UserID,
		"an observer of the MSP":  w.Person(w.MSP.Place(), identity.Read).UserID,
		"an agent of another MSP": w.Person(w.ForeignMSP.Place(), identity.Helpdesk).UserID,
		"a support agent":         w.SupportAgent().UserID,
		"nobody":                  uuid.NewString(),
		"no id":                   "x",
	} {
		if _, err := assign(w.agent, id); !fault.Is(err, fault.Invalid) {
			t.Errorf("%s: got %v", name, err)
		}
	}
	chief := w.Person(w.MSP.Place(), identity.Admin)
	before := len(w.Outbox())
	got, err := assign(chief, w.agent.UserID)
	w.must(err)
	if got.Assignee == nil || got.Assignee.ID != w.agent.UserID || !got.Assignee.Agent {
		t.Errorf("assignee %+v", got.Assignee)
	}
	if told := w.told(before); len(told) != 2 || told[1].UserID != w.agent.UserID {
		t.Errorf("told %+v, want the submitter and the assignee", told)
	}
	if got, err = assign(w.agent, ""); err != nil || got.Assignee != nil {
		t.Errorf("taken away: %+v, %v", got.Assignee, err)
	}
}

func TestPeopleOfTheSameNameAreNotTheSamePeople(t *testing.T) {
	w := newWorld(t)
	one := w.Invited(w.MSP.Place(), identity.Helpdesk, "kim.1@adria.example.net", "Kim", "Lee")
	two := w.Invited(w.MSP.Place(), identity.Helpdesk, "kim.2@adria.example.net", "Kim", "Lee")
	c := w.newCase(w.customer, "No Wi-Fi")
	for _, kim := range []identity.Principal{one, two} {
		_, err := w.Desk.ChangeCase(t.Context(), w.agent, w.Org.ID, c.ID, support.CaseChange{AssigneeID: &kim.UserID, WatcherIDs: &[]string{kim.UserID}})
		w.must(err)
		got := w.detail(w.agent, c)
		if got.Assignee.ID != kim.UserID || got.Watchers[0].ID != kim.UserID {
			t.Errorf("assigned to %s, watched by %s, want %s", got.Assignee.ID, got.Watchers[0].ID, kim.UserID)
		}
	}
}

func TestAChangeOfAnOldRevisionIsRefusedWithThePresentOne(t *testing.T) {
	w := newWorld(t)
	c := w.newCase(w.customer, "No Wi-Fi")
	w.comment(w.agent, c, "We look into it.")
	_, err := w.Desk.ChangeCase(t.Context(), w.customer, w.Org.ID, c.ID, support.CaseChange{Subject: pointer("Slow Wi-Fi"), Revision: c.Revision})
	found, ok := err.(*fault.Error)
	if !ok || found.Code != fault.Conflict || found.Present != 2 {
		t.Fatalf("got %v", err)
	}
	got, err := w.Desk.ChangeCase(t.Context(), w.customer, w.Org.ID, c.ID, support.CaseChange{Subject: pointer("Slow Wi-Fi"), Revision: found.Present})
	if err != nil || got.Subject != "Slow Wi-Fi" || got.Revision != 3 {
		t.Errorf("got %+v, %v", got, err)
	}
}

func TestOfChangesOfTheSameRevisionOneWins(t *testing.T) {
	w := newWorld(t)
	c := w.newCase(w.customer, "No Wi-Fi")
	codes := make([]fault.Code, 8)
	var wait sync.WaitGroup
	for i := range codes {
		wait.Go(func() {
			_, err := w.Desk.ChangeCase(t.Context(), w.agent, w.Org.ID, c.ID, support.CaseChange{Severity: pointer(1 + i%2), Revision: c.Revision})
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
	w := newWorld(t)
	c := w.newCase(w.customer, "No Wi-Fi")
	changes := []support.CaseChange{
		{Subject: pointer("Slow Wi-Fi")}, {Type: pointer("bug")}, {Component: pointer("AP 12")}, {Reason: pointer("traffic")},
		{Version: pointer("1.2")}, {Environment: pointer("aws")}, {CustomTag: pointer("vip")}, {Severity: pointer(1)},
	}
	var wait sync.WaitGroup
	for _, change := range changes {
		wait.Go(func() {
			if _, err := w.Desk.ChangeCase(t.Context(), w.customer, w.Org.ID, c.ID, change); err != nil {
				t.Error(err)
			}
		})
	}
	wait.Wait()
	want := support.Fields{Subject: "Slow Wi-Fi", Type: "bug", Component: "AP 12", Reason: "traffic", Version: "1.2", Severity: 1, Environment: "aws", CustomTag: "vip"}
	got := w.detail(w.customer, c)
	if diff := cmp.Diff(want, got.Fields); diff != "" {
		t.Error(diff)
	}
	if len(got.History) != len(changes) {
		t.Errorf("%d changes in the history, want %d", len(got.History), len(changes))
	}
}

func TestTheHistoryTellsWhoChangedWhatFromWhatToWhat(t *testing.T) {
	w := newWorld(t)
	c := w.newCase(w.customer, "No Wi-Fi")
	_, err := w.Desk.ChangeCase(t.Context(), w.agent, w.Org.ID, c.ID, support.CaseChange{Severity: pointer(1), Status: pointer(support.Pending), Type: pointer("issue")})
	w.must(err)
	entry := w.detail(w.agent, c).History[0]
	want := map[string]support.Difference{
		"severity": {Before: 3.0, After: 1.0}, "status": {Before: "open", After: "pending"},
	}
	if diff := cmp.Diff(want, entry.Fields); diff != "" || entry.Author.ID != w.agent.UserID {
		t.Errorf("by %s: %s", entry.Author.Name, diff)
	}
}

func TestAChangeThatChangesNothingLeavesNoTrace(t *testing.T) {
	w := newWorld(t)
	c := w.newCase(w.customer, "No Wi-Fi")
	before, entries := len(w.Outbox()), len(w.AuditLog("ORG#"+w.Org.ID))
	got, err := w.Desk.ChangeCase(t.Context(), w.customer, w.Org.ID, c.ID, support.CaseChange{Subject: pointer("No Wi-Fi"), Status: pointer(support.Open)})
	if err != nil || got.Revision != c.Revision {
		t.Errorf("revision %d, %v", got.Revision, err)
	}
	if len(w.Outbox()) != before || len(w.AuditLog("ORG#"+w.Org.ID)) != entries {
		t.Error("it was told or noted")
	}
}

func TestWhatIsNotThereAndWhatIsHiddenAreAnsweredAlike(t *testing.T) {
	w := newWorld(t)
	c := w.newCase(w.customer, "No Wi-Fi")
	stranger := w.Person(w.Neighbour.Place(), identity.Admin)
	for name, test := range map[string]struct {
		by            identity.Principal
		orgID, caseID string
	}{
		"a stranger":                   {stranger, w.Org.ID, c.ID},
		"the case under the own org":   {stranger, w.Neighbour.ID, c.ID},
		"no such case":                 {w.customer, w.Org.ID, uuid.NewString()},
		"no such organization":         {w.customer, uuid.NewString(), c.ID},
		"no ids":                       {w.customer, "", ""},
		"a key instead of an id":       {w.customer, w.Org.ID, c.ID + "#COMMENT"},
		"an installer is told nothing": {w.Person(w.ForeignMSP.Place(), identity.Installer), w.Org.ID, c.ID},
	} {
		ctx := t.Context()
		_, read := w.Desk.Detail(ctx, test.by, test.orgID, test.caseID)
		_, listed := w.Desk.Comments(ctx, test.by, test.orgID, test.caseID, 10, "")
		_, _, commented := w.Desk.AddComment(ctx, test.by, test.orgID, test.caseID, support.NewComment{Text: "x"})
		_, changed := w.Desk.ChangeCase(ctx, test.by, test.orgID, test.caseID, support.CaseChange{Severity: pointer(1)})
		_, stored := w.Desk.StoreFile(ctx, test.by, test.orgID, test.caseID, "a.txt", "text/plain", nil)
		for action, err := range map[string]error{"read": read, "list": listed, "comment": commented, "change": changed, "store": stored} {
			if !fault.Is(err, fault.NotFound) || err.(*fault.Error).Message != fault.Missing().Message {
				t.Errorf("%s: %s gives %v", name, action, err)
			}
		}
	}
}
