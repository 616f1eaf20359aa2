// Package tenants contains the pages of the tenants themselves: the first page of the platform, an MSP and
// an organization, the lists of customers, the forms that create and change them, and what an organization
// allows its provider. The rules are in shared/tenant.
package tenants

import (
	"github.com/tenantry/tenantry/functions/pages/kit"
	"github.com/tenantry/tenantry/shared/identity"
	"github.com/tenantry/tenantry/shared/support/lists"
	"github.com/tenantry/tenantry/shared/tenant"
	"github.com/tenantry/tenantry/shared/tenant/storage"
)

// Pages are the dependencies of the pages.
type Pages struct {
	Accounts *identity.Accounts
	Tenants  *tenant.Tenants
	Lists    *lists.Service
	Storage  *storage.Service
}

// Routes returns the pages and the targets of their forms.
func (p Pages) Routes() []kit.Route {
	const area, msp, org = "tenants", "/msps/{msp_id}", "/orgs/{org_id}"
	routes := []kit.Route{
		{Pattern: "GET /platform", Like: "orgs.list", Also: []string{"msps.list", "platform.list_cases"}, Handle: p.platform},
		{Pattern: "GET /msps", Like: "msps.list", Handle: p.msps},
		{Pattern: "GET /msps/new", Like: "msps.list", Handle: p.newMSPForm},
		{Pattern: "POST /msps/new", Like: "msps.create", Handle: p.newMSP},
		{Pattern: "GET /orgs", Like: "orgs.list", Handle: p.directOrgs},
		{Pattern: "GET /orgs/new", Like: "orgs.list", Handle: p.newOrgForm},
		{Pattern: "POST /orgs/new", Like: "orgs.create", Handle: p.newOrg},
		{Pattern: "GET " + msp, Like: "msps.get", Also: []string{"msps.count_cases", "msps.list_cases"}, Handle: p.msp},
		{
			Pattern: "GET " + msp + "/orgs", Like: "msps.list_orgs", Also: []string{"msps.count_open_cases"},
			Handle: p.mspOrgs,
		},
		{Pattern: "GET " + msp + "/orgs/new", Like: "msps.get", Handle: p.newOrgForm},
		{Pattern: "POST " + msp + "/orgs/new", Like: "msps.create_org", Handle: p.newOrg},
		{Pattern: "GET " + msp + "/settings", Like: "msps.get", Handle: p.mspSettings},
		{Pattern: "POST " + msp + "/settings", Like: "msps.change", Handle: p.changeMSP},
		{Pattern: "GET " + org, Like: "orgs.get", Also: []string{"cases.count", "cases.list", "orgs.get_usage"}, Handle: p.org},
		{Pattern: "GET " + org + "/settings", Like: "orgs.get", Also: []string{"orgs.get_usage"}, Handle: p.orgSettings},
		{Pattern: "POST " + org + "/settings", Like: "orgs.change", Also: []string{"orgs.get_usage"}, Handle: p.changeOrg},
		{Pattern: "POST " + org + "/limits", Like: "orgs.change_limits", Handle: p.changeLimits},
		{Pattern: "GET " + org + "/consents", Like: "orgs.list_consents", Handle: p.consents},
		{
			Pattern: "POST " + org + "/consents/{kind}/{grantee}", Like: "orgs.change_consent",
			Also: []string{"orgs.list_consents"}, Handle: p.changeConsent,
		},
		{
			Pattern: "POST " + org + "/consents/requests", Like: "orgs.create_consent_request",
			Also: []string{"orgs.list_consents"}, Handle: p.requestConsent,
		},
	}
	for i := range routes {
		routes[i].Area = area
	}
	return routes
}
