package support_test

import (
	"slices"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"

	"github.com/tenantry/tenantry/shared/fault"
	"github.com/tenantry/tenantry/shared/identity"
	"github.com/tenantry/tenantry/shared/support"
	"github.com/tenantry/tenantry/shared/support/desk"
	"github.com/tenantry/tenantry/shared/support/lists"
	"github.com/tenantry/tenantry/shared/support/supporttest"
)

func TestANewCaseHasDefaultValues(t *testing.T) {
	w := supporttest.NewWorld(t)
	got := w.NewCase(w.Customer, "No Wi-Fi")
	now := w.Clock.Now().UnixMicro()
	want := support.Case{
		ID:        got.ID,
		Number:    1,
		OrgID:     w.Org.ID,
		MSPID:     w.MSP.ID,
		Status:    support.Open,
		Revision:  1,
		Stored:    1,
		Created:   now,
		Updated:   now,
		Fields:    desk.Fields{Subject: "No Wi-Fi", Type: "issue", Severity: 3},
		Submitter: support.Party{ID: w.Customer.UserID, Name: "Carlo Conti", Email: "carlo@rialto.example.net"},
		Watchers:  []support.Party{},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	if detail := w.Detail(w.Customer, got); detail.Description != "It is broken." {
		t.Errorf("description %q", detail.Description)
	}
}

func TestInvalidFieldsAreNamedInTheError(t *testing.T) {
	w := supporttest.NewWorld(t)
	for _, test := range []struct {
		name  string
		field string
		edit  func(*support.NewCase)
	}{
		{"no subject", "subject", func(n *support.NewCase) { n.Subject = "" }},
		{"subject of 301 characters", "subject", func(n *support.NewCase) { n.Subject = supporttest.TextOf(301) }},
		{"subject of two lines", "subject", func(n *support.NewCase) { n.Subject = "one\ntwo" }},
		{"unknown type", "type", func(n *support.NewCase) { n.Type = "complaint" }},
		{"unknown reason", "reason", func(n *support.NewCase) { n.Reason = "boredom" }},
		{"unknown environment", "environment", func(n *support.NewCase) { n.Environment = "mars" }},
		{"severity 5", "severity", func(n *support.NewCase) { n.Severity = 5 }},
		{"severity -1", "severity", func(n *support.NewCase) { n.Severity = -1 }},
		{"component of 101 characters", "component", func(n *support.NewCase) { n.Component = supporttest.TextOf(101) }},
		{"version with a bell", "version", func(n *support.NewCase) { n.Version = "1\a" }},
		{"custom tag that is not UTF-8", "custom_tag", func(n *support.NewCase) { n.CustomTag = "\xff" }},
		{"no description", "description", func(n *support.NewCase) { n.Description = "" }},
		{"description of 65,537 characters", "description", func(n *support.NewCase) { n.Description = supporttest.TextOf(65_537) }},
		{"description with NUL", "description", func(n *support.NewCase) { n.Description = "a\x00b" }},
		{"a watcher who does not exist", "watcher_ids", func(n *support.NewCase) { n.WatcherIDs = []string{uuid.NewString()} }},
		{"a watcher without an id", "watcher_ids", func(n *support.NewCase) { n.WatcherIDs = []string{"x"} }},
		{"21 watchers", "watcher_ids", func(n *support.NewCase) { n.WatcherIDs = make([]string, 21) }},
	} {
		request := supporttest.Request("No Wi-Fi")
		test.edit(&request)
		_, err := w.Cases.Create(t.Context(), w.Customer, w.Org.ID, request)
		failure, ok := err.(*fault.Error)
		if !ok || failure.Code != fault.Invalid || len(failure.Fields) != 1 || failure.Fields[0].Name != test.field {
			t.Errorf("%s: got %v", test.name, err)
		}
	}
	if lines, err := w.List(
		w.Customer,
		lists.Scope{OrgID: w.Org.ID},
		lists.Query{Limit: 10},
	); err != nil ||
		len(lines.Lines) != 0 {
		t.Errorf("a refused case was stored: %v, %v", lines, err)
	}
}

func TestTextsAtTheirLimitsAreAccepted(t *testing.T) {
	w := supporttest.NewWorld(t)
	request := supporttest.Request(supporttest.TextOf(desk.MaxSubject))
	request.Component, request.Version, request.CustomTag = supporttest.TextOf(
		100,
	), supporttest.TextOf(
		100,
	), supporttest.TextOf(
		100,
	)
	request.Description = string(slices.Repeat([]rune{'<'}, desk.MaxText)) // JSON may escape each character with six bytes
	c, err := w.Cases.Create(t.Context(), w.Customer, w.Org.ID, request)
	w.Must(err)
	_, _, err = w.Cases.AddComment(
		t.Context(),
		w.Customer,
		w.Org.ID,
		c.ID,
		support.NewComment{Text: request.Description},
	)
	w.Must(err)
	detail := w.Detail(w.Customer, c)
	if detail.Description != request.Description || detail.Comments[0].Text != request.Description {
		t.Error("a long text came back changed")
	}
}

func TestWatchersAreThoseWhoSeeTheCase(t *testing.T) {
	w := supporttest.NewWorld(t)
	colleague := w.Another(w.Org.Place(), identity.Read)
	request := supporttest.Request("No Wi-Fi")
	request.WatcherIDs = []string{colleague.UserID, w.Agent.UserID, colleague.UserID}
	c, err := w.Cases.Create(t.Context(), w.Agent, w.Org.ID, request)
	w.Must(err)
	if got := []string{
		c.Watchers[0].ID,
		c.Watchers[1].ID,
	}; len(c.Watchers) != 2 ||
		!slices.Equal(got, []string{colleague.UserID, w.Agent.UserID}) {
		t.Errorf("watchers %+v", c.Watchers)
	}
	for name, stranger := range map[string]identity.Principal{
		"of the neighbour":           w.Person(w.Neighbour.Place(), identity.Admin),
		"installer of the org":       w.Person(w.Org.Place(), identity.Installer),
		"of a foreign MSP":           w.Person(w.ForeignMSP.Place(), identity.Admin),
		"operator, who has no cases": w.Operator(),
	} {
		request.WatcherIDs = []string{stranger.UserID}
		_, err := w.Cases.Create(t.Context(), w.Customer, w.Org.ID, request)
		if !fault.Is(err, fault.Invalid) {
			t.Errorf("%s: got %v", name, err)
		}
	}
}

func TestWhoMayOpenCases(t *testing.T) {
	w := supporttest.NewWorld(t)
	for _, test := range []struct {
		name string
		by   identity.Principal
		want fault.Code
	}{
		{"tenant administrator", w.Person(w.Org.Place(), identity.Admin), ""},
		{"network admin", w.Customer, ""},
		{"helpdesk of the org", w.Person(w.Org.Place(), identity.Helpdesk), ""},
		{"tenant operator", w.Person(w.Org.Place(), identity.Read), fault.Forbidden},
		{"installer of the org", w.Person(w.Org.Place(), identity.Installer), fault.Forbidden},
		{"helpdesk of the MSP", w.Agent, ""},
		{"observer of the MSP", w.Person(w.MSP.Place(), identity.Read), fault.Forbidden},
		{"administrator of the neighbour", w.Person(w.Neighbour.Place(), identity.Admin), fault.NotFound},
		{"super user of a foreign MSP", w.Person(w.ForeignMSP.Place(), identity.Admin), fault.NotFound},
		{"support agent without consent", w.SupportAgent(), fault.NotFound},
		{"operator", w.Operator(), fault.Forbidden},
	} {
		_, err := w.Cases.Create(t.Context(), test.by, w.Org.ID, supporttest.Request("No Wi-Fi"))
		if got := fault.CodeOf(err); got != test.want {
			t.Errorf("%s: got %q (%v), want %q", test.name, got, err, test.want)
		}
	}
}

func TestSupportAgentsWorkWhereTheCustomerAllowsIt(t *testing.T) {
	w := supporttest.NewWorld(t)
	c := w.NewCase(w.Customer, "No Wi-Fi")
	agent, yes := w.SupportAgent(), true
	_, err := w.Cases.Detail(t.Context(), agent, w.Org.ID, c.ID)
	w.Wants(fault.NotFound, err)
	_, err = w.Tenants.ChangeOrg(t.Context(), w.Person(w.Org.Place(), identity.Admin), w.Org.ID, orgChange(&yes))
	w.Must(err)
	w.Note(c, "a note")
	if got := w.Detail(agent, c); len(got.Comments) != 1 {
		t.Errorf("the support agent sees %d comments, want the note", len(got.Comments))
	}
	w.SetStatus(agent, c, support.Hold)
}

func TestCaseNumbersAreUnique(t *testing.T) {
	w := supporttest.NewWorld(t)
	const cases = 24
	numbers := make([]int64, cases)
	var wait sync.WaitGroup
	for i := range cases {
		wait.Go(func() {
			c, err := w.Cases.Create(t.Context(), w.Customer, w.Org.ID, supporttest.Request("No Wi-Fi"))
			if err != nil {
				t.Error(err)
			}
			numbers[i] = c.Number
		})
	}
	wait.Wait()
	slices.Sort(numbers)
	for i, number := range numbers {
		if number != int64(i+1) {
			t.Fatalf("numbers %v", numbers)
		}
	}
}

func TestTheSubmitterAndTheWatchersAreNotifiedOfANewCase(t *testing.T) {
	w := supporttest.NewWorld(t)
	before := len(w.Outbox())
	request := supporttest.Request("No Wi-Fi")
	request.WatcherIDs = []string{w.Agent.UserID}
	c, err := w.Cases.Create(t.Context(), w.Customer, w.Org.ID, request)
	w.Must(err)
	want := []support.Notice{
		{
			Kind:      "case",
			Event:     support.Created,
			OrgID:     w.Org.ID,
			CaseID:    c.ID,
			UserID:    w.Customer.UserID,
			ActorName: "Carlo Conti",
			ActorSide: support.CustomerSide,
		},
		{
			Kind:      "case",
			Event:     support.Created,
			OrgID:     w.Org.ID,
			CaseID:    c.ID,
			UserID:    w.Agent.UserID,
			ActorName: "Carlo Conti",
			ActorSide: support.CustomerSide,
		},
	}
	if diff := cmp.Diff(want, w.Told(before)); diff != "" {
		t.Error(diff)
	}
}
