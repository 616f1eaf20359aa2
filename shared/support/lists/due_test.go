package lists_test

import (
	"slices"
	"testing"
	"time"

	"github.com/tenantry/tenantry/shared/fault"
	"github.com/tenantry/tenantry/shared/support"
	"github.com/tenantry/tenantry/shared/support/lists"
	"github.com/tenantry/tenantry/shared/support/supporttest"
)

func TestAgentsFindTheCasesWhosePromisedTimeRunsOut(t *testing.T) {
	w := supporttest.NewWorld(t)
	none := w.NewCase(w.Customer, "No promise")
	w.Promise(60, 8*60)
	late := w.NewCase(w.Customer, "Not answered")
	answered := w.NewCase(w.Customer, "Answered")
	w.Comment(w.Agent, answered, "We look into it.")
	solved := w.NewCase(w.Customer, "Solved")
	w.SetStatus(w.Agent, solved, support.Solved)
	scopes := []lists.Scope{{OrgID: w.Org.ID}, {MSPID: w.MSP.ID}}
	check := func(due string, want ...support.Case) {
		t.Helper()
		w.IndexAll()
		var numbers []int64
		for _, c := range want {
			numbers = append(numbers, c.Number)
		}
		for _, scope := range scopes {
			got := w.All(w.Agent, scope, lists.Query{Due: due, Sort: "number", Limit: 10})
			if !slices.Equal(got, numbers) {
				t.Errorf("due %s over %+v: %v, want %v; without a promise %d", due, scope, got, numbers, none.Number)
			}
		}
	}
	check("breached")
	check("2", late)
	check("9", late, answered)
	w.Clock.Pass(61 * time.Minute)
	w.WakeAll()
	check("breached", late)
	check("1", late)
}

func TestTheServiceLevelIsNoFilterForCustomers(t *testing.T) {
	w := supporttest.NewWorld(t)
	scope := lists.Scope{OrgID: w.Org.ID}
	for _, due := range []string{"breached", "4"} {
		_, err := w.Lists.Search(t.Context(), w.Customer, scope, lists.Query{Due: due, Limit: 10})
		w.Wants(fault.Invalid, err)
	}
	for _, due := range []string{"0", "49", "-1", "soon", "1h"} {
		_, err := w.Lists.Search(t.Context(), w.Agent, scope, lists.Query{Due: due, Limit: 10})
		w.Wants(fault.Invalid, err)
	}
}
