package directory_test

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/tenantry/tenantry/shared/apptest"
	"github.com/tenantry/tenantry/shared/change"
	"github.com/tenantry/tenantry/shared/search"
	"github.com/tenantry/tenantry/shared/store/table"
	"github.com/tenantry/tenantry/shared/tenant"
	"github.com/tenantry/tenantry/shared/tenant/directory"
)

// tester is the common part of testing.T and rapid.T.
type tester interface {
	Helper()
	Fatal(arguments ...any)
	Errorf(format string, arguments ...any)
}

func must(t tester, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// world is an installation in which nothing is listed before its message is handled.
type world struct {
	*apptest.Estate
	t testing.TB
	// unlisted creates and changes organizations.
	unlisted *tenant.Tenants
	waiting  []directory.Task
}

func newWorld(t testing.TB) *world {
	e := apptest.NewEstate(t)
	return &world{Estate: e, t: t, unlisted: e.Tenants.ListedBy(nil)}
}

// hear makes tasks of what has changed.
func (w *world) hear() {
	w.t.Helper()
	for {
		changes, err := w.Store.Changes(w.t.Context(), apptest.FeedConsumer, 1000)
		must(w.t, err)
		if len(changes) == 0 {
			return
		}
		for _, event := range changes {
			message, ours, err := directory.IndexMessage(event)
			must(w.t, err)
			if ours {
				var task directory.Task
				must(w.t, json.Unmarshal(message.Body, &task))
				w.waiting = append(w.waiting, task)
			}
		}
		must(w.t, w.Store.Acknowledge(w.t.Context(), apptest.FeedConsumer, changes[len(changes)-1].Sequence))
	}
}

// settle handles every message.
func (w *world) settle() {
	w.t.Helper()
	w.hear()
	for _, task := range w.waiting {
		must(w.t, w.Directory.Index(w.t.Context(), task))
	}
	w.waiting = nil
}

// write writes an organization's item as a domain beside package tenant would: to move it or remove it.
func (w *world) write(t tester, org tenant.Org, writes ...table.Write) {
	t.Helper()
	must(t, w.Journal.Commit(w.t.Context(), w.Operator().Actor(), change.Record{
		Action: "orgs.change", Message: "Changed", OrgID: org.ID, Writes: writes,
	}))
}

func listKey(org tenant.Org) table.Key {
	partition := "PLATFORM"
	if org.MSPID != "" {
		partition = "MSP#" + org.MSPID
	}
	return table.Key{Partition: partition, Sort: "ORG#" + org.ID}
}

// move moves an organization to another MSP.
func (w *world) move(t tester, org tenant.Org, mspID string) tenant.Org {
	moved := org
	moved.MSPID, moved.Labels = mspID, nil
	item, err := change.Encode(tenant.OrgKey(org.ID), moved)
	must(t, err)
	item.Version = org.Version
	moved.Version++
	w.write(t, org, table.Update(item), table.Delete(listKey(org), 1),
		table.Create(table.Item{Key: listKey(moved), Data: []byte("{}")}))
	return moved
}

// remove purges an organization.
func (w *world) remove(t tester, org tenant.Org) {
	writes, err := w.Directory.ForgetWrites(w.t.Context(), org)
	must(t, err)
	w.write(t, org, append(writes, table.Delete(tenant.OrgKey(org.ID), org.Version), table.Delete(listKey(org), 1))...)
}

// model is a plain list of the organizations there are.
type model []tenant.Org

// sortedBy returns what a query sorts an organization by.
func sortedBy(org tenant.Org, query directory.Query) string {
	switch strings.TrimPrefix(query.Sort, "-") {
	case directory.ByCreated:
		return fmt.Sprintf("%012d", org.Created)
	case directory.ByModified:
		return fmt.Sprintf("%012d", org.Modified)
	default:
		return search.Fold(org.Name)
	}
}

// agree checks that a list has the organizations that it shall have, in order. Those that are equal in the
// order may come in any.
func (m model) agree(t tester, scope directory.Scope, query directory.Query, got []string) {
	t.Helper()
	byID := map[string]tenant.Org{}
	for _, org := range m {
		byID[org.ID] = org
	}
	values := func(ids []string) (values []string) {
		for _, id := range ids {
			values = append(values, sortedBy(byID[id], query))
		}
		return values
	}
	want := m.want(scope, query)
	if diff := cmp.Diff(values(want), values(got)); diff != "" {
		t.Errorf("%+v of %+v:\n%s", query, scope, diff)
	}
	if diff := cmp.Diff(slices.Sorted(slices.Values(want)), slices.Sorted(slices.Values(got))); diff != "" {
		t.Errorf("%+v of %+v:\n%s", query, scope, diff)
	}
}

// want returns the IDs that a query selects, in order.
func (m model) want(scope directory.Scope, query directory.Query) []string {
	selected := slices.DeleteFunc(slices.Clone(m), func(org tenant.Org) bool {
		return !scope.All && org.MSPID != scope.MSPID ||
			query.LabelID != "" && !slices.Contains(org.Labels, query.LabelID) ||
			!strings.Contains(search.Fold(org.Name), search.Fold(query.Name))
	})
	slices.SortFunc(selected, func(x, y tenant.Org) int {
		if strings.HasPrefix(query.Sort, "-") {
			x, y = y, x
		}
		return strings.Compare(sortedBy(x, query), sortedBy(y, query))
	})
	ids := make([]string, len(selected))
	for i, org := range selected {
		ids[i] = org.ID
	}
	return ids
}

// pages reads a list to its end by cursors, and checks its total on each page.
func (w *world) pages(t tester, scope directory.Scope, query directory.Query) []string {
	t.Helper()
	ids := []string{}
	for {
		page, err := w.Directory.List(w.t.Context(), w.Operator(), scope, query)
		must(t, err)
		for _, org := range page.Orgs {
			ids = append(ids, org.ID)
		}
		if query.After = page.Next; page.Next == "" {
			if page.Total != int64(len(ids)) || !page.Exact {
				t.Errorf("%+v of %+v: %d organizations, but a total of %d (%v)", query, scope, len(ids), page.Total, page.Exact)
			}
			return ids
		}
	}
}

// numbered reads a list to its end by page numbers.
func (w *world) numbered(t tester, scope directory.Scope, query directory.Query) []string {
	t.Helper()
	ids := []string{}
	for {
		page, err := w.Directory.List(w.t.Context(), w.Operator(), scope, query)
		must(t, err)
		for _, org := range page.Orgs {
			ids = append(ids, org.ID)
		}
		if query.Offset += query.Limit; len(page.Orgs) == 0 {
			return ids
		}
	}
}
