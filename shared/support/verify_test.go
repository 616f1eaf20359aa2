package support_test

import (
	"strings"
	"testing"

	"github.com/tenantry/tenantry/shared/fault"
	"github.com/tenantry/tenantry/shared/store/table"
	"github.com/tenantry/tenantry/shared/support"
)

// verify verifies all cases.
func (w *world) verify(mend bool) support.Verification {
	w.t.Helper()
	var all support.Verification
	for from := int64(1); from > 0; {
		found, err := w.Desk.VerifyLists(w.t.Context(), w.Operator(), from, mend)
		w.must(err)
		all.Checked += found.Checked
		all.Mismatches = append(all.Mismatches, found.Mismatches...)
		from = found.Next
	}
	return all
}

func TestWhatTheProductWritesAgrees(t *testing.T) {
	w := newWorld(t)
	for range support.VerifyAtOnce + 5 {
		w.newCase(w.customer, "No Wi-Fi")
	}
	if found := w.verify(false); found.Checked != support.VerifyAtOnce+5 || len(found.Mismatches) > 0 {
		t.Errorf("%+v", found)
	}
}

func TestALineThatDiffersIsFoundAndMended(t *testing.T) {
	for name, spoil := range map[string]func(item table.Item) table.Write{
		"changed": func(item table.Item) table.Write { item.Data = []byte("{}"); return table.Update(item) },
		"missing": func(item table.Item) table.Write { return table.Delete(item.Key, item.Version) },
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t)
			c := w.newCase(w.customer, "No Wi-Fi")
			list := table.Query{Partition: "ORG#" + w.Org.ID + "#CASES#OPEN", Limit: 1}
			page, err := w.Store.Query(t.Context(), list)
			w.must(err)
			w.must(w.Store.Transact(t.Context(), []table.Write{spoil(page.Items[0])}))
			if found := w.verify(false); len(found.Mismatches) != 1 || found.Mismatches[0].CaseID != c.ID || found.Mismatches[0].Mended || !strings.Contains(found.Mismatches[0].What, "CASES#OPEN") {
				t.Errorf("%+v", found)
			}
			if found := w.verify(true); len(found.Mismatches) != 1 || !found.Mismatches[0].Mended {
				t.Errorf("%+v", found)
			}
			if found := w.verify(false); len(found.Mismatches) != 0 {
				t.Errorf("after mending: %+v", found)
			}
			// The mended line must go the way of all lines: with the next change of its case.
			subject := "Another subject"
			_, err = w.Desk.ChangeCase(t.Context(), w.agent, c.OrgID, c.ID, support.CaseChange{Subject: &subject})
			w.must(err)
			if found := w.verify(false); len(found.Mismatches) != 0 {
				t.Errorf("after a change: %+v", found)
			}
		})
	}
}

func TestVerifyingIsForOperators(t *testing.T) {
	w := newWorld(t)
	_, err := w.Desk.VerifyLists(t.Context(), w.agent, 1, true)
	w.Wants(fault.Forbidden, err)
}
