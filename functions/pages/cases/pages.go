// Package cases contains the pages of cases: the consoles of organizations and MSPs, the case, and the
// form for a new one.
package cases

import (
	"github.com/tenantry/tenantry/functions/pages/kit"
	"github.com/tenantry/tenantry/functions/uploads"
	"github.com/tenantry/tenantry/shared/support/services"
	"github.com/tenantry/tenantry/shared/tenant"
)

// Pages are the dependencies of the pages.
type Pages struct {
	Tenants *tenant.Tenants
	services.Set
	Links uploads.Links
}

// area is the area of these pages.
const area = "cases"

// Routes returns the pages and the targets of their forms.
func (p Pages) Routes() []kit.Route {
	const org, one = "/orgs/{org_id}/cases", "/orgs/{org_id}/cases/{case_id}"
	return []kit.Route{
		{Pattern: "GET /msps/{msp_id}/cases", Area: area, Like: "msps.list_cases", Handle: p.mspCases},
		{Pattern: "GET " + org, Area: area, Like: "cases.list", Handle: p.orgCases},
		{Pattern: "GET " + org + "/new", Area: area, Like: "cases.create", Handle: p.newCaseForm},
		{Pattern: "POST " + org + "/new", Area: area, Like: "cases.create", Handle: p.newCase},
		{
			Pattern: "GET " + one, Area: area, Like: "cases.get", Also: []string{"cases.list_mail_addresses"},
			Handle: p.readCase,
		},
		{Pattern: "POST " + one, Area: area, Like: "cases.comment", Handle: p.comment, Upload: true},
		{Pattern: "POST " + one + "/status", Area: area, Like: "cases.change", Handle: p.changeStatus},
		{
			Pattern: "POST " + one + "/mails/{mail_id}/release", Area: area, Like: "cases.release_mail",
			Handle: p.releaseMail,
		},
		{
			Pattern: "POST /orgs/{org_id}/mail_addresses/remove", Area: area, Like: "cases.delete_mail_address",
			Handle: p.removeAddress,
		},
		{Pattern: "GET " + one + "/comments", Area: area, Like: "cases.list_comments", Handle: p.comments},
		{
			Pattern: "GET " + one + "/attachments/{attachment_id}", Area: area, Like: "cases.get_attachment",
			Handle: p.attachment,
		},
	}
}
