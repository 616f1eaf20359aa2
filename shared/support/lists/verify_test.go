package lists_test

import (
	"strings"
	"testing"

	"github.com/tenantry/tenantry/shared/fault"
	"github.com/tenantry/tenantry/shared/store/table"
	"github.com/tenantry/tenantry/shared/support"
	"github.com/tenantry/tenantry/shared/support/lists"
	"github.com/tenantry/tenantry/shared/support/supporttest"
)

func TestWhatTheProductWritesAgrees(t *testing.T) {
	w := supporttest.NewWorld(t)
	for range lists.VerifyAtOnce + 5 {
		w.NewCase(w.Customer, "No Wi-Fi")
	}
	if result := w.Verify(false); result.Checked != lists.VerifyAtOnce+5 || len(result.Mismatches) > 0 {
		t.Errorf("%+v", result)
	}
}

func TestALineThatDiffersIsFoundAndMended(t *testing.T) {
	for name, spoil := range map[string]func(item table.Item) table.Write{
		"changed": func(item table.Item) table.Write { item.Data = []byte("{}"); return table.Update(item) },
		"missing": func(item table.Item) table.Write { return table.Delete(item.Key, item.Version) },
	} {
		t.Run(name, func(t *testing.T) {
			w := supporttest.NewWorld(t)
			c := w.NewCase(w.Customer, "No Wi-Fi")
			list := table.Query{Partition: "ORG#" + w.Org.ID + "#CASES#OPEN", Limit: 1}
			page, err := w.Store.Query(t.Context(), list)
			w.Must(err)
			w.Must(w.Store.Transact(t.Context(), []table.Write{spoil(page.Items[0])}))
			if result := w.Verify(
				false,
			); len(result.Mismatches) != 1 || result.Mismatches[0].CaseID != c.ID || result.Mismatches[0].Mended ||
				!strings.Contains(result.Mismatches[0].What, "CASES#OPEN") {
				t.Errorf("%+v", result)
			}
			if result := w.Verify(true); len(result.Mismatches) != 1 || !result.Mismatches[0].Mended {
				t.Errorf("%+v", result)
			}
			if result := w.Verify(false); len(result.Mismatches) != 0 {
				t.Errorf("after mending: %+v", result)
			}
			// The repaired entry must behave like every other: it goes with the next change of its
			// case.
			subject := "Another subject"
			_, err = w.Cases.Change(t.Context(), w.Agent, c.OrgID, c.ID, support.CaseChange{Subject: &subject})
			w.Must(err)
			if result := w.Verify(false); len(result.Mismatches) != 0 {
				t.Errorf("after a change: %+v", result)
			}
		})
	}
}

func TestVerifyingIsForOperators(t *testing.T) {
	w := supporttest.NewWorld(t)
	_, err := w.Lists.VerifyLists(t.Context(), w.Agent, 1, true)
	w.Wants(fault.Forbidden, err)
}
