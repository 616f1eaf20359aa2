package directory_test

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/sync/errgroup"

	"github.com/tenantry/tenantry/shared/apptest"
	"github.com/tenantry/tenantry/shared/change"
	"github.com/tenantry/tenantry/shared/extension"
	"github.com/tenantry/tenantry/shared/fault"
	"github.com/tenantry/tenantry/shared/identity"
	"github.com/tenantry/tenantry/shared/search"
	"github.com/tenantry/tenantry/shared/store/table"
	"github.com/tenantry/tenantry/shared/store/table/cost"
	"github.com/tenantry/tenantry/shared/tenant"
	"github.com/tenantry/tenantry/shared/tenant/directory"
)

// names returns the names of a page.
func names(page directory.Page) []string {
	names := []string{}
	for _, org := range page.Orgs {
		names = append(names, org.Name)
	}
	return names
}

func TestEverybodySeesTheOrganizationsOfTheirOwnMSPOnly(t *testing.T) {
	e := apptest.NewEstate(t)
	ours, theirs := e.Person(e.MSP.Place(), identity.Installer), e.Person(e.ForeignMSP.Place(), identity.Admin)
	ofMSP := directory.Scope{MSPID: e.MSP.ID}
	for _, test := range []struct {
		by    identity.Principal
		scope directory.Scope
		code  fault.Code
		want  []string
	}{
		{e.Operator(), ofMSP, "", []string{"Corso Pharmacies", "Rialto Hotels"}},
		{e.Operator(), directory.Scope{}, "", []string{"Delta Mills"}},
		{e.Operator(), directory.Scope{All: true}, "",
			[]string{"Corso Pharmacies", "Delta Mills", "Fjord Logistics", "Rialto Hotels"}},
		{ours, ofMSP, "", []string{"Corso Pharmacies", "Rialto Hotels"}},
		{ours, directory.Scope{}, fault.Forbidden, []string{}},
		{ours, directory.Scope{All: true}, fault.Forbidden, []string{}},
		{ours, directory.Scope{MSPID: e.MSP.ID, All: true}, fault.Forbidden, []string{}},
		{theirs, ofMSP, fault.NotFound, []string{}},
		{e.Person(e.Org.Place(), identity.Admin), ofMSP, fault.NotFound, []string{}},
		{e.SupportAgent(), ofMSP, fault.NotFound, []string{}},
		{e.SupportAgent(), directory.Scope{All: true}, fault.Forbidden, []string{}},
	} {
		for _, query := range []directory.Query{
			{Limit: 10}, {Limit: 10, Sort: "bad"}, {Limit: 10, OrgID: e.Org.ID}, {Limit: 10, Name: "o"},
		} {
			page, err := e.Directory.List(t.Context(), test.by, test.scope, query)
			if want := test.code; query.Sort == "" && fault.CodeOf(err) != want || want != "" && fault.CodeOf(err) != want {
				t.Errorf("%s, %+v: %v, want %q", test.by.Email, query, err, want)
			}
			if diff := cmp.Diff(test.want, names(page)); query == (directory.Query{Limit: 10}) && diff != "" {
				t.Errorf("%s sees in %+v:\n%s", test.by.Email, test.scope, diff)
			}
		}
	}
}

func TestWhoCreatesRenamesOrLabelsFindsItInTheNextList(t *testing.T) {
	e := apptest.NewEstate(t)
	by, scope := e.Person(e.MSP.Place(), identity.Admin), directory.Scope{MSPID: e.MSP.ID}
	label, err := e.Tenants.NewLabel(t.Context(), by, e.MSP.ID, tenant.LabelChange{Name: new("Retail")})
	must(t, err)
	org := e.NewOrg(e.MSP.ID, "Bottega")
	_, err = e.Tenants.ChangeOrg(t.Context(), by, org.ID,
		tenant.OrgChange{Name: new("Bottega Nuova"), Labels: &[]string{label.ID}})
	must(t, err)
	for query, total := range map[directory.Query]int64{
		{Name: "nuova", Limit: 5}: 1, {LabelID: label.ID, Limit: 5}: 1, {Limit: 1}: 3, {Sort: "-modified_time", Limit: 1}: 3,
	} {
		page, err := e.Directory.List(t.Context(), by, scope, query)
		if err != nil || !slices.Equal(names(page), []string{"Bottega Nuova"}) || page.Total != total || !page.Exact {
			t.Errorf("%+v: %+v, %v", query, page, err)
		}
	}
}

// TestWhatChangedSinceIsNotShown holds that a list shows no organization that has left the MSP, and none by a
// label or name that it no longer has, though the index does not know yet.
func TestWhatChangedSinceIsNotShown(t *testing.T) {
	w := newWorld(t)
	label, err := w.Tenants.NewLabel(t.Context(), w.Operator(), w.MSP.ID,
		tenant.LabelChange{Name: new("Retail"), OrgIDs: &[]string{w.Org.ID}})
	must(t, err)
	w.settle()
	scope := directory.Scope{MSPID: w.MSP.ID}
	wants := func(query directory.Query, want ...string) {
		t.Helper()
		query.Limit = 10
		page, err := w.Directory.List(t.Context(), w.Operator(), scope, query)
		if err != nil || !slices.Equal(names(page), want) || page.Total != int64(len(want)) {
			t.Errorf("%+v: %v of %d, %v, want %v", query, names(page), page.Total, err, want)
		}
	}
	wants(directory.Query{LabelID: label.ID}, "Rialto Hotels")
	_, err = w.unlisted.ChangeOrg(t.Context(), w.Operator(), w.Org.ID,
		tenant.OrgChange{Labels: &[]string{}, Name: new("Lido")})
	must(t, err)
	wants(directory.Query{LabelID: label.ID})
	wants(directory.Query{Name: "rialto"})
	wants(directory.Query{}, "Corso Pharmacies", "Lido")
	w.move(t, w.Neighbour, w.ForeignMSP.ID)
	wants(directory.Query{}, "Lido")
}

func TestAnAccountNumberFindsAndAContactDoesNot(t *testing.T) {
	e := apptest.NewEstate(t)
	admin := e.Person(e.Org.Place(), identity.Admin)
	_, err := e.Tenants.ChangeSetting(t.Context(), admin, e.Org.ID, tenant.SettingChange{Fields: extension.Fields{
		"account_number": json.RawMessage(`"K-4711"`),
		"contact":        json.RawMessage(`{"name":"Carla Conti","email":["carla@rialto.example"],"phone":"0039 1"}`),
	}})
	must(t, err)
	must(t, e.Directory.IndexNow(t.Context(), e.Org.ID))
	for _, scope := range []directory.Scope{{MSPID: e.MSP.ID}, {All: true}} {
		for query, want := range map[directory.Query]int{
			{AccountNumber: "k-4711"}: 1, {AccountNumber: "4711"}: 0, {Name: "4711"}: 0, {Name: "carla"}: 0, {Name: "conti"}: 0,
			{AccountNumber: "K-4711", OrgID: e.Org.ID}: 1, {AccountNumber: "K", OrgID: e.Org.ID}: 0,
			{AccountNumber: "Carla Conti"}: 0,
		} {
			query.Limit = 5
			page, err := e.Directory.List(t.Context(), e.Operator(), scope, query)
			if err != nil || len(page.Orgs) != want || page.Total != int64(want) {
				t.Errorf("%+v: %+v, %v", query, page, err)
			}
		}
	}
	page, err := e.Store.Query(t.Context(),
		table.Query{Table: table.Derived, Partition: "PLATFORM#ALLORGS#INDEX#1#DOCUMENT", Limit: 100})
	if err != nil || len(page.Items) != 4 {
		t.Fatalf("%d documents, %v", len(page.Items), err)
	}
	for _, item := range page.Items {
		for _, personal := range []string{"carla", "conti", "0039"} {
			if strings.Contains(strings.ToLower(string(item.Data)), personal) {
				t.Errorf("the index has personal data: %s", item.Data)
			}
		}
	}
}

func TestAWrongQueryIsRefusedWithItsField(t *testing.T) {
	e := apptest.NewEstate(t)
	for _, query := range []directory.Query{
		{Sort: "size"}, {Name: string(make([]byte, 129))}, {Name: "\xff"}, {OrgID: "1"}, {LabelID: e.Journal.NewID()},
		{LabelID: "x"},
	} {
		query.Limit = 5
		_, err := e.Directory.List(t.Context(), e.Operator(), directory.Scope{MSPID: e.MSP.ID}, query)
		e.Wants(fault.Invalid, err)
	}
}

// TestAnOlderInstallationGetsItsListsByItself takes the index and every number away, as if a former version
// had left the data.
func TestAnOlderInstallationGetsItsListsByItself(t *testing.T) {
	t.Parallel()
	for _, how := range []string{"at the start", "by messages, with the time over again and again"} {
		t.Run(how, func(t *testing.T) {
			w := newWorld(t)
			for n := range 120 {
				org, err := w.unlisted.CreateOrg(t.Context(), w.Operator(), w.MSP.ID, fmt.Sprintf("Shop %03d", n), false)
				must(t, err)
				if n%40 == 0 {
					must(t, w.Directory.IndexNow(t.Context(), org.ID)) // one of them changed just after the upgrade
				}
			}
			must(t, w.Journal.Mark(t.Context(), table.Key{Partition: "PLATFORM", Sort: "MARK#ORG_INDEX"}, struct{}{}, 0))
			upgraded := directory.New(w.Journal, w.Tenants, w.Index)
			scope, query := directory.Scope{MSPID: w.MSP.ID}, directory.Query{Name: "shop", Limit: 50}
			_, err := upgraded.List(t.Context(), w.Operator(), scope, query)
			w.Wants(fault.Unavailable, err)
			if how == "at the start" {
				must(t, upgraded.Begin(t.Context(), time.Minute))
			} else {
				must(t, upgraded.Renew(t.Context()))
				must(t, upgraded.Renew(t.Context())) // it is not requested twice
				for parts := 0; ; parts++ {
					var rebuilds []directory.Rebuild
					for _, message := range w.Outbox() {
						var part directory.Rebuild
						if json.Unmarshal(message.Body, &part) == nil && part.Kind == directory.RebuildKind {
							rebuilds = append(rebuilds, part)
						}
					}
					if len(rebuilds) != parts+1 {
						break
					}
					must(t, upgraded.RebuildPart(t.Context(), rebuilds[len(rebuilds)-1], time.Duration(parts)*time.Millisecond))
				}
			}
			for from, all := range map[directory.Scope]int64{{MSPID: w.MSP.ID}: 122, {}: 1, {All: true}: 124} {
				page, err := upgraded.Count(t.Context(), w.Operator(), from, directory.Query{})
				if err != nil || page.Total != all {
					t.Errorf("%+v has %d organizations, %v; want %d", from, page.Total, err, all)
				}
			}
			page, err := upgraded.List(t.Context(), w.Operator(), scope, query)
			if err != nil || page.Total != 120 || len(page.Orgs) != 50 || page.Orgs[49].Name != "Shop 049" {
				t.Errorf("%d of %d, %v", len(page.Orgs), page.Total, err)
			}
		})
	}
}

func TestVerificationMendsWhatTheIndexHasOtherwise(t *testing.T) {
	w := newWorld(t)
	for range 60 {
		w.NewOrg(w.MSP.ID, "Shop")
	}
	_, err := w.unlisted.ChangeOrg(t.Context(), w.Operator(), w.Org.ID, tenant.OrgChange{Name: new("Lido")})
	must(t, err)
	_, err = w.Directory.Verify(t.Context(), w.Person(w.MSP.Place(), identity.Admin), 1, true)
	w.Wants(fault.Forbidden, err)
	for _, want := range []int{1, 0} {
		checked, mended := 0, 0
		for from := int64(1); from > 0; {
			result, err := w.Directory.Verify(t.Context(), w.Operator(), from, true)
			must(t, err)
			checked, mended, from = checked+result.Checked, mended+len(result.Mismatches), result.Next
		}
		if checked != 64 || mended != want {
			t.Errorf("%d checked, %d mended, want %d", checked, mended, want)
		}
	}
}

// TestWhatAPageCosts holds the costs in the package's comment: pages by cursors cost the same in long lists.
// More than a thousand organizations have the part of a name that is looked for.
func TestWhatAPageCosts(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	by, scope := w.Operator(), directory.Scope{MSPID: w.MSP.ID}
	label, err := w.Tenants.NewLabel(t.Context(), by, w.MSP.ID, tenant.LabelChange{Name: new("Retail")})
	must(t, err)
	meter := cost.Count(w.Store)
	journal := change.NewJournal(meter, w.Clock.Now)
	counted := directory.New(journal, tenant.NewTenants(journal), search.New(meter, w.Clock.Now))
	made := 0
	for _, size := range []int{100, 2300} {
		for ; made < size; made++ {
			name := fmt.Sprintf("Shop %04d", made)
			request := tenant.OrgChange{Name: &name}
			if made%2 == 0 {
				request.Labels = &[]string{label.ID}
			}
			_, err := w.unlisted.NewOrg(t.Context(), by, w.MSP.ID, request)
			must(t, err)
		}
		request := fmt.Sprintf("%016d", w.Clock.Now().UnixMicro()+int64(size))
		must(t, w.Directory.RebuildPart(t.Context(), directory.Rebuild{Request: request, Form: directory.Form}, time.Hour))
		for _, test := range []struct {
			query directory.Query
			// requests is how many a page takes; beyond is how many more in the long list.
			requests, beyond int
			total            int64
			first            string
		}{
			{directory.Query{}, 6, 0, int64(size + 2), "Corso Pharmacies"},
			{directory.Query{Sort: "-name"}, 5, 0, int64(size + 2), fmt.Sprintf("Shop %04d", size-1)},
			{directory.Query{Sort: "-created_time"}, 5, 0, int64(size + 2), ""},
			{directory.Query{LabelID: label.ID}, 6, 0, int64(size / 2), "Shop 0000"},
			{directory.Query{Offset: size - 10}, 7, 0, int64(size + 2), fmt.Sprintf("Shop %04d", size-12)},
			{directory.Query{Offset: size / 2}, 7, 2, int64(size + 2), fmt.Sprintf("Shop %04d", size/2-2)},
			{directory.Query{Name: "0099"}, 6, 0, 1, "Shop 0099"},
			{directory.Query{Name: "shop"}, 6, 7, int64(size), "Shop 0000"},
			{directory.Query{Name: "shop", Sort: "-created_time", LabelID: label.ID}, 7, 11, int64(size / 2), ""},
		} {
			test.query.Limit = 50
			meter.Reset()
			page, err := counted.List(t.Context(), by, scope, test.query)
			must(t, err)
			most := test.requests
			if size > 100 {
				most += test.beyond
			}
			if got := meter.Snapshot().Requests; got > most {
				t.Errorf("%d organizations, %+v: %d requests, but may take %d", size, test.query, got, most)
			}
			if page.Total != test.total || !page.Exact || test.first != "" && page.Orgs[0].Name != test.first {
				t.Errorf("%+v: %d of %d, the first is %s", test.query, len(page.Orgs), page.Total, page.Orgs[0].Name)
			}
			if next := page.Next; next != "" {
				test.query.After = next
				second, err := counted.List(t.Context(), by, scope, test.query)
				must(t, err)
				if second.Total != test.total || len(second.Orgs) == 0 ||
					slices.ContainsFunc(second.Orgs, func(org tenant.Org) bool {
						return slices.ContainsFunc(page.Orgs, func(former tenant.Org) bool { return former.ID == org.ID })
					}) {
					t.Errorf("%+v: the second page has a total of %d and repeats the first", test.query, second.Total)
				}
			}
		}
	}
}

// TestAnOrganizationGetsOneNumberHoweverManyIndexItAtOnce has several workers and a caller index the same
// organizations at the same time.
func TestAnOrganizationGetsOneNumberHoweverManyIndexItAtOnce(t *testing.T) {
	w := newWorld(t)
	var group errgroup.Group
	for n := range 20 {
		org, err := w.unlisted.CreateOrg(t.Context(), w.Operator(), w.MSP.ID, fmt.Sprintf("Shop %02d", n), false)
		must(t, err)
		for range 3 {
			group.Go(func() error { return w.Directory.IndexNow(t.Context(), org.ID) })
		}
	}
	must(t, group.Wait())
	for scope, want := range map[directory.Scope]int{{MSPID: w.MSP.ID}: 22, {All: true}: 24} {
		if ids := w.pages(t, scope, directory.Query{Limit: 7}); len(ids) != want {
			t.Errorf("%+v has %d organizations, want %d", scope, len(ids), want)
		}
	}
}
