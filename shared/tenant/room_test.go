package tenant_test

import (
	"fmt"
	"strconv"
	"testing"

	"golang.org/x/sync/errgroup"

	"github.com/tenantry/tenantry/shared/apptest"
	"github.com/tenantry/tenantry/shared/fault"
	"github.com/tenantry/tenantry/shared/store/table"
	"github.com/tenantry/tenantry/shared/tenant"
)

// counted returns the counter of an MSP's organizations.
func counted(t *testing.T, e *apptest.Estate, key table.Key) int64 {
	t.Helper()
	item, err := e.Store.Get(t.Context(), key)
	must(t, err)
	number, err := strconv.ParseInt(string(item.Data), 10, 64)
	must(t, err)
	return number
}

func TestAFullListTakesNoMore(t *testing.T) {
	e := apptest.NewEstate(t)
	for key, create := range map[table.Key]func() error{
		{Partition: "MSP#" + e.MSP.ID, Sort: "COUNT#ORG"}: func() error {
			_, err := e.Tenants.CreateOrg(t.Context(), e.Operator(), e.MSP.ID, "One more", false)
			return err
		},
		{Partition: "PLATFORM", Sort: "COUNT#ORG"}: func() error {
			_, err := e.Tenants.CreateOrg(t.Context(), e.Operator(), "", "One more", false)
			return err
		},
		{Partition: "PLATFORM", Sort: "COUNT#MSP"}: func() error {
			_, err := e.Tenants.NewMSP(t.Context(), e.Operator(), tenant.MSPChange{Name: new("One more")})
			return err
		},
	} {
		most := int64(tenant.MaxOrgs)
		if key.Sort == "COUNT#MSP" {
			most = 10_000
		}
		must(t, e.Journal.Spend(t.Context(), table.Add(key, most-1-counted(t, e, key), table.Unlimited, 0)))
		must(t, create())
		e.Wants(fault.Conflict, create())
		if got := counted(t, e, key); got != most {
			t.Errorf("%v counts %d, want %d", key, got, most)
		}
	}
}

// TestAListOfAFormerVersionIsCountedOnce takes the counter away, as former versions had none.
func TestAListOfAFormerVersionIsCountedOnce(t *testing.T) {
	e := apptest.NewEstate(t)
	key := table.Key{Partition: "MSP#" + e.MSP.ID, Sort: "COUNT#ORG"}
	item, err := e.Store.Get(t.Context(), key)
	must(t, err)
	must(t, e.Store.Transact(t.Context(), []table.Write{table.Delete(key, item.Version)}))
	var group errgroup.Group
	for n := range 8 {
		group.Go(func() error {
			_, err := e.Tenants.CreateOrg(t.Context(), e.Operator(), e.MSP.ID, fmt.Sprintf("Shop %d", n), false)
			return err
		})
	}
	must(t, group.Wait())
	if got := counted(t, e, key); got != 10 {
		t.Errorf("%d organizations are counted, want 10", got)
	}
}
