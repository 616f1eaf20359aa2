package catalog_test

import (
	"strings"
	"testing"
)

// TestAFilterThatIsNotForTheCallerIsRefused: a list that ignored it would look filtered.
func TestAFilterThatIsNotForTheCallerIsRefused(t *testing.T) {
	t.Parallel()
	i := newInstallation(t, nil)
	for person, want := range map[string]int{"operator": 200, "org admin": 400, "msp admin": 400} {
		got := i.call(person, "GET", "/orgs?account_number=A-17", "", nil)
		if got.Code != want || want == 400 && !strings.Contains(got.Body.String(), "account_number") {
			t.Errorf("%s: %d, want %d: %s", person, got.Code, want, got.Body)
		}
	}
}
