package lists_test

import (
	"strconv"
	"testing"

	"github.com/tenantry/tenantry/shared/fault"
	"github.com/tenantry/tenantry/shared/identity"
	"github.com/tenantry/tenantry/shared/support"
	"github.com/tenantry/tenantry/shared/support/lists"
	"github.com/tenantry/tenantry/shared/support/supporttest"
)

// TestListsMaskEachCaseByItsOrganization holds for the plain list of an MSP, for one from the index,
// for what a number finds, and for the latest changes.
func TestListsMaskEachCaseByItsOrganization(t *testing.T) {
	w := supporttest.NewWorld(t)
	w.NewCase(w.Customer, "No Wi-Fi")
	neighbour := w.Invited(w.Neighbour.Place(), identity.Write, "nora@corso.example.net", "Nora", "Neri")
	_, err := w.Cases.Create(t.Context(), neighbour, w.Neighbour.ID, supporttest.Request("No Wi-Fi either"))
	w.Must(err)
	w.IndexAll()
	w.Decide(w.Org, identity.PersonalData, false)
	want := map[string]string{w.Org.ID: "C… C… c…@rialto.example.net", w.Neighbour.ID: "Nora Neri nora@corso.example.net"}
	look := func(name string, lines []support.Summary, err error) {
		t.Helper()
		w.Must(err)
		for _, line := range lines {
			if got := line.Submitter.Name + " " + line.Submitter.Email; got != want[line.OrgID] {
				t.Errorf("%s shows %q", name, got)
			}
		}
		if len(lines) != 2 {
			t.Errorf("%s shows %d cases", name, len(lines))
		}
	}
	scope := lists.Scope{MSPID: w.MSP.ID}
	for name, query := range map[string]lists.Query{
		"a plain list": {State: support.OpenList, Limit: 10}, "a search": {Phrase: "wi-fi", Limit: 10},
		"an order": {Sort: "-severity", Limit: 10},
	} {
		page, err := w.Lists.Search(t.Context(), w.Agent, scope, query)
		look(name, page.Lines, err)
	}
	from, to := w.Clock.Now().AddDate(0, 0, -1), w.Clock.Now().AddDate(0, 0, 1)
	lines, err := w.Lists.Changed(t.Context(), w.Agent, "", w.MSP.ID, from, to, 10, false)
	look("the changed cases", lines, err)
	for _, query := range []lists.Query{{Phrase: "1", Limit: 10}, {Phrase: "2", Limit: 10}} {
		page, err := w.Lists.Search(t.Context(), w.Agent, scope, query)
		w.Must(err)
		for _, line := range page.Lines {
			if got := line.Submitter.Name + " " + line.Submitter.Email; got != want[line.OrgID] {
				t.Errorf("a number finds %q", got)
			}
		}
	}
}

func TestCasesAreNotSortedByNamesThatAreMasked(t *testing.T) {
	w := supporttest.NewWorld(t)
	w.NewCase(w.Customer, "No Wi-Fi")
	w.IndexAll()
	org, msp := lists.Scope{OrgID: w.Org.ID}, lists.Scope{MSPID: w.MSP.ID}
	for _, granted := range []bool{true, false} {
		w.Decide(w.Org, identity.PersonalData, granted)
		for _, scope := range []lists.Scope{org, msp} {
			_, err := w.Lists.Search(t.Context(), w.Agent, scope, lists.Query{Sort: "-submitter", Limit: 10})
			if fault.Is(err, fault.Forbidden) == granted || granted && err != nil {
				t.Errorf("consent %t, over %+v: %v", granted, scope, err)
			}
		}
		_, err := w.Lists.Search(t.Context(), w.Customer, org, lists.Query{Sort: "-submitter", Limit: 10})
		w.Must(err)
	}
}

func TestTheListOfDirectCustomersMasksThoseThatDoNotConsent(t *testing.T) {
	w := supporttest.NewWorld(t)
	customer := w.Invited(w.Direct.Place(), identity.Write, "dora@delta.example.net", "Dora", "Dean")
	_, err := w.Cases.Create(t.Context(), customer, w.Direct.ID, supporttest.Request("No Wi-Fi"))
	w.Must(err)
	w.IndexAll()
	w.Decide(w.Direct, identity.SupportAccess, true)
	agent := w.SupportAgent()
	for _, granted := range []bool{true, false} {
		w.Decide(w.Direct, identity.PersonalData, granted)
		page, err := w.Lists.Search(t.Context(), agent, lists.Scope{}, lists.Query{State: support.OpenList, Limit: 10})
		w.Must(err)
		if len(page.Lines) != 1 || (page.Lines[0].Submitter.Name == "Dora Dean") != granted {
			t.Errorf("consent %t: %+v", granted, page.Lines)
		}
		_, err = w.Lists.Search(t.Context(), agent, lists.Scope{}, lists.Query{Sort: "submitter", Limit: 10})
		if fault.Is(err, fault.Forbidden) == granted || granted && err != nil {
			t.Errorf("consent %t, sorted: %v", granted, err)
		}
	}
}

func TestPeopleSeeThemselvesInTheirOwnCases(t *testing.T) {
	w := supporttest.NewWorld(t)
	w.NewCase(w.Agent, "On behalf of nobody")
	w.NewCase(w.Customer, "No Wi-Fi")
	w.Decide(w.Org, identity.PersonalData, false)
	for _, by := range []identity.Principal{w.Agent, w.Customer} {
		lines, err := w.Lists.OwnCases(t.Context(), by, 10)
		if err != nil || len(lines) != 1 || lines[0].Submitter.Name != by.Name() {
			t.Errorf("%s: %+v, %v", by.Email, lines, err)
		}
	}
}

// TestTheNumberOfAWithheldCaseIsLikeThatOfNoCase holds for numbers that are searched for as a text
// and for those of one digit, which are not.
func TestTheNumberOfAWithheldCaseIsLikeThatOfNoCase(t *testing.T) {
	w := supporttest.NewWorld(t)
	withheld := w.NewCase(w.Customer, "No Wi-Fi")
	neighbour := w.Invited(w.Neighbour.Place(), identity.Write, "nora@corso.example.net", "Nora", "Neri")
	seen, err := w.Cases.Create(t.Context(), neighbour, w.Neighbour.ID, supporttest.Request("No Wi-Fi either"))
	w.Must(err)
	w.IndexAll()
	w.Decide(w.Org, identity.SupportAccess, false)
	for number, cases := range map[int64]int{withheld.Number: 0, seen.Number: 1, 9: 0, 99: 0} {
		page, err := w.Lists.Search(t.Context(), w.Agent, lists.Scope{MSPID: w.MSP.ID},
			lists.Query{Phrase: strconv.FormatInt(number, 10), Limit: 10})
		if err != nil || len(page.Lines) != cases || page.Total != int64(cases) || !page.Exact {
			t.Errorf("number %d: %d of %d, exact %t, %v", number, len(page.Lines), page.Total, page.Exact, err)
		}
	}
}
