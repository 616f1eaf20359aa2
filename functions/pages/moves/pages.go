// Package moves contains the pages on which organizations get another provider: one of them by its
// own administrators, or many by operators, as a job with a preview. The rules are in
// shared/tenant.
package moves

import (
	"github.com/tenantry/tenantry/functions/pages/kit"
	"github.com/tenantry/tenantry/shared/tenant"
	"github.com/tenantry/tenantry/shared/tenant/bulk"
)

// Pages are the dependencies of the pages.
type Pages struct {
	Tenants *tenant.Tenants
	OrgJobs *bulk.Service
}

// Routes returns the pages and the targets of their forms.
func (p Pages) Routes() []kit.Route {
	const area, move, org = "tenants", movePath, "/orgs/{org_id}/provider"
	msps := []string{"msps.list"}
	return []kit.Route{
		{Pattern: "GET " + org, Area: area, Like: "orgs.get", Also: msps, Handle: p.provider},
		{
			Pattern: "POST " + org, Area: area, Like: "orgs.change_msp", Also: []string{"msps.list", "orgs.get"},
			Handle: p.changeProvider,
		},
		{Pattern: "POST " + move, Area: area, Like: "platform.preview_orgs", Also: msps, Handle: p.ask},
		{Pattern: "POST " + move + "/preview", Area: area, Like: "platform.preview_orgs", Also: msps, Handle: p.preview},
		{Pattern: "POST " + move + "/start", Area: area, Like: "platform.change_orgs", Also: msps, Handle: p.start},
	}
}
