package catalog_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"

	"github.com/tenantry/tenantry/functions/catalog"
	"github.com/tenantry/tenantry/functions/endpoint"
	"github.com/tenantry/tenantry/functions/grant"
	"github.com/tenantry/tenantry/shared/store/table"
)

// TestEveryEndpointUsesJustWhatItWasGranted calls every endpoint with its declared grants enforced,
// as all tests here do: what it does not declare fails, and what it declares but never needs is
// reported.
func TestEveryEndpointUsesJustWhatItWasGranted(t *testing.T) {
	t.Parallel()
	store := &overtaken{}
	i := newInstallation(t, func(below table.Store) table.Store {
		store.Store = below
		return store
	})
	lines, whole := lines(), wholes(store)
	for _, e := range i.endpoints {
		t.Run(e.Name, func(t *testing.T) {
			i.t = t
			l := lines[e.Name]
			call := func(what string, want int, request *http.Request) {
				recorder := httptest.NewRecorder()
				i.handler.ServeHTTP(recorder, request)
				if recorder.Code != want {
					t.Errorf("%s: status %d, want %d: %s", what, recorder.Code, want, recorder.Body)
				}
			}
			if calls := whole[e.Name]; calls != nil {
				for _, one := range calls(i) {
					call(one.what, one.want, one.request)
				}
			}
			if l.allowed != "" {
				i.fresh(caller(l))
				call(caller(l), 200, i.request(e.About, l, "fresh"))
			}
			if l.allowed != "" && l.allowed != everybody {
				call("installer", i.refusal(l, "org installer"), i.request(e.About, l, "org installer"))
				call("foreigner", i.refusal(l, "foreign org"), i.request(e.About, l, "foreign org"))
			}
			guard := i.guards[e.Name]
			if lacking := guard.Used().Without(e.Grants()); len(lacking) > 0 {
				t.Errorf("it lacks %v. Declare behind its handler: .Using(%s)",
					lacking, inGo(guard.Used().Without(ofTheDoor(e))))
			}
			rarely := e.HandlerGrants().Without(e.Uses)
			if unused := guard.Unused().Without(rarely); len(unused) > 0 {
				t.Errorf("it does not use %v. Declare behind its handler: .Using(%s)",
					unused, inGo(guard.Used().Without(ofTheDoor(e))))
			}
		})
	}
}

// ofTheDoor is what a call needs before its handler begins; endpoints do not declare it.
func ofTheDoor(e endpoint.Endpoint) grant.Grants {
	e.Uses = nil
	return e.Grants()
}

// inGo returns the Go code that declares grants.
func inGo(grants grant.Grants) string {
	var sets []string
	for len(grants) > 0 {
		resource := grants[0].Resource
		var actions []string
		var rest grant.Grants
		for _, g := range grants {
			if g.Resource != resource {
				rest = append(rest, g)
				continue
			}
			actions = append(actions, "grant."+goName(string(g.Action)))
		}
		sets = append(sets, "grant.On("+resourceInGo(resource)+", "+strings.Join(actions, ", ")+")")
		grants = rest
	}
	return strings.Join(sets, ", ")
}

// goName turns "batch get" into BatchGet.
func goName(words string) string {
	name := ""
	for word := range strings.FieldsSeq(words) {
		name += strings.ToUpper(word[:1]) + word[1:]
	}
	return name
}

func resourceInGo(r grant.Resource) string {
	if name, ok := r.QueueName(); ok {
		return fmt.Sprintf("grant.Queue(%q)", name)
	}
	if name, ok := map[grant.Resource]string{grant.RawMails: "RawMails", grant.Attachments: "Attachments",
		grant.Uploads: "Uploads", grant.Logos: "Logos", grant.Archive: "Archive"}[r]; ok {
		return "grant." + name
	}
	return "grant." + goName(string(r))
}

func TestMissingGrantsAreWrittenAsGo(t *testing.T) {
	got := inGo(grant.Union(
		grant.On(grant.Core, grant.Put, grant.BatchGet),
		grant.On(grant.Queue("mail-send"), grant.Send),
		grant.On(grant.RawMails, grant.Link),
	))
	want := `grant.On(grant.Core, grant.BatchGet, grant.Put), grant.On(grant.RawMails, grant.Link), grant.On(grant.Queue("mail-send"), grant.Send)`
	if got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
}

// writers are the endpoints whose method only reads but that write to the core table, with the
// reason.
func writers() map[string]string { return map[string]string{} }

// TestWhatReadsDoesNotWriteToTheCoreTable ensures that a call that only reads cannot change a
// tenant, a person or a case: neither by mistake, nor if its role's credentials leak.
func TestWhatReadsDoesNotWriteToTheCoreTable(t *testing.T) {
	functions, err := catalog.Functions(catalog.ByEndpoint)
	check(t, err)
	writing, reasons := 0, writers()
	for _, function := range functions {
		writes := false
		for _, action := range []grant.Action{grant.Put, grant.Delete, grant.Count, grant.BatchPut} {
			writes = writes || slices.Contains(function.Grants, grant.Grant{Resource: grant.Core, Action: action})
		}
		if writes {
			writing++
		}
		reads := len(function.Routes) > 0 &&
			!slices.ContainsFunc(function.Routes, func(r catalog.Route) bool { return r.Method != http.MethodGet })
		if _, known := reasons[function.Name]; reads && writes && !known {
			t.Errorf("%s only reads, and may write to the core table", function.Name)
		} else if known && !writes {
			t.Errorf("%s does not write to the core table any more", function.Name)
		}
	}
	t.Logf("%d of %d functions may write to the core table", writing, len(functions))
}

// TestNoFunctionChangesOrDeletesAuditEntries ensures that only the expiry removes an entry, and that the
// archive is written by its one function and deleted by none. The store refuses every write to the audit
// table but the creation of an entry, so that to put one there cannot replace another.
func TestNoFunctionChangesOrDeletesAuditEntries(t *testing.T) {
	for _, granularity := range catalog.Granularities() {
		functions, err := catalog.Functions(granularity)
		check(t, err)
		for _, function := range functions {
			for _, one := range function.Grants {
				switch {
				case one.Resource == grant.Audit && !slices.Contains([]grant.Action{grant.Query, grant.Put}, one.Action):
					t.Errorf("%s is granted %q", function.Name, one)
				case one.Resource == grant.Archive && (function.Name != catalog.ArchiveName ||
					!slices.Contains([]grant.Action{grant.Open, grant.Store}, one.Action)):
					t.Errorf("%s is granted %q", function.Name, one)
				case function.Name == catalog.ArchiveName && one.Resource == grant.Audit && one.Action != grant.Query:
					t.Errorf("%s is granted %q", function.Name, one)
				}
			}
		}
	}
	i := newInstallation(t, nil)
	page, err := i.Store.Query(t.Context(), table.Query{Table: table.Audit, Partition: "ORG#" + i.org.ID, Limit: 1})
	check(t, err)
	entry := page.Items[0]
	changed := entry
	changed.Data = []byte(`{}`)
	for name, write := range map[string]table.Write{
		"update": table.Update(changed), "delete": table.Delete(entry.Key, entry.Version), "create": table.Create(changed),
	} {
		if err := i.Store.Transact(t.Context(), []table.Write{write}); err == nil {
			t.Errorf("%s: an entry was changed", name)
		}
	}
	if err := i.Store.BatchPut(t.Context(), []table.Item{changed}); err == nil {
		t.Error("an entry was overwritten")
	}
	if _, err := i.Store.Count(t.Context(), entry.Key, 1, 0); err == nil {
		t.Error("an entry was counted")
	}
}
