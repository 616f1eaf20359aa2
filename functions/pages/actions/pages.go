// Package actions contains the pages with which a person takes an action on many organizations: they ask
// what to do, show what would change, and start the job. Package bulk has the actions; each is shown as
// action.go says.
package actions

import (
	"github.com/tenantry/tenantry/functions/pages/kit"
	"github.com/tenantry/tenantry/shared/tenant"
	"github.com/tenantry/tenantry/shared/tenant/bulk"
	"github.com/tenantry/tenantry/shared/tenant/directory"
	"github.com/tenantry/tenantry/shared/tenant/profile"
)

// Pages are the dependencies of the pages.
type Pages struct {
	Tenants *tenant.Tenants
	// Directory counts what a filter selects.
	Directory *directory.Service
	OrgJobs   *bulk.Service
	// Profiles has the operator profiles that can be assigned.
	Profiles *profile.Service
}

// Routes returns the targets of the forms.
func (p Pages) Routes() []kit.Route {
	var routes []kit.Route
	for _, at := range []struct{ path, name string }{{"/msps/{msp_id}", "msps"}, {"/platform", "platform"}} {
		also := []string{"msps.list_orgs", "msps.list_labels", "profiles.list"}
		routes = append(routes,
			kit.Route{Pattern: "POST " + at.path + "/orgs/bulk", Like: at.name + ".preview_orgs", Also: also, Handle: p.ask},
			kit.Route{Pattern: "POST " + at.path + "/orgs/bulk/preview", Like: at.name + ".preview_orgs", Also: also,
				Handle: p.preview},
			kit.Route{Pattern: "POST " + at.path + "/orgs/bulk/start", Like: at.name + ".change_orgs", Also: also,
				Handle: p.start},
		)
	}
	for i := range routes {
		routes[i].Area = "tenants"
	}
	return routes
}
