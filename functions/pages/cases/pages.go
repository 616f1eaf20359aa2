// Package cases contains the pages of cases: the consoles of organizations and MSPs, the case, and the
// form for a new one.
package cases

import (
	"github.com/tenantry/tenantry/functions/pages/kit"
	"github.com/tenantry/tenantry/functions/uploads"
	"github.com/tenantry/tenantry/shared/identity"
	"github.com/tenantry/tenantry/shared/support/services"
	"github.com/tenantry/tenantry/shared/tenant"
)

// Pages are the dependencies of the pages.
type Pages struct {
	Accounts *identity.Accounts
	Tenants  *tenant.Tenants
	services.Set
	Links uploads.Links
	// Direct is set if large files go from the browser to the store, because the portal itself takes
	// only small forms.
	Direct bool
}

// area is the area of these pages.
const area = "cases"

// Routes returns the pages and the targets of their forms.
func (p Pages) Routes() []kit.Route {
	routes := append(p.lists(), p.ofCase()...)
	for i := range routes {
		routes[i].Area = area
	}
	return routes
}

// lists are the pages with many cases.
func (p Pages) lists() []kit.Route {
	const platform, msp, org = "/platform", "/msps/{msp_id}", "/orgs/{org_id}"
	return []kit.Route{
		{Pattern: "GET " + platform + "/cases", Like: "platform.list_cases", Handle: p.mspCases},
		{Pattern: "GET " + platform + "/cases/count", Like: "platform.count_cases", Handle: p.counts},
		{
			Pattern: "POST " + platform + "/cases/bulk", Like: "platform.change_cases",
			Also: []string{"platform.count_matching_cases"}, Handle: p.askBulk,
		},
		{Pattern: "POST " + platform + "/cases/bulk/start", Like: "platform.change_cases", Handle: p.startBulk},
		{Pattern: "POST " + platform + "/reports", Like: "reports.create_platform", Handle: p.export},
		{Pattern: "GET " + platform + "/reports/{job_id}", Like: "reports.get_platform", Handle: p.download},
		{Pattern: "GET " + msp + "/cases", Like: "msps.list_cases", Also: []string{"msps.get"}, Handle: p.mspCases},
		{Pattern: "GET " + org + "/cases", Like: "cases.list", Also: []string{"desk.get"}, Handle: p.orgCases},
		{Pattern: "GET " + platform + "/cases/report", Like: "platform.list_cases", Handle: p.mspReport},
		{
			Pattern: "GET " + msp + "/cases/report", Like: "msps.list_cases",
			Also: []string{"msps.get"}, Handle: p.mspReport,
		},
		{Pattern: "GET " + org + "/cases/report", Like: "cases.list", Also: []string{"desk.get"}, Handle: p.orgReport},
		{Pattern: "GET " + msp + "/cases/count", Like: "msps.count_cases", Handle: p.counts},
		{Pattern: "GET " + org + "/cases/count", Like: "cases.count", Handle: p.counts},
		{
			Pattern: "POST " + msp + "/cases/bulk", Like: "msps.change_cases",
			Also: []string{"msps.count_matching_cases"}, Handle: p.askBulk,
		},
		{
			Pattern: "POST " + org + "/cases/bulk", Like: "cases.change_many",
			Also: []string{"cases.count_matching"}, Handle: p.askBulk,
		},
		{Pattern: "POST " + msp + "/cases/bulk/start", Like: "msps.change_cases", Handle: p.startBulk},
		{Pattern: "POST " + org + "/cases/bulk/start", Like: "cases.change_many", Handle: p.startBulk},
		{Pattern: "POST " + msp + "/reports", Like: "reports.create_msp", Handle: p.export},
		{Pattern: "POST " + org + "/reports", Like: "reports.create_org", Handle: p.export},
		{Pattern: "GET " + msp + "/reports/{job_id}", Like: "reports.get_msp", Handle: p.download},
		{Pattern: "GET " + org + "/reports/{job_id}", Like: "reports.get_org", Handle: p.download},
		{Pattern: "GET " + org + "/cases/new", Like: "cases.create", Also: []string{"desk.get"}, Handle: p.newCaseForm},
		{
			Pattern: "POST " + org + "/cases/new", Like: "cases.create", Also: []string{"cases.attach"}, Upload: true,
			Handle: p.newCase,
		},
	}
}

// ofCase are the pages of one case.
func (p Pages) ofCase() []kit.Route {
	const one = "/orgs/{org_id}/cases/{case_id}"
	change := []string{"cases.get"}
	return []kit.Route{
		{
			Pattern: "GET " + one, Like: "cases.get", Also: []string{"cases.list_mail_addresses", "desk.list_answers"},
			Handle: p.readCase,
		},
		{Pattern: "GET " + one + "/viewers", Like: "cases.announce_viewer", Poll: true, Handle: p.viewers},
		{Pattern: "POST " + one, Like: "cases.comment", Upload: true, Handle: p.comment},
		{Pattern: "GET " + one + "/edit", Like: "cases.get", Also: []string{"desk.get"}, Handle: p.editForm},
		{
			Pattern: "POST " + one + "/edit", Like: "cases.change",
			Also: []string{"cases.get", "desk.get"}, Handle: p.edit,
		},
		{Pattern: "POST " + one + "/status", Like: "cases.change", Also: change, Handle: p.changeStatus},
		{Pattern: "POST " + one + "/take", Like: "cases.change", Also: change, Handle: p.assignToMe},
		{
			Pattern: "POST " + one + "/archive", Like: "cases.archive", Also: change,
			Handle: p.act(p.Cases.Archive, "Case %d is in the archive."),
		},
		{
			Pattern: "POST " + one + "/unarchive", Like: "cases.unarchive", Also: change,
			Handle: p.act(p.Cases.Unarchive, "Case %d is back from the archive."),
		},
		{Pattern: "GET " + one + "/delete", Like: "cases.get", Handle: p.askToDelete},
		{Pattern: "POST " + one + "/delete", Like: "cases.delete", Also: change, Handle: p.deleteCase},
		{Pattern: "POST " + one + "/merge", Like: "cases.merge", Also: []string{"cases.list"}, Handle: p.merge},
		{Pattern: "POST " + one + "/links", Like: "cases.link", Also: []string{"cases.list"}, Handle: p.link},
		{Pattern: "POST " + one + "/links/remove", Like: "cases.unlink", Handle: p.unlink},
		{Pattern: "POST " + one + "/split", Like: "cases.split", Handle: p.split},
		{
			Pattern: "POST " + one + "/mails/{mail_id}/release", Like: "cases.release_mail", Also: change,
			Handle: p.releaseMail,
		},
		{
			Pattern: "POST /orgs/{org_id}/mail_addresses/remove", Like: "cases.delete_mail_address",
			Handle: p.removeAddress,
		},
		{Pattern: "GET " + one + "/upload", Like: "cases.get", Handle: p.largeFileForm},
		{Pattern: "POST " + one + "/upload", Like: "cases.announce_upload", Also: change, Handle: p.announceFile},
		{Pattern: "POST " + one + "/upload/finish", Like: "cases.finish_upload", Also: change, Handle: p.finishFile},
		{Pattern: "GET " + one + "/comments", Like: "cases.list_comments", Handle: p.comments},
		{Pattern: "GET " + one + "/comments/{comment_id}/html", Like: "cases.get_html", Handle: p.formatted},
		{
			Pattern: "GET " + one + "/comments/{comment_id}/html/content", Like: "cases.get_html",
			Handle: p.formattedContent,
		},
		{Pattern: "GET " + one + "/comments/{comment_id}/mail", Like: "cases.get_mail", Handle: p.rawMail},
		{Pattern: "GET " + one + "/attachments/{attachment_id}", Like: "cases.get_attachment", Handle: p.attachment},
		{
			Pattern: "GET " + one + "/attachments/{attachment_id}/picture", Like: "cases.get_picture", Poll: true,
			Handle: p.picture,
		},
	}
}
