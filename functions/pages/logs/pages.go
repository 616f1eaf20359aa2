// Package logs contains the pages of the audit log of a place: who changed what, when, and from where.
// The rules are in shared/audit.
package logs

import (
	"github.com/tenantry/tenantry/functions/pages/kit"
	"github.com/tenantry/tenantry/functions/pages/scope"
	"github.com/tenantry/tenantry/shared/audit"
	"github.com/tenantry/tenantry/shared/tenant"
	"github.com/tenantry/tenantry/shared/tenant/directory"
)

// Pages are the dependencies of the pages.
type Pages struct {
	Audit     *audit.Log
	Tenants   *tenant.Tenants
	Directory *directory.Service
}

// Routes returns the pages.
func (p Pages) Routes() []kit.Route {
	const area = "logs"
	like := map[string]string{"platform": "platform.list_logs", "msp": "msps.list_logs", "org": "orgs.list_logs"}
	also := map[string][]string{
		"platform": {"platform.count_logs"}, "msp": {"msps.count_logs", "msps.list_orgs"}, "org": {"orgs.count_logs"},
	}
	var routes []kit.Route
	for _, s := range scope.All() {
		routes = append(routes,
			kit.Route{
				Pattern: "GET " + s.Path + "/logs", Area: area, Like: like[s.Name], Also: also[s.Name], Handle: p.list,
			},
			kit.Route{
				Pattern: "GET " + s.Path + "/logs.csv", Area: area, Like: like[s.Name], Also: also[s.Name], Handle: p.export,
			},
		)
	}
	return append(routes,
		kit.Route{Pattern: "GET /account/logs", Area: area, Like: "accounts.list_self_logs", Handle: p.own})
}
