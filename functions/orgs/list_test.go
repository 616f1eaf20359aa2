package orgs

import (
	"slices"
	"testing"

	"github.com/tenantry/tenantry/shared/tenant"
)

func TestOwnOrganizationsAreOrderedAsAsked(t *testing.T) {
	t.Parallel()
	byName := []tenant.Org{
		{Name: "Alder", Created: 2, Modified: 9}, {Name: "Birch", Created: 3, Modified: 7},
		{Name: "Cedar", Created: 1, Modified: 8},
	}
	for order, want := range map[string]string{
		"": "ABC", "name": "ABC", "-name": "CBA", "created_time": "CAB", "-created_time": "BAC",
		"modified_time": "BCA", "-modified_time": "ACB",
	} {
		sorted := slices.Clone(byName)
		sortOwn(sorted, order)
		got := ""
		for _, org := range sorted {
			got += org.Name[:1]
		}
		if got != want {
			t.Errorf("by %q: %s, want %s", order, got, want)
		}
	}
}
