package pages_test

import (
	"flag"
	"fmt"
	"net/http"
	"os"
	"strings"
	"testing"

	"github.com/tenantry/tenantry/functions/catalog"
	"github.com/tenantry/tenantry/functions/endpoint"
	"github.com/tenantry/tenantry/functions/grant"
	"github.com/tenantry/tenantry/functions/pages"
)

// guards limit the pages in all tests of this package to the grants of their area's function.
var guards = areaGuards()

func areaGuards() map[string]*grant.Guard {
	functions, err := catalog.Functions(catalog.ByEndpoint)
	if err != nil {
		panic(err)
	}
	guards := map[string]*grant.Guard{}
	for _, function := range functions {
		if area, is := strings.CutPrefix(function.Name, catalog.PortalName+"."); is {
			guards[area] = grant.NewGuard(function.Grants)
		}
	}
	return guards
}

// TestMain also finds unnecessary grants.
func TestMain(m *testing.M) {
	code := m.Run()
	if chosen := flag.Lookup("test.run").Value.String(); code == 0 && chosen == "" {
		for area, guard := range guards {
			// A change reads single items of core only in some cases; see
			// endpoint.About.HandlerGrants. The last use of a session is written every few minutes, a
			// visit once a day.
			rarely := grant.Union(grant.On(grant.Core, grant.Get), grant.On(grant.Derived, grant.BatchPut),
				grant.On(grant.Audit, grant.Put))
			if unused := guard.Unused().Without(rarely); len(unused) > 0 {
				fmt.Printf("the pages of the area %s do not use the grants: %v\n", area, unused)
				code = 1
			}
		}
	}
	os.Exit(code)
}

// areas serves each area as its function in the cloud does: at its own paths, with its own grants.
func areas(settings endpoint.Settings, services catalog.Services) http.Handler {
	mux := http.NewServeMux()
	for _, area := range pages.Areas() {
		guard := guards[area.Name]
		behind := catalog.NewServices(catalog.Guarded(guard, services.Adapters))
		with := settings
		with.Accounts, with.Journal = behind.Accounts, behind.Journal
		with.Limits = catalog.GuardedLimiter{Limiter: settings.Limits, Guard: guard}
		handler := catalog.Pages(with, behind, area.Name)
		for _, path := range area.Paths {
			if path == "$default" {
				path = "/"
			}
			mux.Handle(strings.TrimSuffix(path, "{path+}"), handler)
		}
	}
	return mux
}
