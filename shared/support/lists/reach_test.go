package lists_test

import (
	"fmt"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/tenantry/tenantry/shared/fault"
	"github.com/tenantry/tenantry/shared/identity"
	"github.com/tenantry/tenantry/shared/support"
	"github.com/tenantry/tenantry/shared/support/lists"
	"github.com/tenantry/tenantry/shared/support/supporttest"
	"github.com/tenantry/tenantry/shared/tenant"
)

// labelled gives organizations of the MSP a new label, and returns it.
func labelled(w *supporttest.World, name string, orgs ...tenant.Org) tenant.Label {
	w.T.Helper()
	ids := make([]string, len(orgs))
	for i, org := range orgs {
		ids[i] = org.ID
	}
	label, err := w.Tenants.NewLabel(w.T.Context(), w.Operator(), w.MSP.ID, tenant.LabelChange{Name: &name, OrgIDs: &ids})
	w.Must(err)
	return label
}

func TestARoleAtALabelFindsTheCasesOfItsOrganizationsInTheListOfTheMSP(t *testing.T) {
	w := supporttest.NewWorld(t)
	other := w.Person(w.Neighbour.Place(), identity.Write)
	for i := range 6 {
		w.NewCase(w.Customer, fmt.Sprintf("Router %d", i))
		_, err := w.Cases.Create(t.Context(), other, w.Neighbour.ID, supporttest.Request(fmt.Sprintf("Router %d", 10+i)))
		w.Must(err)
	}
	w.IndexAll()
	label := labelled(w, "Retail", w.Neighbour)
	by := w.Below(w.MSP.Place(), identity.Privilege{Scope: identity.LabelScope, Role: identity.Helpdesk, LabelID: label.ID})
	scope := lists.Scope{MSPID: w.MSP.ID}
	want := []int64{2, 4, 6, 8, 10, 12}
	for name, query := range map[string]lists.Query{
		"open":            {State: support.OpenList, Limit: 4},
		"all":             {Limit: 2},
		"a word":          {Phrase: "router", Limit: 4},
		"an order":        {Sort: "subject", Limit: 4},
		"an organization": {Filters: map[string][]string{"org": {w.Neighbour.ID, w.Org.ID}}, Limit: 4},
	} {
		got := w.All(by, scope, query)
		slices.Sort(got)
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s:\n%s", name, diff)
		}
		page, err := w.Lists.Search(t.Context(), by, scope, query)
		w.Must(err)
		if query.Phrase == "" && page.Total != 6 {
			t.Errorf("%s: a total of %d", name, page.Total)
		}
	}
	for _, query := range []lists.Query{
		{Phrase: "#1", Limit: 4}, {Phrase: "1", AnyList: true, Limit: 4},
		{Filters: map[string][]string{"org": {w.Org.ID}}, Limit: 4},
	} {
		if got := w.All(by, scope, query); len(got) > 0 {
			t.Errorf("%+v finds %v", query, got)
		}
	}
	if got := w.All(by, scope, lists.Query{Phrase: "#2", Limit: 4}); len(got) != 1 || got[0] != 2 {
		t.Errorf("the number finds %v", got)
	}
	_, err := w.Lists.Search(t.Context(), by, scope, lists.Query{State: support.DeletedList, Limit: 4})
	w.Wants(fault.Forbidden, err)
	_, err = w.Lists.Count(t.Context(), by, scope, lists.CountQuery{})
	w.Wants(fault.Forbidden, err)
	_, err = w.Lists.Search(t.Context(), by, lists.Scope{OrgID: w.Org.ID}, lists.Query{Limit: 4})
	w.Wants(fault.NotFound, err)
	installer := w.Below(w.MSP.Place(),
		identity.Privilege{Scope: identity.LabelScope, Role: identity.Installer, LabelID: label.ID})
	_, err = w.Lists.Search(t.Context(), installer, scope, lists.Query{Limit: 4})
	w.Wants(fault.Forbidden, err)
}

// TestNothingTellsOfCasesThatALabelDoesNotReach holds that neither the end of a page, nor an error, nor how
// far the index is differs by what other organizations have.
func TestNothingTellsOfCasesThatALabelDoesNotReach(t *testing.T) {
	w := supporttest.NewWorld(t)
	for range 3 {
		w.NewCase(w.Customer, "The secret merger")
	}
	w.IndexAll()
	label := labelled(w, "Retail", w.Neighbour)
	by := w.Below(w.MSP.Place(), identity.Privilege{Scope: identity.LabelScope, Role: identity.Helpdesk, LabelID: label.ID})
	many := make([]string, 90)
	for i := range many {
		many[i] = w.Org.ID
	}
	for _, query := range []lists.Query{
		{Limit: 1}, {Limit: 1, Phrase: "secret"}, {Limit: 1, Sort: "subject", Filters: map[string][]string{"org": many}},
		{Limit: 1, Filters: map[string][]string{"component": {"no such component"}}},
	} {
		page, err := w.Lists.Search(t.Context(), by, lists.Scope{MSPID: w.MSP.ID}, query)
		if err != nil || len(page.Lines) > 0 || page.Next != "" || page.Total != 0 || page.IndexedUntil != 0 || page.Lags {
			t.Errorf("%+v: %+v, %v", query, page, err)
		}
	}
}

// TestALabelOfManyOrganizationsIsListedByOrganization holds that more organizations than a search names have
// to be chosen from, and that consents hold as well.
func TestALabelOfManyOrganizationsIsListedByOrganization(t *testing.T) {
	w := supporttest.NewWorld(t)
	var orgs []tenant.Org
	for i := range 70 {
		orgs = append(orgs, w.NewOrg(w.MSP.ID, fmt.Sprintf("Branch %02d", i)))
	}
	label := labelled(w, "Retail", orgs[:40]...)
	second := labelled(w, "Wholesale", orgs[40:]...)
	for _, org := range []tenant.Org{w.Org, orgs[3], orgs[50]} {
		_, err := w.Cases.Create(t.Context(), w.Person(org.Place(), identity.Write), org.ID, supporttest.Request("Router"))
		w.Must(err)
	}
	w.IndexAll()
	by := w.Below(w.MSP.Place(),
		identity.Privilege{Scope: identity.LabelScope, Role: identity.Helpdesk, LabelID: label.ID},
		identity.Privilege{Scope: identity.LabelScope, Role: identity.Read, LabelID: second.ID})
	scope := lists.Scope{MSPID: w.MSP.ID}
	for _, query := range []lists.Query{{State: support.OpenList, Limit: 1}, {Phrase: "router", Limit: 1}} {
		_, err := w.Lists.Search(t.Context(), by, scope, query)
		w.Wants(fault.Conflict, err)
		query.Filters = map[string][]string{"org": {orgs[3].ID, orgs[50].ID, w.Org.ID, w.Neighbour.ID}}
		got := w.All(by, scope, query)
		slices.Sort(got)
		if diff := cmp.Diff([]int64{2, 3}, got); diff != "" {
			t.Errorf("%+v:\n%s", query, diff)
		}
	}
	w.Decide(orgs[50], identity.SupportAccess, false)
	chosen := lists.Query{State: support.OpenList, Limit: 10, Filters: map[string][]string{"org": {orgs[3].ID, orgs[50].ID}}}
	if got := w.All(by, scope, chosen); len(got) != 1 || got[0] != 2 {
		t.Errorf("finds %v although one organization withholds its cases", got)
	}
}
