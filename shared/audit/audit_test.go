package audit_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/tenantry/tenantry/shared/apptest"
	"github.com/tenantry/tenantry/shared/audit"
	"github.com/tenantry/tenantry/shared/change"
	"github.com/tenantry/tenantry/shared/fault"
	"github.com/tenantry/tenantry/shared/identity"
)

var anna = change.Actor{Kind: change.Person, ID: "p", Name: "Anna Smith", Email: "anna@example.net"}

func TestLogInsAreFoundAlone(t *testing.T) {
	e := apptest.NewEstate(t)
	e.Invited(e.Org.Place(), identity.Write, "carlo@rialto.example.net", "Carlo", "Conti")
	for _, password := range []string{apptest.Password, "a wrong password for sure"} {
		_, _, err := e.Accounts.Login(t.Context(), "carlo@rialto.example.net", password, apptest.Source)
		if (err == nil) != (password == apptest.Password) {
			t.Fatal(err)
		}
	}
	log(t, e.App, anna, change.Record{Message: "Made a site", OrgID: e.Org.ID})
	search := e.LastDay()
	search.LogIns = true
	page, err := e.Audit.At(t.Context(), e.Operator(), e.Org.Place(), search)
	if err != nil || len(page.Entries) == 0 || page.Total != len(page.Entries) {
		t.Fatalf("%+v, %v", page, err)
	}
	for _, entry := range page.Entries {
		if entry.Action != "accounts.login" {
			t.Errorf("%+v is not a log-in", entry)
		}
	}
}

func TestWhatAProvidersPeopleDidIsFoundAlone(t *testing.T) {
	e := apptest.NewEstate(t)
	agent := anna
	agent.Provider = true
	log(t, e.App, anna, change.Record{Message: "Made a site", OrgID: e.Org.ID})
	log(t, e.App, agent, change.Record{Message: "Looked at the site", OrgID: e.Org.ID})
	search := e.LastDay()
	search.Provider = true
	page, err := e.Audit.At(t.Context(), e.Person(e.Org.Place(), identity.Admin), e.Org.Place(), search)
	if err != nil {
		t.Fatal(err)
	}
	if !slices.ContainsFunc(page.Entries, func(entry change.Entry) bool { return entry.Message == "Looked at the site" }) {
		t.Error("what an agent did is not found")
	}
	for _, entry := range page.Entries {
		if !entry.Actor.Provider {
			t.Errorf("%+v is not by a provider", entry)
		}
	}
}

func TestOrganizationsAreChosenByTheirIDs(t *testing.T) {
	e := apptest.NewEstate(t)
	for _, ids := range [][]string{{"Rialto"}, {e.Org.ID, ""}, make([]string, audit.MaxOrgs+1)} {
		search := e.LastDay()
		search.OrgIDs = ids
		_, err := e.Audit.At(t.Context(), e.Operator(), e.MSP.Place(), search)
		e.Wants(fault.Invalid, err)
	}
}

// TestTheEntriesOfThePlatformAreCounted counts over the end of a month.
func TestTheEntriesOfThePlatformAreCounted(t *testing.T) {
	w := apptest.New(t)
	operator := w.Operator()
	for _, at := range []string{"2026-02-28T23:59:00Z", "2026-03-01T00:01:00Z", "2026-03-02T00:00:00Z"} {
		w.Clock.Set(moment(t, at))
		log(t, w, anna, change.Record{Message: "again", PlatformLog: true})
	}
	log(t, w, anna, change.Record{Message: "once", PlatformLog: true})
	search := audit.Search{Start: w.Clock.Now().Add(-48 * time.Hour), End: w.Clock.Now().Add(time.Second)}
	counts, err := w.Audit.CountPlatform(t.Context(), operator, search, func(e change.Entry) string { return e.Message })
	if diff := cmp.Diff([]audit.Count{{Value: "again", Count: 3}, {Value: "once", Count: 1}}, counts.Values); diff != "" || err != nil {
		t.Error(diff, err)
	}
	_, err = w.Audit.CountPlatform(t.Context(), identity.Principal{}, search, func(change.Entry) string { return "" })
	w.Wants(fault.Forbidden, err)
}

// log writes an entry at the present time.
func log(t testing.TB, w *apptest.App, by change.Actor, record change.Record) {
	t.Helper()
	record.Action = "test.do"
	if err := w.Journal.Commit(t.Context(), by, record); err != nil {
		t.Fatal(err)
	}
}

func messages(page audit.Page) []string {
	texts := []string{}
	for _, entry := range page.Entries {
		texts = append(texts, entry.Message)
	}
	return texts
}

// walk reads a search to its end, with pages of any size.
func walk(search audit.Search, limit func() int, read func(audit.Search) (audit.Page, error)) ([]string, error) {
	texts := []string{}
	for {
		search.Limit = limit()
		page, err := read(search)
		if err != nil {
			return nil, err
		}
		if len(page.Entries) > search.Limit {
			return nil, fmt.Errorf("%d entries on a page of %d", len(page.Entries), search.Limit)
		}
		texts = append(texts, messages(page)...)
		if search.After = page.Next; page.Next == "" {
			return texts, nil
		}
	}
}

func TestAWindowHasItsStartAndNotItsEnd(t *testing.T) {
	e := apptest.NewEstate(t)
	begin := time.Date(2026, 3, 1, 0, 0, 0, 0, time.UTC)
	for _, offset := range []time.Duration{-time.Microsecond, 0, time.Hour, 2*time.Hour - time.Microsecond, 2 * time.Hour} {
		e.Clock.Set(begin.Add(offset))
		log(t, e.App, anna, change.Record{Message: offset.String(), OrgID: e.Org.ID})
	}
	page, err := e.Audit.At(
		t.Context(),
		e.Operator(),
		e.Org.Place(),
		audit.Search{Start: begin, End: begin.Add(2 * time.Hour), Limit: 10},
	)
	if diff := cmp.Diff(
		[]string{"1h59m59.999999s", "1h0m0s", "0s"},
		messages(page),
	); diff != "" || err != nil ||
		page.Next != "" {
		t.Errorf("%s, next %q, %v", diff, page.Next, err)
	}
}

func TestAWindowIsNeitherEmptyNorLongerThanTheLog(t *testing.T) {
	e := apptest.NewEstate(t)
	now := e.Clock.Now()
	for length, want := range map[time.Duration]fault.Code{
		-time.Second: fault.Invalid, 0: fault.Invalid, time.Microsecond: "", audit.MaxWindow: "", audit.MaxWindow + time.Second: fault.Invalid,
	} {
		search := audit.Search{Start: now.Add(-length), End: now, Limit: 10}
		_, at := e.Audit.At(t.Context(), e.Operator(), e.Org.Place(), search)
		_, own := e.Audit.Own(t.Context(), e.Operator(), search)
		_, platform := e.Audit.Platform(t.Context(), e.Operator(), search)
		for _, err := range []error{at, own, platform} {
			e.Wants(want, err)
		}
	}
	// A short range may lie too far back too.
	old := audit.Search{Start: now.Add(-62 * 24 * time.Hour), End: now.Add(-61 * 24 * time.Hour), Limit: 10}
	_, err := e.Audit.At(t.Context(), e.Operator(), e.Org.Place(), old)
	if e.Wants(fault.Invalid, err); !strings.Contains(err.Error(), "at most 60 days ago") {
		t.Error(err)
	}
}

func TestFiltersFindPartsOfWordsWhateverTheirLetters(t *testing.T) {
	e := apptest.NewEstate(t)
	bea := change.Actor{Kind: change.Person, ID: "q", Name: "Bea Öztürk", Email: "bea@example.org"}
	log(t, e.App, anna, change.Record{Message: "Made the Site North", OrgID: e.Org.ID, MSPID: e.MSP.ID})
	log(t, e.App, bea, change.Record{Message: "Made the site SOUTH", OrgID: e.Neighbour.ID, MSPID: e.MSP.ID})
	log(t, e.App, bea, change.Record{Message: "Changed the MSP again", MSPID: e.MSP.ID})
	for _, test := range []struct {
		search audit.Search
		want   []string
	}{
		{audit.Search{Admin: "ANNA"}, []string{"Made the Site North"}},
		{audit.Search{Admin: "öZTÜRK"}, []string{"Changed the MSP again", "Made the site SOUTH"}},
		{audit.Search{Admin: "example.ORG", Message: "site"}, []string{"Made the site SOUTH"}},
		{audit.Search{Message: "the site"}, []string{"Made the site SOUTH", "Made the Site North"}},
		{audit.Search{OrgIDs: []string{e.Org.ID}, Message: "site"}, []string{"Made the Site North"}},
		{audit.Search{OrgIDs: []string{e.Org.ID, e.Neighbour.ID}, Message: "site"}, []string{"Made the site SOUTH", "Made the Site North"}},
		{audit.Search{Admin: "anna", Message: "south"}, []string{}},
	} {
		whole := e.LastDay()
		test.search.Start, test.search.End, test.search.Limit = whole.Start, whole.End, 100
		page, err := e.Audit.At(t.Context(), e.Person(e.MSP.Place(), identity.Read), e.MSP.Place(), test.search)
		if diff := cmp.Diff(test.want, messages(page)); diff != "" || err != nil {
			t.Errorf("%+v: %s, %v", test.search, diff, err)
		}
	}
}

func TestPagesOfAnySizeGiveEverythingOnce(t *testing.T) {
	e := apptest.NewEstate(t)
	var all []string
	for i := range 60 {
		if i%4 != 0 {
			e.Clock.Pass(time.Microsecond) // every fourth has the same time as the one before
		}
		by := anna
		if i%3 == 0 {
			by.Name = "Bea"
		}
		all = append([]string{fmt.Sprint(i)}, all...)
		log(t, e.App, by, change.Record{Message: fmt.Sprint(i), OrgID: e.Neighbour.ID})
	}
	whole := e.LastDay()
	rapid.Check(t, func(rt *rapid.T) {
		limit := func() int { return rapid.IntRange(1, 25).Draw(rt, "limit") }
		filter := rapid.SampledFrom([]string{"", "Bea", "anna@"}).Draw(rt, "admin")
		search := audit.Search{Start: whole.Start, End: whole.End, Admin: filter}
		got, err := walk(search, limit, func(s audit.Search) (audit.Page, error) {
			return e.Audit.At(t.Context(), e.Operator(), e.Neighbour.Place(), s)
		})
		if err != nil {
			rt.Fatal(err)
		}
		want := slices.DeleteFunc(slices.Clone(all), func(text string) bool {
			var i int
			_, _ = fmt.Sscan(text, &i) // the texts are numbers
			return filter == "Bea" && i%3 != 0
		})
		got = slices.DeleteFunc(
			got,
			func(text string) bool { return text == "Created the organization Corso Pharmacies" },
		)
		if diff := cmp.Diff(want, got); diff != "" {
			rt.Fatalf("admin %q: %s", filter, diff)
		}
	})
}

func TestThePlatformsLogGoesOnOverTheMonths(t *testing.T) {
	w := apptest.New(t)
	operator := w.Operator()
	var all []string
	for i, at := range []string{
		"2026-01-31T23:59:59.999999Z", "2026-02-01T00:00:00Z", "2026-02-28T23:59:59.999999Z", "2026-03-01T00:00:00Z", "2026-03-01T00:00:00Z",
		"2026-03-20T12:00:00Z", "2026-03-31T23:59:59Z", "2026-04-01T00:00:00Z",
	} {
		when, err := time.Parse(time.RFC3339Nano, at)
		if err != nil {
			t.Fatal(err)
		}
		w.Clock.Set(when)
		all = append([]string{fmt.Sprint(i)}, all...)
		log(t, w, anna, change.Record{Message: fmt.Sprint(i), PlatformLog: true})
	}
	rapid.Check(t, func(rt *rapid.T) {
		limit := func() int { return rapid.IntRange(1, 4).Draw(rt, "limit") }
		search := audit.Search{
			Start:   time.Date(2026, 1, 31, 0, 0, 0, 0, time.UTC),
			End:     time.Date(2026, 4, 2, 0, 0, 0, 0, time.UTC),
			Message: rapid.SampledFrom([]string{"", "7", "0"}).Draw(rt, "message"),
		}
		got, err := walk(
			search,
			limit,
			func(s audit.Search) (audit.Page, error) { return w.Audit.Platform(t.Context(), operator, s) },
		)
		if err != nil {
			rt.Fatal(err)
		}
		want := all
		if search.Message != "" {
			want = []string{search.Message}
		}
		if diff := cmp.Diff(want, got); diff != "" {
			rt.Fatalf("message %q: %s", search.Message, diff)
		}
	})
	page, err := w.Audit.Platform(t.Context(), operator, audit.Search{
		Start: time.Date(2026, 2, 1, 0, 0, 0, 0, time.UTC),
		End:   time.Date(2026, 3, 1, 0, 0, 0, 0, time.UTC),
		Limit: 10,
	})
	if diff := cmp.Diff([]string{"2", "1"}, messages(page)); diff != "" || err != nil {
		t.Errorf("one month: %s, %v", diff, err)
	}
	_, err = w.Audit.Platform(
		t.Context(),
		operator,
		audit.Search{Start: w.Clock.Now().Add(-time.Hour), End: w.Clock.Now(), Limit: 10, After: "x"},
	)
	w.Wants(fault.Invalid, err)
}

func TestASearchReadsABoundedNumberOfEntriesAndSaysHowToGoOn(t *testing.T) {
	e := apptest.NewEstate(t)
	log(t, e.App, anna, change.Record{Message: "the needle", OrgID: e.Org.ID})
	e.Clock.Pass(time.Minute)
	for range 2100 {
		log(t, e.App, anna, change.Record{Message: "hay", OrgID: e.Org.ID})
	}
	bounded := audit.Bounded(e.Audit, 100, 2000)
	search := e.LastDay()
	search.Message, search.Limit = "needle", 10
	_, err := bounded.At(t.Context(), e.Operator(), e.Org.Place(), search)
	e.Wants(fault.Invalid, err)
	var micros int64
	if _, scan := fmt.Sscanf(err.Error()[strings.Index(err.Error(), "end="):], "end=%d", &micros); scan != nil {
		t.Fatalf("%v does not say how to go on", err)
	}
	search.End = time.Unix(micros-1, 0)
	page, err := bounded.At(t.Context(), e.Operator(), e.Org.Place(), search)
	if err != nil || page.Total != 1 || len(page.Entries) != 1 {
		t.Errorf("%d of %d, %v", len(page.Entries), page.Total, err)
	}
	search = e.LastDay()
	search.Limit, search.PageNumber = 1000, 3
	_, err = bounded.At(t.Context(), e.Operator(), e.Org.Place(), search)
	e.Wants(fault.Invalid, err)
}

// TestTheTotalOfAFilteredLogIsThatOfAllMatches compares totals and numbered pages with the whole list.
func TestTheTotalOfAFilteredLogIsThatOfAllMatches(t *testing.T) {
	e := apptest.NewEstate(t)
	for i := range 120 {
		e.Clock.Pass(time.Microsecond)
		log(t, e.App, anna, change.Record{Message: fmt.Sprint("entry ", i%7), OrgID: e.Neighbour.ID})
	}
	whole := e.LastDay()
	bounded := audit.Bounded(e.Audit, 50, 1000)
	rapid.Check(t, func(rt *rapid.T) {
		search := audit.Search{
			Start: whole.Start, End: whole.End, Limit: 1000, OldestFirst: rapid.Bool().Draw(rt, "oldest first"),
			Message: rapid.SampledFrom([]string{"entry", "entry 3", "entry 9", ""}).Draw(rt, "message"),
		}
		read := func(s audit.Search) audit.Page {
			page, err := bounded.At(t.Context(), e.Operator(), e.Neighbour.Place(), s)
			if err != nil {
				rt.Fatal(err)
			}
			return page
		}
		all := messages(read(search))
		search.Limit = rapid.IntRange(1, 30).Draw(rt, "limit")
		search.PageNumber = rapid.IntRange(1, 8).Draw(rt, "page")
		from := min((search.PageNumber-1)*search.Limit, len(all))
		to := min(from+search.Limit, len(all))
		page := read(search)
		if diff := cmp.Diff(append([]string{}, all[from:to]...), append([]string{}, messages(page)...)); diff != "" {
			rt.Fatalf("page %d of %d each: %s", search.PageNumber, search.Limit, diff)
		}
		exact := page.Total == len(all) && !page.AtLeast
		atLeast := page.AtLeast && page.Total >= 50 && page.Total <= len(all) && len(all) > 50
		if !exact && !atLeast {
			rt.Fatalf("a total of %d (%t) for %d", page.Total, page.AtLeast, len(all))
		}
		if (page.Next == "") != (to == len(all)) {
			rt.Fatalf("next is %q after %d of %d", page.Next, to, len(all))
		}
		if page.Next != "" {
			search.After = page.Next
			following := read(search)
			if following.Total != page.Total || following.AtLeast != page.AtLeast || messages(following)[0] != all[to] {
				rt.Fatalf("the next page has a total of %d, %t", following.Total, following.AtLeast)
			}
		}
	})
}

func TestEntriesAreCountedByAValue(t *testing.T) {
	e := apptest.NewEstate(t)
	begin := e.Clock.Now()
	for i := range 10 {
		log(t, e.App, anna, change.Record{Message: fmt.Sprint("entry ", i%3), OrgID: e.Neighbour.ID})
	}
	search := audit.Search{Start: begin, End: e.Clock.Now().Add(time.Second), Message: "entry"}
	message := func(entry change.Entry) string { return entry.Message }
	counts, err := e.Audit.CountAt(t.Context(), e.Operator(), e.Neighbour.Place(), search, message)
	want := []audit.Count{{Value: "entry 0", Count: 4}, {Value: "entry 1", Count: 3}, {Value: "entry 2", Count: 3}}
	if diff := cmp.Diff(want, counts.Values); diff != "" || err != nil || counts.AtLeast {
		t.Errorf("%s, %v", diff, err)
	}
	_, err = e.Audit.CountAt(t.Context(), e.Person(e.Org.Place(), identity.Admin), e.Neighbour.Place(), search, message)
	e.Wants(fault.NotFound, err)
}

func TestWhoReadsWhichLog(t *testing.T) {
	e := apptest.NewEstate(t)
	for _, test := range []struct {
		by                 identity.Principal
		org, msp, platform fault.Code
	}{
		{e.Operator(), "", "", ""},
		{e.SupportAgent(), fault.NotFound, fault.NotFound, fault.Forbidden},
		{e.Person(e.MSP.Place(), identity.Admin), "", "", fault.Forbidden},
		{e.Person(e.MSP.Place(), identity.Write), "", "", fault.Forbidden},
		{e.Person(e.MSP.Place(), identity.Read), "", "", fault.Forbidden},
		{e.Person(e.MSP.Place(), identity.Helpdesk), fault.Forbidden, fault.Forbidden, fault.Forbidden},
		{e.Person(e.MSP.Place(), identity.Installer), fault.Forbidden, fault.Forbidden, fault.Forbidden},
		{e.Person(e.Org.Place(), identity.Admin), "", fault.NotFound, fault.Forbidden},
		{e.Person(e.Org.Place(), identity.Write), "", fault.NotFound, fault.Forbidden},
		{e.Person(e.Org.Place(), identity.Read), "", fault.NotFound, fault.Forbidden},
		{e.Person(e.Org.Place(), identity.Helpdesk), fault.Forbidden, fault.NotFound, fault.Forbidden},
		{e.Person(e.Neighbour.Place(), identity.Admin), fault.NotFound, fault.NotFound, fault.Forbidden},
		{e.Person(e.ForeignMSP.Place(), identity.Admin), fault.NotFound, fault.NotFound, fault.Forbidden},
	} {
		_, err := e.Audit.At(t.Context(), test.by, e.Org.Place(), e.LastDay())
		e.Wants(test.org, err)
		_, err = e.Audit.At(t.Context(), test.by, e.MSP.Place(), e.LastDay())
		e.Wants(test.msp, err)
		_, err = e.Audit.Platform(t.Context(), test.by, e.LastDay())
		e.Wants(test.platform, err)
		own, err := e.Audit.Own(t.Context(), test.by, e.LastDay())
		e.Wants("", err)
		if len(own.Entries) == 0 && test.by.UserID != e.Operator().UserID {
			t.Errorf("%s: the own log is empty", test.by.Email)
		}
	}
}

func TestCustomersNeitherSeeNorGuessTheAddressesOfTheProvidersPeople(t *testing.T) {
	e := apptest.NewEstate(t)
	chief, customer := e.Person(e.MSP.Place(), identity.Admin), e.Person(e.Org.Place(), identity.Admin)
	log(t, e.App, chief.Actor(), change.Record{Message: "by the chief", OrgID: e.Org.ID})
	log(t, e.App, customer.Actor(), change.Record{Message: "by the customer", OrgID: e.Org.ID})
	search := e.LastDay()
	search.Message = "by the"
	for _, test := range []struct {
		by   identity.Principal
		want string
	}{{customer, ""}, {e.Person(e.Org.Place(), identity.Read), ""}, {chief, chief.Email}, {e.Operator(), chief.Email}} {
		page, err := e.Audit.At(t.Context(), test.by, e.Org.Place(), search)
		if err != nil || page.Entries[1].Actor.Email != test.want || page.Entries[1].Actor.Name != chief.Name() ||
			page.Entries[0].Actor.Email != customer.Email {
			t.Errorf("%s reads %+v, %v", test.by.Email, page.Entries, err)
		}
	}
	search.Admin = chief.Email
	if page, err := e.Audit.At(t.Context(), customer, e.Org.Place(), search); err != nil || len(page.Entries) != 0 {
		t.Errorf("found by the address: %+v, %v", page.Entries, err)
	}
}

func TestCustomersDoNotSeeThatSomethingInternalWasDone(t *testing.T) {
	e := apptest.NewEstate(t)
	log(t, e.App, anna, change.Record{Message: "secret", OrgID: e.Org.ID, Internal: true})
	search := e.LastDay()
	search.Message = "secret"
	for by, want := range map[*identity.Principal]int{
		pointer(e.Person(e.Org.Place(), identity.Admin)): 0, pointer(e.Person(e.MSP.Place(), identity.Read)): 1, pointer(e.Operator()): 1,
	} {
		if page, err := e.Audit.At(t.Context(), *by, e.Org.Place(), search); err != nil || len(page.Entries) != want {
			t.Errorf("%s reads %+v, %v", by.Email, page.Entries, err)
		}
	}
}

func TestWhoDoesNotSeeCasesReadsOnlyThatOneWasWorkedOn(t *testing.T) {
	e := apptest.NewEstate(t)
	log(
		t,
		e.App,
		anna,
		change.Record{
			Message: "Opened case 7: secret",
			OrgID:   e.Org.ID,
			Target:  "case:c",
			After:   map[string]string{"subject": "secret"},
		},
	)
	for by, want := range map[*identity.Principal]string{
		pointer(e.Operator()): "Worked on a case", pointer(e.Person(e.Org.Place(), identity.Admin)): "Opened case 7: secret",
	} {
		search := e.LastDay()
		search.Admin = anna.Email
		page, err := e.Audit.At(t.Context(), *by, e.Org.Place(), search)
		if err != nil || len(page.Entries) != 1 || page.Entries[0].Message != want ||
			(page.Entries[0].After == nil) != (want == "Worked on a case") {
			t.Errorf("%s reads %+v, %v", by.Email, page.Entries, err)
		}
		search.Message = "secret"
		if page, err = e.Audit.At(
			t.Context(),
			*by,
			e.Org.Place(),
			search,
		); err != nil ||
			len(page.Entries) == 1 != (want != "Worked on a case") {
			t.Errorf("%s finds %+v by the hidden text, %v", by.Email, page.Entries, err)
		}
	}
}

func pointer[T any](value T) *T { return &value }
