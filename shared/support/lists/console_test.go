package lists_test

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/tenantry/tenantry/shared/fault"
	"github.com/tenantry/tenantry/shared/identity"
	"github.com/tenantry/tenantry/shared/search"
	"github.com/tenantry/tenantry/shared/store/queue"
	"github.com/tenantry/tenantry/shared/support"
	"github.com/tenantry/tenantry/shared/support/desk"
	"github.com/tenantry/tenantry/shared/support/lists"
	"github.com/tenantry/tenantry/shared/support/supporttest"
	"github.com/tenantry/tenantry/shared/tenant"
)

// TestTheConsoleShowsWhatAPlainLookAtAllCasesFinds compares filters, searches and orders with the
// results of reading all cases.
func TestTheConsoleShowsWhatAPlainLookAtAllCasesFinds(t *testing.T) {
	w := supporttest.NewWorld(t)
	words := []string{"Wi-Fi", "printer", "Straße", "ÉCOLE", "мережа", "ネットワーク", "사용자", "down", "slow"}
	var cases []support.Detail
	second := w.Invited(w.Org.Place(), identity.Write, "dora@rialto.example.net", "Dora", "Dolce")
	for i := range 40 {
		request := supporttest.Request(words[i%len(words)] + " " + words[(i*7+3)%len(words)])
		request.Description = strings.Join(
			[]string{words[(i*5)%len(words)], words[(i*3+1)%len(words)], "since", strconv.Itoa(i)},
			" ",
		)
		request.Type = []string{"issue", "bug", "question"}[i%3]
		request.Severity = 1 + i%4
		c, err := w.Cases.Create(t.Context(), []identity.Principal{w.Customer, second}[i%2], w.Org.ID, request)
		w.Must(err)
		w.Clock.Pass(1000)
		if i%4 == 1 {
			c = w.SetStatus(w.Agent, c, support.Closed)
		}
		if i%8 == 1 {
			_, err = w.Cases.Archive(t.Context(), w.Agent, w.Org.ID, c.ID)
			w.Must(err)
		}
		if i%5 == 0 {
			_, err = w.Cases.Change(
				t.Context(),
				w.Agent,
				w.Org.ID,
				c.ID,
				support.CaseChange{AssigneeID: &w.Agent.UserID},
			)
			w.Must(err)
		}
		cases = append(cases, w.Detail(w.Agent, c))
	}
	w.IndexAll()
	rapid.Check(t, func(rt *rapid.T) {
		query := lists.Query{Limit: rapid.IntRange(1, 50).Draw(rt, "limit"), Filters: map[string][]string{}}
		query.State = rapid.SampledFrom([]support.State{"", support.OpenList, support.ClosedList, support.ArchiveList}).
			Draw(rt, "state")
		if rapid.Bool().Draw(rt, "typed") {
			query.Filters["type"] = rapid.SampledFrom([][]string{{"issue"}, {"bug", "question"}}).Draw(rt, "types")
		}
		if rapid.Bool().Draw(rt, "assigned") {
			query.Filters["assignee"] = []string{
				rapid.SampledFrom([]string{"none", w.Agent.UserID}).Draw(rt, "assignee"),
			}
		}
		if rapid.Bool().Draw(rt, "searched") {
			text := rapid.SampledFrom(cases).Draw(rt, "of")
			letters := []rune(search.Fold(text.Subject))
			from := rapid.IntRange(0, len(letters)-2).Draw(rt, "from")
			to := rapid.IntRange(from+2, len(letters)).Draw(rt, "to")
			query.Phrase = strings.ToUpper(strings.TrimSpace(string(letters[from:to])))
			if search.CheckPhrase(query.Phrase) != nil {
				query.Phrase = ""
			}
		}
		order := rapid.SampledFrom(lists.Orders()).Draw(rt, "order")
		query.Sort = rapid.SampledFrom([]string{"", "-"}).Draw(rt, "direction") + order
		for _, scope := range []lists.Scope{{OrgID: w.Org.ID}, {MSPID: w.MSP.ID}} {
			got, want := w.All(w.Agent, scope, query), plainly(cases, query)
			if !slices.Equal(got, want) {
				rt.Fatalf("%+v over %+v: got %v, want %v", query, scope, got, want)
			}
		}
	})
}

// plainly does what the console does by reading every case.
func plainly(cases []support.Detail, query lists.Query) []int64 {
	var details []support.Detail
	for _, c := range cases {
		state := support.OpenList
		switch {
		case c.Archived:
			state = support.ArchiveList
		case c.Status.Done():
			state = support.ClosedList
		}
		assignee := "none"
		if c.Assignee != nil {
			assignee = c.Assignee.ID
		}
		text := search.Fold(c.Subject) + "\n" + search.Fold(c.Description)
		if (query.State == "" || query.State == state) &&
			(len(query.Filters["type"]) == 0 || slices.Contains(query.Filters["type"], c.Type)) &&
			(len(query.Filters["assignee"]) == 0 || query.Filters["assignee"][0] == assignee) &&
			strings.Contains(text, search.Fold(query.Phrase)) {
			details = append(details, c)
		}
	}
	order, descending := strings.CutPrefix(query.Sort, "-")
	rank := slices.Index[[]support.Status]
	slices.SortFunc(details, func(a, b support.Detail) int {
		by := map[string]int{
			"subject": cmp.Compare(search.Fold(a.Subject), search.Fold(b.Subject)), "type": cmp.Compare(a.Type, b.Type), "severity": cmp.Compare(a.Severity, b.Severity),
			"status": cmp.Compare(rank(support.Statuses(), a.Status), rank(support.Statuses(), b.Status)), "updated": cmp.Compare(a.Updated, b.Updated),
			"submitter": cmp.Compare(search.Fold(a.Submitter.Name), search.Fold(b.Submitter.Name)),
		}[order]
		by = cmp.Or(by, cmp.Compare(a.Number, b.Number))
		if descending {
			return -by
		}
		return by
	})
	numbers := []int64{}
	for _, c := range details {
		numbers = append(numbers, c.Number)
	}
	return numbers
}

func TestWhatNobodyMayAskForIsRefused(t *testing.T) {
	w := supporttest.NewWorld(t)
	w.NewCase(w.Customer, "No Wi-Fi")
	w.IndexAll()
	org := lists.Scope{OrgID: w.Org.ID}
	for name, test := range map[string]struct {
		by     identity.Principal
		scope  lists.Scope
		wanted lists.Query
		want   fault.Code
	}{
		"one letter":           {w.Customer, org, lists.Query{Phrase: "W"}, fault.Invalid},
		"a long phrase":        {w.Customer, org, lists.Query{Phrase: supporttest.TextOf(201)}, fault.Invalid},
		"marks alone":          {w.Customer, org, lists.Query{Phrase: "\u0301\u0301\u0301"}, fault.Invalid},
		"no UTF-8":             {w.Customer, org, lists.Query{Phrase: "a\xffb"}, fault.Invalid},
		"an unknown order":     {w.Customer, org, lists.Query{Sort: "colour"}, fault.Invalid},
		"an unknown field":     {w.Customer, org, lists.Query{Filters: map[string][]string{"colour": {"red"}}}, fault.Invalid},
		"a submitter's name":   {w.Customer, org, lists.Query{Filters: map[string][]string{"submitter": {"Carlo"}}}, fault.Invalid},
		"the bin":              {w.Customer, org, lists.Query{State: support.DeletedList}, fault.Forbidden},
		"another organization": {w.Customer, lists.Scope{OrgID: w.Neighbour.ID}, lists.Query{}, fault.NotFound},
		"the MSP":              {w.Customer, lists.Scope{MSPID: w.MSP.ID}, lists.Query{}, fault.NotFound},
		"another MSP":          {w.Agent, lists.Scope{MSPID: w.ForeignMSP.ID}, lists.Query{}, fault.NotFound},
		"no id":                {w.Agent, lists.Scope{OrgID: "x"}, lists.Query{}, fault.NotFound},
	} {
		test.wanted.Limit = 10
		if _, err := w.Lists.Search(t.Context(), test.by, test.scope, test.wanted); fault.CodeOf(err) != test.want {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestASearchSaysThatItLagsUntilTheChangeIsTold(t *testing.T) {
	w := supporttest.NewWorld(t)
	w.NewCase(w.Customer, "No Wi-Fi")
	search := func() lists.Page {
		page, err := w.Lists.Search(
			t.Context(),
			w.Customer,
			lists.Scope{OrgID: w.Org.ID},
			lists.Query{Phrase: "wi-fi", Limit: 10},
		)
		w.Must(err)
		return page
	}
	if page := search(); !page.Lags || len(page.Lines) != 0 {
		t.Errorf("before: %+v", page)
	}
	w.IndexAll()
	if page := search(); page.Lags || len(page.Lines) != 1 || page.Total != 1 || !page.Exact {
		t.Errorf("after: %+v", page)
	}
}

func TestCountsTellHowCasesAreDistributed(t *testing.T) {
	w := supporttest.NewWorld(t)
	first := w.NewCase(w.Customer, "No Wi-Fi")
	w.Clock.Pass(5 * 24 * time.Hour)
	second := w.NewCase(w.Customer, "No power")
	w.NewCase(w.Customer, "No light")
	_, err := w.Cases.Change(
		t.Context(),
		w.Agent,
		w.Org.ID,
		first.ID,
		support.CaseChange{AssigneeID: &w.Agent.UserID, Severity: supporttest.Pointer(1)},
	)
	w.Must(err)
	w.SetStatus(w.Agent, second, support.Closed)
	w.IndexAll()
	for _, test := range []struct {
		wanted lists.CountQuery
		want   string
	}{
		{lists.CountQuery{}, "open 2, closed 1"},
		{lists.CountQuery{By: "severity"}, "3 2, 1 1"},
		{lists.CountQuery{By: "severity", List: support.OpenList}, "1 1, 3 1"},
		{lists.CountQuery{By: "age"}, "1 day 1, 3 days 0, 7 days 1, 30 days 0, 90 days 0, 365 days 0, older 0"},
		{lists.CountQuery{By: "component"}, "none 3"},
	} {
		tally, err := w.Lists.Count(t.Context(), w.Customer, lists.Scope{OrgID: w.Org.ID}, test.wanted)
		w.Must(err)
		var got []string
		for _, c := range tally.Counts {
			got = append(got, fmt.Sprintf("%s %d", c.Value, c.Count))
		}
		if strings.Join(got, ", ") != test.want {
			t.Errorf("%+v: got %s, want %s", test.wanted, strings.Join(got, ", "), test.want)
		}
	}
	open, err := w.Lists.Count(
		t.Context(),
		w.Agent,
		lists.Scope{MSPID: w.MSP.ID},
		lists.CountQuery{By: "org", List: support.OpenList},
	)
	w.Must(err)
	if len(open.Counts) != 1 || open.Counts[0] != (lists.Count{Value: w.Org.ID, Name: w.Org.Name, Count: 2}) {
		t.Errorf("open %+v", open.Counts)
	}
	if agents, err := w.Lists.Count(
		t.Context(),
		w.Agent,
		lists.Scope{MSPID: w.MSP.ID},
		lists.CountQuery{By: "agent", List: support.OpenList},
	); err != nil || agents.Counts[0].Count != 1 ||
		agents.Counts[0].Name+agents.Counts[1].Name != "Hanna Horvat" {
		t.Errorf("%+v, %v", agents, err)
	}
	_, err = w.Lists.Count(t.Context(), w.Customer, lists.Scope{OrgID: w.Org.ID}, lists.CountQuery{By: "colour"})
	w.Wants(fault.Invalid, err)
}

func TestAValueThatCasesHaveIsRetiredAndNotRemoved(t *testing.T) {
	w := supporttest.NewWorld(t)
	owner := w.Person(w.MSP.Place(), identity.Admin)
	w.NewCase(w.Customer, "No Wi-Fi")
	w.IndexAll()
	_, err := w.Desk.ChangeSetting(
		t.Context(),
		owner,
		w.MSP.ID,
		0,
		func(s *desk.Setting) { s.Types = []desk.Choice{{Value: "bug"}} },
	)
	w.Wants(fault.Invalid, err)
	_, err = w.Desk.ChangeSetting(t.Context(), owner, w.MSP.ID, 0, func(s *desk.Setting) {
		s.Types = []desk.Choice{{Value: "bug"}, {Value: "issue", Retired: true}}
	})
	w.Must(err)
}

func TestARebuildGoesOnWithTheNextMessageWhileCasesChange(t *testing.T) {
	w := supporttest.NewWorld(t)
	var cases []support.Case
	for number := range 5 {
		cases = append(cases, w.NewCase(w.Customer, fmt.Sprint("Printer ", number)))
	}
	w.IndexAll()
	_, err := w.Lists.RebuildAll(t.Context(), w.Operator(), w.Org.ID, "")
	w.Must(err)
	handled := 0
	for from := 0; from < len(w.Outbox()); from++ {
		message := w.Outbox()[from]
		part := supporttest.Decoded[lists.Rebuild](t, message.Body)
		if message.Queue != queue.CasesJobs || part.Kind != lists.RebuildIndex {
			continue
		}
		if handled++; handled == 2 {
			w.SetStatus(w.Agent, cases[0], support.Solved)
			cases = append(cases, w.NewCase(w.Customer, "Printer 5"))
			w.IndexAll()
		}
		w.Must(w.Lists.RebuildPart(t.Context(), part, 0)) // its time is over at once
	}
	if handled < 4 {
		t.Errorf("%d messages", handled)
	}
	scope := lists.Scope{OrgID: w.Org.ID}
	if got := w.All(w.Customer, scope, lists.Query{Phrase: "printer", Limit: 10}); len(got) != len(cases) {
		t.Errorf("found %v", got)
	}
	solved := lists.Query{Filters: map[string][]string{"status": {string(support.Solved)}}, Limit: 10}
	if got := w.All(w.Customer, scope, solved); len(got) != 1 {
		t.Errorf("solved: %v", got)
	}
	state, err := w.Lists.IndexState(t.Context(), w.Operator(), scope)
	if err != nil || !state.Rebuilding.IsZero() || state.Generation != 2 || state.Lags() {
		t.Errorf("%+v, %v", state, err)
	}
}

func TestARebuildFindsWhatTheIndexHadLost(t *testing.T) {
	w := supporttest.NewWorld(t)
	operator := w.Operator()
	w.NewCase(w.Customer, "No Wi-Fi")
	gone := w.NewCase(w.Customer, "No power")
	scope := lists.Scope{OrgID: w.Org.ID}
	_, err := w.Lists.RebuildAll(t.Context(), w.Agent, "", "")
	w.Wants(fault.Forbidden, err)
	parts, err := w.Lists.RebuildAll(t.Context(), operator, "", "")
	w.Must(err)
	if want := 1 + 2 + 4; parts != want { // the platform, the MSPs, the organizations
		t.Errorf("%d parts, want %d", parts, want)
	}
	for range 2 {
		w.Must(w.Lists.RebuildPart(t.Context(), lists.Rebuild{OrgID: w.Org.ID}, time.Hour))
		page, err := w.Lists.Search(t.Context(), w.Customer, scope, lists.Query{Phrase: "no ", Limit: 10})
		w.Must(err)
		if page.Total != 2 || page.Lags {
			t.Errorf("%+v", page)
		}
	}
	w.IndexAll() // messages from in between change nothing
	_, err = w.Cases.Delete(t.Context(), w.Person(w.Org.Place(), identity.Admin), w.Org.ID, gone.ID)
	w.Must(err)
	w.IndexAll()
	if got := w.All(w.Customer, scope, lists.Query{Phrase: "no ", Limit: 10}); len(got) != 1 {
		t.Errorf("after a case was deleted: %v", got)
	}
	w.Clock.Pass(support.RestorableFor + time.Hour)
	w.Wake(1)
	w.IndexAll()
	state, err := w.Lists.IndexState(t.Context(), operator, scope)
	w.Must(err)
	if state.Documents != 1 || state.Lags() {
		t.Errorf("%+v", state)
	}
}

func TestSupportAgentsSeeTheCasesOfDirectCustomersThatAllowIt(t *testing.T) {
	w := supporttest.NewWorld(t)
	agent := w.SupportAgent()
	owner := w.Person(w.Direct.Place(), identity.Admin)
	_, err := w.Cases.Create(t.Context(), owner, w.Direct.ID, supporttest.Request("No Wi-Fi"))
	w.Must(err)
	list := func() int {
		page, err := w.Lists.Search(t.Context(), agent, lists.Scope{}, lists.Query{State: support.OpenList, Limit: 10})
		w.Must(err)
		return len(page.Lines)
	}
	if got := list(); got != 0 {
		t.Errorf("without consent %d", got)
	}
	_, err = w.Tenants.ChangeOrg(
		t.Context(),
		owner,
		w.Direct.ID,
		tenant.OrgChange{SupportAccess: supporttest.Pointer(true)},
	)
	w.Must(err)
	if got := list(); got != 1 {
		t.Errorf("with consent %d", got)
	}
	_, err = w.Lists.Search(t.Context(), w.Agent, lists.Scope{}, lists.Query{State: support.OpenList, Limit: 10})
	w.Wants(fault.Forbidden, err)
}

func TestAPersonsOwnCasesAreThoseOfOrganizationsTheyStillSee(t *testing.T) {
	w := supporttest.NewWorld(t)
	both := w.Grant(w.Customer, w.Neighbour.Place(), identity.Write)
	w.NewCase(both, "No Wi-Fi")
	_, err := w.Cases.Create(t.Context(), both, w.Neighbour.ID, supporttest.Request("No power"))
	w.Must(err)
	own, err := w.Lists.OwnCases(t.Context(), both, 10)
	w.Must(err)
	if len(own) != 2 {
		t.Errorf("%+v", own)
	}
	w.Revoke(both, w.Neighbour.Place())
	if own, err = w.Lists.OwnCases(
		t.Context(),
		w.Fresh(both),
		10,
	); err != nil || len(own) != 1 ||
		own[0].OrgID != w.Org.ID {
		t.Errorf("%+v, %v", own, err)
	}
}

func TestCountsOverThePlatformTellOnlyOfCustomersThatAllowSupport(t *testing.T) {
	w := supporttest.NewWorld(t)
	agent := w.SupportAgent()
	open := func(name string, cases int, access bool) tenant.Org {
		org := w.NewOrg("", name)
		owner := w.Person(org.Place(), identity.Admin)
		for range cases {
			_, err := w.Cases.Create(t.Context(), owner, org.ID, supporttest.Request("No Wi-Fi"))
			w.Must(err)
		}
		_, err := w.Tenants.ChangeOrg(t.Context(), owner, org.ID, tenant.OrgChange{SupportAccess: &access})
		w.Must(err)
		return org
	}
	count := func(field string) map[string]int64 {
		t.Helper()
		w.IndexAll()
		counts, err := w.Lists.Count(t.Context(), agent, lists.Scope{}, lists.CountQuery{By: field})
		w.Must(err)
		got := map[string]int64{}
		for _, one := range counts.Counts {
			got[one.Value] = one.Count
		}
		return got
	}
	check := func(want map[string]int64, total int64) {
		t.Helper()
		if got := count("org"); !maps.Equal(got, want) {
			t.Errorf("by organization %v, want %v", got, want)
		}
		if got := count("status")["open"]; got != total {
			t.Errorf("%d open cases, want %d", got, total)
		}
	}
	one := open("Acorn", 2, true)
	open("Birch", 3, false)
	open("Cedar", 1, false)
	check(map[string]int64{one.ID: 2}, 2) // fewer are seen than withheld
	two := open("Dogwood", 4, true)
	check(map[string]int64{one.ID: 2, two.ID: 4}, 6)
	_, err := w.Lists.Count(t.Context(), w.Operator(), lists.Scope{}, lists.CountQuery{})
	w.Wants(fault.Forbidden, err)
}
