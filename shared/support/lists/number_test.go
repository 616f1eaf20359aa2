package lists_test

import (
	"bytes"
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/tenantry/tenantry/shared/fault"
	"github.com/tenantry/tenantry/shared/identity"
	"github.com/tenantry/tenantry/shared/store/table"
	"github.com/tenantry/tenantry/shared/support"
	"github.com/tenantry/tenantry/shared/support/lists"
	"github.com/tenantry/tenantry/shared/support/supporttest"
	"github.com/tenantry/tenantry/shared/tenant"
)

func TestANumberIsReadHoweverPeopleWriteIt(t *testing.T) {
	for phrase, want := range map[string]int64{
		"381": 381, "#381": 381, "[Case 381]": 381, " case 381 ": 381, "CASE #381": 381, "ticket 381": 381, "３８１": 381,
		"Re: [Case 381] No Wi-Fi": 381, "381 clients": 0, "no 381": 0, "": 0, "0": 0, "case": 0, "1234567890123456": 0,
	} {
		if got := lists.Number(phrase); got != want {
			t.Errorf("%q is read as %d, want %d", phrase, got, want)
		}
	}
}

func TestACaseIsFoundFirstByItsNumberInEveryListOfItsScope(t *testing.T) {
	w := supporttest.NewWorld(t)
	named := w.NewCase(w.Customer, "No Wi-Fi")
	foreign := w.ForeignCase()
	var mention []int64
	for i := range 3 {
		c := w.NewCase(w.Customer, fmt.Sprintf("As in case %d, again %d", named.Number, i))
		mention = append([]int64{c.Number}, mention...)
	}
	named = w.SetStatus(w.Agent, named, support.Closed)
	w.IndexAll()
	phrase := fmt.Sprintf("case %d", named.Number)
	want := append([]int64{named.Number}, mention...)
	for _, scope := range []lists.Scope{{OrgID: w.Org.ID}, {MSPID: w.MSP.ID}} {
		for _, limit := range []int{1, 2, 10} {
			query := lists.Query{State: support.OpenList, AnyList: true, Phrase: phrase, Limit: limit}
			if got := w.All(w.Agent, scope, query); !slices.Equal(got, want) {
				t.Errorf("%+v by %d: %v, want %v", scope, limit, got, want)
			}
		}
		query := lists.Query{State: support.OpenList, Phrase: phrase, Limit: 10}
		if got := w.All(w.Agent, scope, query); !slices.Equal(got, mention) {
			t.Errorf("the list of open cases has %v, want %v", got, mention)
		}
	}
	query := lists.Query{AnyList: true, Phrase: fmt.Sprint(foreign.Number), Limit: 10}
	if got := w.All(w.Agent, lists.Scope{OrgID: w.Org.ID}, query); slices.Contains(got, foreign.Number) {
		t.Error("another organization's case is found by its number")
	}
}

func TestACaseIsFoundByItsNumberBeforeItIsIndexedAndCountedOnce(t *testing.T) {
	w := supporttest.NewWorld(t)
	scope := lists.Scope{OrgID: w.Org.ID}
	c := w.NewCase(w.Customer, "No Wi-Fi")
	total := func(phrase string) int64 {
		page, err := w.Lists.Search(t.Context(), w.Customer, scope, lists.Query{AnyList: true, Phrase: phrase, Limit: 10})
		w.Must(err)
		if len(page.Lines) != 1 {
			t.Errorf("%q finds %d cases", phrase, len(page.Lines))
		}
		return page.Total
	}
	if got := total(fmt.Sprint(c.Number)); got != 1 {
		t.Errorf("before it is indexed a total of %d", got)
	}
	_, err := w.Cases.Change(t.Context(), w.Customer, w.Org.ID, c.ID,
		support.CaseChange{Subject: supporttest.Pointer(fmt.Sprintf("Case %d: no Wi-Fi", c.Number))})
	w.Must(err)
	w.IndexAll()
	if got := total(fmt.Sprintf("case %d", c.Number)); got != 1 {
		t.Errorf("with its own number in the subject a total of %d", got)
	}
}

func TestThePlatformsConsoleFindsOnlyCasesThatAllowSupport(t *testing.T) {
	w := supporttest.NewWorld(t)
	agent, owner := w.SupportAgent(), w.Person(w.Direct.Place(), identity.Admin)
	c, err := w.Cases.Create(t.Context(), owner, w.Direct.ID, supporttest.Request("No Wi-Fi"))
	w.Must(err)
	w.IndexAll()
	find := func(phrase string) []int64 {
		return w.All(agent, lists.Scope{}, lists.Query{AnyList: true, Phrase: phrase, Limit: 10})
	}
	if byNumber, byText := find(fmt.Sprint(c.Number)), find("wi-fi"); len(byNumber)+len(byText) != 0 {
		t.Errorf("without consent %v and %v", byNumber, byText)
	}
	_, err = w.Tenants.ChangeOrg(t.Context(), owner, w.Direct.ID,
		tenant.OrgChange{SupportAccess: supporttest.Pointer(true)})
	w.Must(err)
	if byNumber, byText := find(fmt.Sprint(c.Number)), find("wi-fi"); len(byNumber) != 1 || len(byText) != 1 {
		t.Errorf("with consent %v and %v", byNumber, byText)
	}
}

func TestAFilterByAValueThatExistsNowhereIsRefused(t *testing.T) {
	w := supporttest.NewWorld(t)
	request := supporttest.Request("No Wi-Fi")
	request.Component = "roof"
	_, err := w.Cases.Create(t.Context(), w.Customer, w.Org.ID, request)
	w.Must(err)
	w.IndexAll()
	for _, test := range []struct {
		field   string
		values  []string
		refused bool
	}{
		{"status", []string{"archived"}, true},
		{"status", []string{"all"}, true},
		{"status", []string{"pending"}, false},
		{"severity", []string{"9"}, true},
		{"severity", []string{"4"}, false},
		{"type", []string{"ISSUE"}, true},
		{"type", []string{"issue", "ISSUE"}, true},
		{"type", []string{"question"}, false},
		{"component", []string{"roof"}, false},
		{"component", []string{"cellar"}, false}, // the provider has no list of components
		{"reason", []string{"none"}, false},
	} {
		query := lists.Query{Filters: map[string][]string{test.field: test.values}, Limit: 10}
		_, err := w.Lists.Search(t.Context(), w.Customer, lists.Scope{OrgID: w.Org.ID}, query)
		if refused := fault.Is(err, fault.Invalid); refused != test.refused || err != nil && !refused {
			t.Errorf("%s=%v: %v", test.field, test.values, err)
		}
	}
}

func TestAnIndexOfAFormerVersionIsRebuiltOnceAfterTheUpgrade(t *testing.T) {
	w := supporttest.NewWorld(t)
	w.NewCase(w.Customer, "It’s down")
	w.IndexAll()
	scope := lists.Scope{OrgID: w.Org.ID}
	stateOf := table.Key{Table: table.Derived, Partition: scope.Space() + "#INDEX", Sort: "STATE"}
	former, err := w.Store.Get(t.Context(), stateOf)
	w.Must(err)
	former.Data = bytes.Replace(former.Data, []byte(`"folding":2,`), nil, 1)
	former.Version++
	w.Must(w.Store.BatchPut(t.Context(), []table.Item{former}))
	before := len(w.Outbox())
	w.Must(w.Lists.Renew(t.Context()))
	w.Must(w.Lists.Renew(t.Context()))
	messages := w.Outbox()[before:]
	if len(messages) != 1 {
		t.Fatalf("%d rebuilds were requested", len(messages))
	}
	w.Must(w.Lists.RebuildPart(t.Context(), supporttest.Decoded[lists.Rebuild](t, messages[0].Body), time.Hour))
	if got := w.All(w.Customer, scope, lists.Query{Phrase: "it's down", Limit: 10}); len(got) != 1 {
		t.Errorf("after the rebuild %v", got)
	}
}
