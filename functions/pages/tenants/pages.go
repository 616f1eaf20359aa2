// Package tenants contains the pages of the tenants themselves: the first page of the platform, an MSP and
// an organization, the lists of customers, the forms that create and change them, and what an organization
// allows its provider. The rules are in shared/tenant.
package tenants

import (
	"github.com/tenantry/tenantry/functions/pages/kit"
	"github.com/tenantry/tenantry/functions/uploads"
	"github.com/tenantry/tenantry/shared/audit"
	"github.com/tenantry/tenantry/shared/bastion"
	"github.com/tenantry/tenantry/shared/identity"
	"github.com/tenantry/tenantry/shared/support/lists"
	"github.com/tenantry/tenantry/shared/tenant"
	"github.com/tenantry/tenantry/shared/tenant/directory"
	"github.com/tenantry/tenantry/shared/tenant/export"
	"github.com/tenantry/tenantry/shared/tenant/life"
	"github.com/tenantry/tenantry/shared/tenant/logo"
	"github.com/tenantry/tenantry/shared/tenant/storage"
)

// Pages are the dependencies of the pages.
type Pages struct {
	Accounts *identity.Accounts
	Tenants  *tenant.Tenants
	// Directory lists organizations.
	Directory *directory.Service
	Life      *life.Service
	Exports   *export.Service
	Logos     *logo.Service
	Lists     *lists.Service
	Storage   *storage.Service
	Links     uploads.Links
	Audit     *audit.Log
	Bastion   *bastion.Service
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
		{Pattern: "GET /orgs/new", Like: "orgs.list", Also: []string{"orgs.get"}, Handle: p.newOrgForm},
		{Pattern: "POST /orgs/new", Like: "orgs.create", Also: []string{"orgs.get"}, Handle: p.newOrg},
		{Pattern: "GET " + msp, Like: "msps.get", Also: []string{"msps.count_cases", "msps.list_cases"}, Handle: p.msp},
		{
			Pattern: "GET " + msp + "/orgs", Like: "msps.list_orgs", Also: []string{"msps.list_org_stats", "msps.list_labels"},
			Handle: p.mspOrgs,
		},
		{
			Pattern: "GET " + msp + "/orgs/new", Like: "msps.get",
			Also: []string{"msps.list_labels", "msps.list_orgs", "orgs.get"}, Handle: p.newOrgForm,
		},
		{Pattern: "GET " + msp + "/orgs/deleted", Like: "msps.list_deleted_orgs", Handle: p.bin},
		{Pattern: "GET /platform/orgs/deleted", Like: "platform.list_deleted_orgs", Handle: p.bin},
		{Pattern: "GET " + org + "/delete", Like: "orgs.get", Handle: p.deleteForm},
		{Pattern: "POST " + org + "/delete", Like: "orgs.delete", Also: []string{"orgs.get"}, Handle: p.deleteOrg},
		{
			Pattern: "GET " + msp + "/delete", Like: "msps.get", Also: []string{"msps.list_orgs", "msps.list_deleted_orgs"},
			Handle: p.deleteMSPForm,
		},
		{
			Pattern: "POST " + msp + "/delete", Like: "msps.delete",
			Also: []string{"msps.get", "msps.list_orgs", "msps.list_deleted_orgs"}, Handle: p.deleteMSP,
		},
		{Pattern: "POST " + org + "/restore", Like: "orgs.restore", Handle: p.restore},
		{Pattern: "GET " + msp + "/labels", Like: "msps.list_labels", Handle: p.labels},
		{Pattern: "POST " + msp + "/labels", Like: "msps.create_label", Handle: p.newLabel},
		{Pattern: "GET " + msp + "/labels/{label_id}", Like: "msps.get_label", Handle: p.label},
		{Pattern: "POST " + msp + "/labels/{label_id}", Like: "msps.change_label", Handle: p.renameLabel},
		{Pattern: "POST " + msp + "/labels/{label_id}/delete", Like: "msps.delete_label", Handle: p.deleteLabel},
		{Pattern: "POST " + msp + "/exports", Like: "exports.create_msp", Handle: p.export},
		{Pattern: "GET " + msp + "/exports/{job_id}", Like: "exports.get_msp", Handle: p.exported},
		{Pattern: "POST /platform/exports", Like: "exports.create_platform", Handle: p.export},
		{Pattern: "GET /platform/exports/{job_id}", Like: "exports.get_platform", Handle: p.exported},
		{Pattern: "GET /platform/tiers", Like: "platform.get_tiers", Handle: p.tiers},
		{Pattern: "POST /platform/tiers", Like: "platform.change_tiers", Handle: p.changeTiers},
		{Pattern: "POST " + msp + "/orgs/new", Like: "msps.create_org", Also: []string{"orgs.get"}, Handle: p.newOrg},
		{Pattern: "GET " + msp + "/settings", Like: "msps.get", Handle: p.mspSettings},
		{Pattern: "POST " + msp + "/settings", Like: "msps.change", Handle: p.changeMSP},
		{Pattern: "POST " + msp + "/logo", Like: "msps.change_logo", Upload: true, Handle: p.uploadLogo},
		{Pattern: "POST " + msp + "/logo/address", Like: "msps.change_logo", Handle: p.fetchLogo},
		{Pattern: "POST " + msp + "/logo/delete", Like: "msps.delete_logo", Handle: p.deleteLogo},
		{Pattern: "GET " + org, Like: "orgs.get", Also: []string{"cases.count", "cases.list", "orgs.get_usage"}, Handle: p.org},
		{
			Pattern: "GET " + org + "/settings", Like: "orgs.get",
			Also: []string{"orgs.get_usage", "orgs.get_setting", "msps.list_labels"}, Handle: p.orgSettings,
		},
		{
			Pattern: "POST " + org + "/settings", Like: "orgs.change", Also: []string{"orgs.get_usage", "orgs.get_setting"},
			Handle: p.changeOrg,
		},
		{Pattern: "GET " + org + "/setting", Like: "orgs.get_setting", Handle: p.orgSetting},
		{
			Pattern: "POST " + org + "/setting", Like: "orgs.change_setting", Also: []string{"orgs.get_setting"},
			Handle: p.changeOrgSetting,
		},
		{Pattern: "POST " + org + "/limits", Like: "orgs.change_limits", Handle: p.changeLimits},
		{
			Pattern: "GET " + org + "/consents", Like: "orgs.list_consents", Also: []string{"orgs.list_logs"},
			Handle: p.consents,
		},
		{
			Pattern: "POST " + org + "/consents/{kind}/{grantee}", Like: "orgs.change_consent",
			Also: []string{"orgs.list_consents", "orgs.list_logs"}, Handle: p.changeConsent,
		},
		{
			Pattern: "POST " + org + "/consents/requests", Like: "orgs.create_consent_request",
			Also: []string{"orgs.list_consents", "orgs.list_logs"}, Handle: p.requestConsent,
		},
	}
	for i := range routes {
		routes[i].Area = area
	}
	return routes
}
