package support_test

import (
	"cmp"
	"context"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/tenantry/tenantry/shared/apptest"
	"github.com/tenantry/tenantry/shared/fault"
	"github.com/tenantry/tenantry/shared/identity"
	"github.com/tenantry/tenantry/shared/job"
	"github.com/tenantry/tenantry/shared/search"
	"github.com/tenantry/tenantry/shared/support"
	"github.com/tenantry/tenantry/shared/tenant"
)

// indexAll tells the index of all that changed.
func (w *world) indexAll() {
	w.t.Helper()
	for {
		changes, err := w.Store.Changes(context.Background(), apptest.FeedConsumer, 1000)
		w.must(err)
		if len(changes) == 0 {
			return
		}
		for _, told := range changes {
			message, ours, err := support.IndexMessage(told)
			w.must(err)
			if ours {
				w.must(w.Desk.IndexCase(context.Background(), decoded[support.Indexing](w.t, message.Body)))
			}
		}
		w.must(w.Store.Acknowledge(context.Background(), apptest.FeedConsumer, changes[len(changes)-1].Sequence))
	}
}

const hour = time.Hour

func decoded[T any](t *testing.T, body []byte) T {
	t.Helper()
	var value T
	if err := json.Unmarshal(body, &value); err != nil {
		t.Fatal(err)
	}
	return value
}

// all reads a console to its end, in pages.
func (w *world) all(by identity.Principal, scope support.Scope, wanted support.Wanted) []int64 {
	w.t.Helper()
	numbers := []int64{}
	for {
		page, err := w.Desk.Console(w.t.Context(), by, scope, wanted)
		w.must(err)
		if wanted.After == "" && page.Exact && page.Total < int64(len(page.Lines.Lines)) {
			w.t.Errorf("%+v: a total of %d", wanted, page.Total)
		}
		for _, line := range page.Lines.Lines {
			numbers = append(numbers, line.Number)
		}
		if wanted.After = page.Next; page.Next == "" {
			return numbers
		}
	}
}

// TestTheConsoleShowsWhatAPlainLookAtAllCasesFinds compares filters, searches and orders with what a walk over all cases finds.
func TestTheConsoleShowsWhatAPlainLookAtAllCasesFinds(t *testing.T) {
	w := newWorld(t)
	words := []string{"Wi-Fi", "printer", "Straße", "ÉCOLE", "мережа", "ネットワーク", "사용자", "down", "slow"}
	var cases []support.Detail
	second := w.Invited(w.Org.Place(), identity.Write, "dora@rialto.example.net", "Dora", "Dolce")
	for i := range 40 {
		wanted := request(words[i%len(words)] + " " + words[(i*7+3)%len(words)])
		wanted.Description = strings.Join([]string{words[(i*5)%len(words)], words[(i*3+1)%len(words)], "since", strconv.Itoa(i)}, " ")
		wanted.Type = []string{"issue", "bug", "question"}[i%3]
		wanted.Severity = 1 + i%4
		c, err := w.Desk.CreateCase(t.Context(), []identity.Principal{w.customer, second}[i%2], w.Org.ID, wanted)
		w.must(err)
		w.Clock.Pass(1000)
		if i%4 == 1 {
			c = w.setStatus(w.agent, c, support.Closed)
		}
		if i%8 == 1 {
			_, err = w.Desk.ArchiveCase(t.Context(), w.agent, w.Org.ID, c.ID)
			w.must(err)
		}
		if i%5 == 0 {
			_, err = w.Desk.ChangeCase(t.Context(), w.agent, w.Org.ID, c.ID, support.CaseChange{AssigneeID: &w.agent.UserID})
			w.must(err)
		}
		cases = append(cases, w.detail(w.agent, c))
	}
	w.indexAll()
	rapid.Check(t, func(rt *rapid.T) {
		wanted := support.Wanted{Limit: rapid.IntRange(1, 50).Draw(rt, "limit"), Filters: map[string][]string{}}
		wanted.State = rapid.SampledFrom([]support.State{"", support.AreOpen, support.AreClosed, support.InArchive}).Draw(rt, "state")
		if rapid.Bool().Draw(rt, "typed") {
			wanted.Filters["type"] = rapid.SampledFrom([][]string{{"issue"}, {"bug", "question"}}).Draw(rt, "types")
		}
		if rapid.Bool().Draw(rt, "assigned") {
			wanted.Filters["assignee"] = []string{rapid.SampledFrom([]string{"none", w.agent.UserID}).Draw(rt, "assignee")}
		}
		if rapid.Bool().Draw(rt, "searched") {
			text := rapid.SampledFrom(cases).Draw(rt, "of")
			letters := []rune(search.Fold(text.Subject))
			from := rapid.IntRange(0, len(letters)-2).Draw(rt, "from")
			to := rapid.IntRange(from+2, len(letters)).Draw(rt, "to")
			wanted.Phrase = strings.ToUpper(strings.TrimSpace(string(letters[from:to])))
			if search.CheckPhrase(wanted.Phrase) != nil {
				wanted.Phrase = ""
			}
		}
		order := rapid.SampledFrom(support.Orders()).Draw(rt, "order")
		wanted.Sort = rapid.SampledFrom([]string{"", "-"}).Draw(rt, "direction") + order
		for _, scope := range []support.Scope{{OrgID: w.Org.ID}, {MSPID: w.MSP.ID}} {
			got, want := w.all(w.agent, scope, wanted), plainly(cases, wanted)
			if !slices.Equal(got, want) {
				rt.Fatalf("%+v over %+v: got %v, want %v", wanted, scope, got, want)
			}
		}
	})
}

// plainly does by a look at every case what the console does.
func plainly(cases []support.Detail, wanted support.Wanted) []int64 {
	var found []support.Detail
	for _, c := range cases {
		state := support.AreOpen
		switch {
		case c.Archived:
			state = support.InArchive
		case c.Status.Done():
			state = support.AreClosed
		}
		assignee := "none"
		if c.Assignee != nil {
			assignee = c.Assignee.ID
		}
		text := search.Fold(c.Subject) + "\n" + search.Fold(c.Description)
		if (wanted.State == "" || wanted.State == state) && (len(wanted.Filters["type"]) == 0 || slices.Contains(wanted.Filters["type"], c.Type)) &&
			(len(wanted.Filters["assignee"]) == 0 || wanted.Filters["assignee"][0] == assignee) && strings.Contains(text, search.Fold(wanted.Phrase)) {
			found = append(found, c)
		}
	}
	order, descending := strings.CutPrefix(wanted.Sort, "-")
	rank := slices.Index[[]support.Status]
	slices.SortFunc(found, func(a, b support.Detail) int {
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
	for _, c := range found {
		numbers = append(numbers, c.Number)
	}
	return numbers
}

func TestWhatNobodyMayAskForIsRefused(t *testing.T) {
	w := newWorld(t)
	w.newCase(w.customer, "No Wi-Fi")
	w.indexAll()
	org := support.Scope{OrgID: w.Org.ID}
	for name, test := range map[string]struct {
		by     identity.Principal
		scope  support.Scope
		wanted support.Wanted
		want   fault.Code
	}{
		"one letter":           {w.customer, org, support.Wanted{Phrase: "W"}, fault.Invalid},
		"a long phrase":        {w.customer, org, support.Wanted{Phrase: textOf(201)}, fault.Invalid},
		"marks alone":          {w.customer, org, support.Wanted{Phrase: "\u0301\u0301\u0301"}, fault.Invalid},
		"no UTF-8":             {w.customer, org, support.Wanted{Phrase: "a\xffb"}, fault.Invalid},
		"an unknown order":     {w.customer, org, support.Wanted{Sort: "colour"}, fault.Invalid},
		"an unknown field":     {w.customer, org, support.Wanted{Filters: map[string][]string{"colour": {"red"}}}, fault.Invalid},
		"a submitter's name":   {w.customer, org, support.Wanted{Filters: map[string][]string{"submitter": {"Carlo"}}}, fault.Invalid},
		"the bin":              {w.customer, org, support.Wanted{State: support.InBin}, fault.Forbidden},
		"another organization": {w.customer, support.Scope{OrgID: w.Neighbour.ID}, support.Wanted{}, fault.NotFound},
		"the MSP":              {w.customer, support.Scope{MSPID: w.MSP.ID}, support.Wanted{}, fault.NotFound},
		"another MSP":          {w.agent, support.Scope{MSPID: w.ForeignMSP.ID}, support.Wanted{}, fault.NotFound},
		"no id":                {w.agent, support.Scope{OrgID: "x"}, support.Wanted{}, fault.NotFound},
	} {
		test.wanted.Limit = 10
		if _, err := w.Desk.Console(t.Context(), test.by, test.scope, test.wanted); fault.CodeOf(err) != test.want {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestASearchSaysThatItLagsUntilTheChangeIsTold(t *testing.T) {
	w := newWorld(t)
	w.newCase(w.customer, "No Wi-Fi")
	search := func() support.Found {
		found, err := w.Desk.Console(t.Context(), w.customer, support.Scope{OrgID: w.Org.ID}, support.Wanted{Phrase: "wi-fi", Limit: 10})
		w.must(err)
		return found
	}
	if found := search(); !found.Lags || len(found.Lines.Lines) != 0 {
		t.Errorf("before: %+v", found)
	}
	w.indexAll()
	if found := search(); found.Lags || len(found.Lines.Lines) != 1 || found.Total != 1 || !found.Exact {
		t.Errorf("after: %+v", found)
	}
}

func TestCountsTellHowCasesAreDistributed(t *testing.T) {
	w := newWorld(t)
	first := w.newCase(w.customer, "No Wi-Fi")
	w.Clock.Pass(5 * 24 * hour)
	second := w.newCase(w.customer, "No power")
	w.newCase(w.customer, "No light")
	_, err := w.Desk.ChangeCase(t.Context(), w.agent, w.Org.ID, first.ID, support.CaseChange{AssigneeID: &w.agent.UserID, Severity: pointer(1)})
	w.must(err)
	w.setStatus(w.agent, second, support.Closed)
	w.indexAll()
	for _, test := range []struct {
		wanted support.CountWanted
		want   string
	}{
		{support.CountWanted{}, "open 2, closed 1"},
		{support.CountWanted{By: "severity"}, "3 2, 1 1"},
		{support.CountWanted{By: "severity", Open: true}, "1 1, 3 1"},
		{support.CountWanted{By: "age"}, "1 day 1, 3 days 0, 7 days 1, 30 days 0, 90 days 0, 365 days 0, older 0"},
		{support.CountWanted{By: "component"}, "none 3"},
	} {
		tally, err := w.Desk.CountCases(t.Context(), w.customer, support.Scope{OrgID: w.Org.ID}, test.wanted)
		w.must(err)
		var got []string
		for _, c := range tally.Counts {
			got = append(got, fmt.Sprintf("%s %d", c.Value, c.Count))
		}
		if strings.Join(got, ", ") != test.want {
			t.Errorf("%+v: got %s, want %s", test.wanted, strings.Join(got, ", "), test.want)
		}
	}
	open, err := w.Desk.CountCases(t.Context(), w.agent, support.Scope{MSPID: w.MSP.ID}, support.CountWanted{By: "org", Open: true})
	w.must(err)
	if len(open.Counts) != 1 || open.Counts[0] != (support.Counted{Value: w.Org.ID, Name: w.Org.Name, Count: 2}) {
		t.Errorf("open %+v", open.Counts)
	}
	if agents, err := w.Desk.CountCases(t.Context(), w.agent, support.Scope{MSPID: w.MSP.ID}, support.CountWanted{By: "agent", Open: true}); err != nil || agents.Counts[0].Count != 1 || agents.Counts[0].Name+agents.Counts[1].Name != "Hanna Horvat" {
		t.Errorf("%+v, %v", agents, err)
	}
	_, err = w.Desk.CountCases(t.Context(), w.customer, support.Scope{OrgID: w.Org.ID}, support.CountWanted{By: "colour"})
	w.Wants(fault.Invalid, err)
}

func TestAValueThatCasesHaveIsRetiredAndNotRemoved(t *testing.T) {
	w := newWorld(t)
	owner := w.Person(w.MSP.Place(), identity.Admin)
	w.newCase(w.customer, "No Wi-Fi")
	w.indexAll()
	_, err := w.Desk.ChangeSetting(t.Context(), owner, w.MSP.ID, 0, func(s *support.Setting) { s.Types = []support.Choice{{Value: "bug"}} })
	w.Wants(fault.Invalid, err)
	_, err = w.Desk.ChangeSetting(t.Context(), owner, w.MSP.ID, 0, func(s *support.Setting) {
		s.Types = []support.Choice{{Value: "bug"}, {Value: "issue", Retired: true}}
	})
	w.must(err)
}

// work does what is on the queue of long actions.
func (w *world) work() {
	w.t.Helper()
	for _, item := range w.Outbox() {
		if strings.Contains(string(item.Body), `"kind":"case`) {
			continue
		}
		if err := w.Desk.RunJob(w.t.Context(), item); err != nil && !fault.Is(err, fault.Invalid) {
			w.t.Fatal(err)
		}
	}
}

func TestAnActionOnManyCasesHasAResultForEach(t *testing.T) {
	w := newWorld(t)
	owner := w.Person(w.Org.Place(), identity.Admin)
	open, closed := w.newCase(w.customer, "No Wi-Fi"), w.newCase(w.customer, "No power")
	w.setStatus(w.customer, closed, support.Closed)
	scope := support.Scope{OrgID: w.Org.ID}
	asked := support.Bulk{Action: support.BulkArchive, Cases: []support.Reference{{CaseID: open.ID}, {CaseID: closed.ID}, {CaseID: w.foreignCase().ID}}, Request: "mine"}
	made, err := w.Desk.Bulk(t.Context(), owner, scope, asked)
	w.must(err)
	again, err := w.Desk.Bulk(t.Context(), owner, scope, asked)
	w.must(err)
	if again.ID != made.ID {
		t.Errorf("the same request made %s and %s", made.ID, again.ID)
	}
	w.work()
	w.work() // the messages come twice
	done, results, err := w.Desk.Job(t.Context(), w.customer, scope, made.ID, "", 10)
	w.must(err)
	var outcomes []string
	for _, result := range results.Items {
		outcomes = append(outcomes, string(result.Outcome)+" "+result.Message)
	}
	if done.State != job.Failed || done.Done != 1 || done.Failed != 2 || len(outcomes) != 3 || !strings.Contains(outcomes[0], "is open") || outcomes[1] != "done " || outcomes[2] != "failed Not found." {
		t.Errorf("%+v %q", done, outcomes)
	}
	w.setStatus(w.customer, open, support.Closed)
	_, err = w.Desk.RetryJob(t.Context(), owner, scope, made.ID)
	w.must(err)
	w.work()
	if done, _, err = w.Desk.Job(t.Context(), w.customer, scope, made.ID, "", 10); err != nil || done.Done != 2 || done.Failed != 1 {
		t.Errorf("%+v, %v", done, err)
	}
	for name, test := range map[string]struct {
		by    identity.Principal
		asked support.Bulk
		want  fault.Code
	}{
		"deleting by who may not":  {w.customer, support.Bulk{Action: support.BulkDelete, Cases: asked.Cases}, fault.Forbidden},
		"assigning by a customer":  {w.customer, support.Bulk{Action: support.BulkAssign, Cases: asked.Cases}, fault.Forbidden},
		"an unknown action":        {owner, support.Bulk{Action: "burn", Cases: asked.Cases}, fault.Invalid},
		"no cases":                 {owner, support.Bulk{Action: support.BulkClose}, fault.Invalid},
		"no ids":                   {owner, support.Bulk{Action: support.BulkClose, Cases: []support.Reference{{CaseID: "x"}}}, fault.Invalid},
		"another organization's":   {owner, support.Bulk{Action: support.BulkClose, Cases: []support.Reference{{OrgID: w.Foreign.ID, CaseID: open.ID}}}, fault.Invalid},
		"somebody who only sees":   {w.Person(w.Org.Place(), identity.Read), support.Bulk{Action: support.BulkClose, Cases: asked.Cases}, fault.Forbidden},
		"somebody from elsewhere":  {w.Person(w.Foreign.Place(), identity.Admin), support.Bulk{Action: support.BulkClose, Cases: asked.Cases}, fault.NotFound},
		"more than a job can have": {owner, support.Bulk{Action: support.BulkClose, Cases: many(1001)}, fault.Invalid},
	} {
		if _, err := w.Desk.Bulk(t.Context(), test.by, scope, test.asked); fault.CodeOf(err) != test.want {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// many makes references to cases that do not exist.
func many(count int) []support.Reference {
	references := make([]support.Reference, count)
	for i := range references {
		references[i].CaseID = fmt.Sprintf("00000000-0000-4000-8000-%012d", i)
	}
	return references
}

func TestAReportHasEveryCaseAndNoFormulas(t *testing.T) {
	w := newWorld(t)
	for i := range 5 {
		w.newCase(w.customer, []string{`=HYPERLINK("http://evil.example")`, "+1", "a;b", "two \"quotes\"", "ネット\tワーク"[:9]}[i])
	}
	w.indexAll()
	scope := support.Scope{OrgID: w.Org.ID}
	made, err := w.Desk.ExportCases(t.Context(), w.customer, support.Export{Scope: scope, Separator: ";"})
	w.must(err)
	if _, key, err := w.Desk.Exported(t.Context(), w.customer, scope, made.ID); err != nil || key != "" {
		t.Errorf("before it is done: %q, %v", key, err)
	}
	w.work()
	_, key, err := w.Desk.Exported(t.Context(), w.customer, scope, made.ID)
	w.must(err)
	content, err := w.Files.Open(t.Context(), key)
	w.must(err)
	raw, err := io.ReadAll(content)
	w.must(err)
	w.must(content.Close())
	reader := csv.NewReader(strings.NewReader(string(raw)))
	reader.Comma = ';'
	rows, err := reader.ReadAll()
	w.must(err)
	if len(rows) != 6 || !strings.HasSuffix(string(raw), "\r\n") || rows[1][1] != `'=HYPERLINK("http://evil.example")` || rows[2][1] != "'+1" || rows[3][1] != "a;b" || rows[1][13] != w.Org.Name || rows[1][11] != w.customer.Email {
		t.Errorf("%q", rows)
	}
	inner, err := w.Desk.ExportCases(t.Context(), w.agent, support.Export{Scope: scope})
	w.must(err)
	_, _, err = w.Desk.Exported(t.Context(), w.customer, scope, inner.ID)
	w.Wants(fault.NotFound, err)
	for _, separator := range []string{"\"", "\n", ",,", "\xff"} {
		_, err := w.Desk.ExportCases(t.Context(), w.customer, support.Export{Scope: scope, Separator: separator})
		w.Wants(fault.Invalid, err)
	}
}

func TestARebuildFindsWhatTheIndexHadLost(t *testing.T) {
	w := newWorld(t)
	operator := w.Operator()
	w.newCase(w.customer, "No Wi-Fi")
	gone := w.newCase(w.customer, "No power")
	scope := support.Scope{OrgID: w.Org.ID}
	_, err := w.Desk.RebuildAll(t.Context(), w.agent, "", "")
	w.Wants(fault.Forbidden, err)
	parts, err := w.Desk.RebuildAll(t.Context(), operator, "", "")
	w.must(err)
	if want := 1 + 2 + 4; parts != want { // the platform, the MSPs, the organizations
		t.Errorf("%d parts, want %d", parts, want)
	}
	for range 2 {
		w.must(w.Desk.RebuildPart(t.Context(), support.Rebuild{OrgID: w.Org.ID}))
		found, err := w.Desk.Console(t.Context(), w.customer, scope, support.Wanted{Phrase: "no ", Limit: 10})
		w.must(err)
		if found.Total != 2 || found.Lags {
			t.Errorf("%+v", found)
		}
	}
	w.indexAll() // what was told meanwhile changes nothing
	_, err = w.Desk.DeleteCase(t.Context(), w.Person(w.Org.Place(), identity.Admin), w.Org.ID, gone.ID)
	w.must(err)
	w.indexAll()
	if got := w.all(w.customer, scope, support.Wanted{Phrase: "no ", Limit: 10}); len(got) != 1 {
		t.Errorf("after a case was deleted: %v", got)
	}
	w.Clock.Pass(support.RestorableFor + hour)
	w.wake(1)
	w.indexAll()
	state, err := w.Desk.IndexState(t.Context(), operator, scope)
	w.must(err)
	if state.Documents != 1 || state.Lags() {
		t.Errorf("%+v", state)
	}
}

func TestSupportAgentsSeeTheCasesOfDirectCustomersThatAllowIt(t *testing.T) {
	w := newWorld(t)
	agent := w.SupportAgent()
	owner := w.Person(w.Direct.Place(), identity.Admin)
	_, err := w.Desk.CreateCase(t.Context(), owner, w.Direct.ID, request("No Wi-Fi"))
	w.must(err)
	list := func() int {
		page, err := w.Desk.PlatformCases(t.Context(), agent, support.ListFilter{Limit: 10})
		w.must(err)
		return len(page.Lines)
	}
	if got := list(); got != 0 {
		t.Errorf("without consent %d", got)
	}
	_, err = w.Tenants.ChangeOrg(t.Context(), owner, w.Direct.ID, tenant.OrgChange{SupportAccess: pointer(true)})
	w.must(err)
	if got := list(); got != 1 {
		t.Errorf("with consent %d", got)
	}
	_, err = w.Desk.PlatformCases(t.Context(), w.agent, support.ListFilter{Limit: 10})
	w.Wants(fault.Forbidden, err)
}

func TestAPersonsOwnCasesAreThoseOfOrganizationsTheyStillSee(t *testing.T) {
	w := newWorld(t)
	both := w.Grant(w.customer, w.Neighbour.Place(), identity.Write)
	w.newCase(both, "No Wi-Fi")
	_, err := w.Desk.CreateCase(t.Context(), both, w.Neighbour.ID, request("No power"))
	w.must(err)
	own, err := w.Desk.OwnCases(t.Context(), both, 10)
	w.must(err)
	if len(own) != 2 {
		t.Errorf("%+v", own)
	}
	w.Revoke(both, w.Neighbour.Place())
	if own, err = w.Desk.OwnCases(t.Context(), w.Fresh(both), 10); err != nil || len(own) != 1 || own[0].OrgID != w.Org.ID {
		t.Errorf("%+v, %v", own, err)
	}
}

func TestWhoMayNotAskForAnActionDoesNotHaveItTriedAgain(t *testing.T) {
	w := newWorld(t)
	owner, scope := w.Person(w.Org.Place(), identity.Admin), support.Scope{OrgID: w.Org.ID}
	gone := w.newCase(w.customer, "No Wi-Fi").ID
	gone = gone[:len(gone)-4] + "0000"
	deletion, err := w.Desk.Bulk(t.Context(), owner, scope, support.Bulk{Action: support.BulkDelete, Cases: []support.Reference{{CaseID: gone}}})
	w.must(err)
	assignment, err := w.Desk.Bulk(t.Context(), w.agent, scope, support.Bulk{Action: support.BulkAssign, Cases: []support.Reference{{CaseID: gone}}})
	w.must(err)
	w.work()
	for _, id := range []string{deletion.ID, assignment.ID} {
		_, err = w.Desk.RetryJob(t.Context(), w.customer, scope, id)
		w.Wants(fault.Forbidden, err)
	}
	_, err = w.Desk.RetryJob(t.Context(), owner, scope, deletion.ID)
	w.must(err)
}

func TestACellIsNoFormulaWhateverSeparatesCells(t *testing.T) {
	w := newWorld(t)
	w.newCase(w.customer, "x;=1+1,@SUM(A1)|+2 and 3; -4")
	w.indexAll()
	scope := support.Scope{OrgID: w.Org.ID}
	made, err := w.Desk.ExportCases(t.Context(), w.customer, support.Export{Scope: scope})
	w.must(err)
	w.work()
	_, key, err := w.Desk.Exported(t.Context(), w.customer, scope, made.ID)
	w.must(err)
	content, err := w.Files.Open(t.Context(), key)
	w.must(err)
	raw, err := io.ReadAll(content)
	w.must(err)
	w.must(content.Close())
	if !strings.Contains(string(raw), "x;'=1+1,'@SUM(A1)|'+2 and 3; -4") {
		t.Errorf("%q", raw)
	}
}

func TestAReportAskedForAsACustomerIsWrittenAsOne(t *testing.T) {
	w := newWorld(t)
	c := w.newCase(w.agent, "No Wi-Fi") // opened for the customer: its submitter is the agent
	w.indexAll()
	scope := support.Scope{OrgID: w.Org.ID}
	made, err := w.Desk.ExportCases(t.Context(), w.customer, support.Export{Scope: scope})
	w.must(err)
	w.Grant(w.customer, w.MSP.Place(), identity.Helpdesk)
	w.work()
	_, key, err := w.Desk.Exported(t.Context(), w.Person(w.Org.Place(), identity.Read), scope, made.ID)
	w.must(err)
	content, err := w.Files.Open(t.Context(), key)
	w.must(err)
	raw, err := io.ReadAll(content)
	w.must(err)
	w.must(content.Close())
	if !strings.Contains(string(raw), c.Subject) || strings.Contains(string(raw), w.agent.Email) {
		t.Errorf("customers read %q", raw)
	}
}
