package catalog_test

import (
	"net/http"
	"strings"
	"testing"
)

// TestVisitsAreInTheLogOnceADay holds that the log of an organization has one entry 'Access Org' for each
// person who was in it, however often, and none for those who were refused.
func TestVisitsAreInTheLogOnceADay(t *testing.T) {
	i := newInstallation(t, nil)
	path := "/orgs/" + i.org.ID
	for range 3 {
		for _, as := range []string{"org read", "msp admin", "foreign org"} {
			i.call(as, http.MethodGet, path, "", nil)
			i.call(as, http.MethodGet, path+"/cases", "", nil)
		}
	}
	log := i.read(t, "org admin", path+"/logs?message=access%20org&limit=1000&duration=7d")
	results, _ := log["results"].([]any)
	people := map[string]int{}
	for _, one := range results {
		entry := one.(map[string]any)
		if entry["message"] != "Access Org" || entry["action"] != "orgs.visit" || entry["site_id"] == "" {
			t.Errorf("%v", entry)
		}
		people[strings.Fields(entry["admin_id"].(string))[0]]++
	}
	if log["total"] != 2.0 || people[i.people["org read"].UserID] != 1 || people[i.people["msp admin"].UserID] != 1 {
		t.Errorf("%v visits: %v", log["total"], people)
	}
	for _, place := range []string{path, "/msps/" + i.msp.ID} {
		count := i.read(t, "msp admin", place+"/logs/count?distinct=message&message=access")
		first, _ := count["results"].([]any)[0].(map[string]any)
		if first["message"] != "Access Org" || first["count"].(float64) < 2 || count["distinct"] != "message" {
			t.Errorf("%s: %v", place, count)
		}
	}
	second := i.read(t, "org admin", path+"/logs?message=access&limit=1&page=2")
	if second["page"] != 2.0 || second["total"].(float64) < 2 || len(second["results"].([]any)) != 1 {
		t.Errorf("the second page: %v", second)
	}
}
