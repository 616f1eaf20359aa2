package life_test

import (
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/tenantry/tenantry/shared/apptest"
	"github.com/tenantry/tenantry/shared/fault"
	"github.com/tenantry/tenantry/shared/identity"
	"github.com/tenantry/tenantry/shared/support/lists"
	"github.com/tenantry/tenantry/shared/support/supporttest"
	"github.com/tenantry/tenantry/shared/tenant"
)

// TestWhoSeesWhatFollowsFromWhatIsDeleted does random steps on the organizations of an MSP, and compares
// who sees what with a plain set of those that are not deleted.
func TestWhoSeesWhatFollowsFromWhatIsDeleted(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		w := &supporttest.World{Estate: apptest.NewEstate(t), T: t}
		ctx := t.Context()
		w.Agent = w.Person(w.MSP.Place(), identity.Helpdesk)
		super := w.Person(w.MSP.Place(), identity.Admin)
		live, handled := map[string]int64{}, map[string]bool{} // the number of the case of each organization
		binned := map[string]time.Time{}
		var ids []string
		customers := map[string]identity.Principal{}
		create := func() {
			org := w.NewOrg(w.MSP.ID, "Org")
			customers[org.ID] = w.Person(org.Place(), identity.Write)
			c, err := w.Cases.Create(ctx, customers[org.ID], org.ID, supporttest.Request("No Wi-Fi"))
			w.Must(err)
			live[org.ID], ids = c.Number, append(ids, org.ID)
		}
		numbers := map[string]int64{}
		create()
		for range rapid.IntRange(4, 14).Draw(rt, "steps") {
			id := rapid.SampledFrom(ids).Draw(rt, "of")
			number, alive := live[id]
			at, inBin := binned[id]
			inBin = inBin && w.Clock.Now().Before(at.Add(tenant.RestorableFor))
			switch step := rapid.SampledFrom([]string{"create", "delete", "restore", "follow", "pass"}).Draw(rt, "step"); step {
			case "create":
				create()
			case "delete":
				_, err := w.Life.Delete(ctx, super, id)
				w.Wants(map[bool]fault.Code{true: "", false: fault.NotFound}[alive], err)
				if alive {
					numbers[id], binned[id] = number, w.Clock.Now().Truncate(time.Second)
					delete(live, id)
				}
			case "restore":
				_, err := w.Life.Restore(ctx, super, id)
				want := fault.NotFound
				if alive {
					want = fault.Conflict
				} else if inBin {
					want = ""
				}
				w.Wants(want, err)
				if want == "" {
					live[id] = numbers[id]
					delete(binned, id)
				}
			case "follow":
				tend(w, handled)
			case "pass":
				w.Clock.Pass(time.Duration(rapid.IntRange(1, 20*24).Draw(rt, "hours")) * time.Hour)
				due(w)
			}
			w.IndexAll()
			compare(rt, w, super, live, binned, customers)
		}
		// Whatever has not happened yet, a second time and late.
		w.Clock.Pass(time.Hour)
		tend(w, map[string]bool{})
		var all []int64
		for _, number := range live {
			all = append(all, number)
		}
		slices.Sort(all)
		got := w.All(w.Agent, lists.Scope{MSPID: w.MSP.ID}, lists.Query{State: "open", Limit: 50})
		slices.Sort(got)
		if !slices.Equal(got, all) {
			rt.Fatalf("at the end the agent sees %v, want %v", got, all)
		}
		if result := w.Verify(false); len(result.Mismatches) > 0 {
			rt.Fatalf("%+v", result.Mismatches)
		}
	})
}

// compare compares what is seen with the sets.
func compare(
	rt *rapid.T, w *supporttest.World, super identity.Principal, live map[string]int64, binned map[string]time.Time,
	customers map[string]identity.Principal,
) {
	rt.Helper()
	ctx := w.T.Context()
	orgs, err := w.Tenants.MSPOrgs(ctx, super, w.MSP.ID, tenant.OrgFilter{Name: "Org"}, 100)
	w.Must(err)
	if len(orgs) != len(live) {
		rt.Fatalf("the MSP has %d organizations, want %d", len(orgs), len(live))
	}
	for id, customer := range customers {
		_, alive := live[id]
		if _, err := w.Tenants.Org(ctx, customer, id, identity.SeeOrg); fault.Is(err, fault.NotFound) == alive {
			rt.Fatalf("a customer sees it: %v, want %v", err, alive)
		}
	}
	for _, number := range w.All(w.Agent, lists.Scope{MSPID: w.MSP.ID}, lists.Query{State: "open", Limit: 50}) {
		if !slices.ContainsFunc(orgs, func(org tenant.Org) bool { return live[org.ID] == number }) {
			rt.Fatalf("the agent sees case %d of a deleted organization", number)
		}
	}
	restorable := 0
	for _, at := range binned {
		if w.Clock.Now().Before(at.Add(tenant.RestorableFor)) {
			restorable++
		}
	}
	page, err := w.Tenants.Bin(ctx, super, w.MSP.ID, 100, "")
	if err != nil || len(page.Orgs) != restorable {
		rt.Fatalf("%d are in the bin, want %d, %v", len(page.Orgs), restorable, err)
	}
}
