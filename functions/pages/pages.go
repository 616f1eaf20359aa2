// Package pages contains the pages of the portal that mails link to: log-in and log-out, password
// recovery, invitations, and cases. They are plain HTML without scripts. Pages contain no business
// rules and do not call the API: each page uses the same services as an endpoint of the API, and
// shares its name in the logs, its access level and its rate limits.
package pages

import (
	"fmt"
	"net/http"

	"github.com/tenantry/tenantry/functions/endpoint"
	"github.com/tenantry/tenantry/functions/uploads"
	"github.com/tenantry/tenantry/shared/identity"
	"github.com/tenantry/tenantry/shared/support/services"
	"github.com/tenantry/tenantry/shared/tenant"
)

// Services are the dependencies of the pages.
type Services struct {
	Accounts *identity.Accounts
	Tenants  *tenant.Tenants
	services.Set
	Links uploads.Links
}

// portal serves the pages.
type portal struct {
	Services
	settings  endpoint.Settings
	gate      *endpoint.Gate
	endpoints map[string]endpoint.About
	assets    assets
}

// route is a page, or the target of one of its forms.
type route struct {
	pattern string
	// area is the name of the area that the page belongs to.
	area string
	// like is the name of the endpoint whose work the page does. about is the declaration of that
	// endpoint, or of the page itself if there is none.
	like  string
	about endpoint.About
	// also lists further endpoints whose work the page does.
	also []string
	// upload is set if the handler reads the form and checks its CSRF token itself.
	upload bool
	// session is set if the response starts or ends a session: such a form may take effect twice,
	// and its cookies are not stored.
	session bool
	handle  func(*visit) error
}

// Handler serves the pages of an area, or of all areas if it is "". Settings and endpoints are
// those of the API, with which the pages share rate limits.
func Handler(settings endpoint.Settings, services Services, endpoints []endpoint.Endpoint, area string) http.Handler {
	p := &portal{
		Services: services, settings: settings, gate: endpoint.NewGate(settings),
		endpoints: make(map[string]endpoint.About, len(endpoints)), assets: loadAssets(),
	}
	for _, e := range endpoints {
		p.endpoints[e.Name] = e.About
	}
	mux := http.NewServeMux()
	for _, route := range p.routes() {
		if area == "" || route.area == area {
			mux.Handle(route.pattern, p.serve(p.declared(route)))
		}
	}
	mux.Handle("/", p.serve(route{pattern: "/", about: open("pages.unknown", unknownAccess(area)), handle: p.unknown}))
	for path, asset := range p.assets.files {
		mux.Handle("GET "+path, asset)
	}
	return p.gate.Outer(mux, p.broken)
}

func (p *portal) routes() []route {
	const org, one = "/orgs/{org_id}/cases", "/orgs/{org_id}/cases/{case_id}"
	return []route{
		{
			pattern: "GET /{$}", area: homeArea, like: "orgs.list", also: []string{"msps.list"},
			handle: p.home,
		},
		{pattern: "GET /login", area: accountArea, about: open("pages.login", endpoint.Optional), handle: p.loginForm},
		{pattern: "POST /login", area: accountArea, like: "accounts.login", session: true, handle: p.login},
		{pattern: "POST /logout", area: accountArea, like: "accounts.logout", session: true, handle: p.logout},
		{
			pattern: "GET /recover", area: accountArea, about: open("pages.recover", endpoint.Public),
			handle: p.recoverForm,
		},
		{pattern: "POST /recover", area: accountArea, like: "accounts.recover", handle: p.recover},
		{
			pattern: "GET /verify/recover", area: accountArea, about: open("pages.finish_recovery", endpoint.Public),
			handle: p.passwordForm,
		},
		{pattern: "POST /verify/recover", area: accountArea, like: "accounts.finish_recovery", session: true, handle: p.password},
		{pattern: "GET /verify/invite", area: accountArea, like: "accounts.accept_invite", handle: p.inviteForm},
		{pattern: "POST /verify/invite", area: accountArea, like: "accounts.accept_invite", session: true, handle: p.invite},
		{pattern: "GET /account/sessions", area: accountArea, like: "accounts.list_sessions", handle: p.sessions},
		{pattern: "POST /account/sessions", area: accountArea, like: "accounts.delete_session", handle: p.endSession},
		{
			pattern: "POST /account/sessions/others", area: accountArea, like: "accounts.delete_sessions",
			handle: p.endOtherSessions,
		},
		{pattern: "GET /satisfaction", area: satisfactionArea, like: "cases.rate", handle: p.satisfactionForm},
		{pattern: "POST /satisfaction", area: satisfactionArea, like: "cases.rate", handle: p.satisfaction},
		{pattern: "GET /msps/{msp_id}/cases", area: casesArea, like: "msps.list_cases", handle: p.mspCases},
		{pattern: "GET " + org, area: casesArea, like: "cases.list", handle: p.orgCases},
		{pattern: "GET " + org + "/new", area: casesArea, like: "cases.create", handle: p.newCaseForm},
		{pattern: "POST " + org + "/new", area: casesArea, like: "cases.create", handle: p.newCase},
		{pattern: "GET " + one, area: casesArea, like: "cases.get", also: []string{"cases.list_mail_addresses"}, handle: p.readCase},
		{pattern: "POST " + one, area: casesArea, like: "cases.comment", handle: p.comment, upload: true},
		{pattern: "POST " + one + "/status", area: casesArea, like: "cases.change", handle: p.changeStatus},
		{
			pattern: "POST " + one + "/mails/{mail_id}/release", area: casesArea, like: "cases.release_mail",
			handle: p.releaseMail,
		},
		{
			pattern: "POST /orgs/{org_id}/mail_addresses/remove", area: casesArea,
			like: "cases.delete_mail_address", handle: p.removeAddress,
		},
		{pattern: "GET " + one + "/comments", area: casesArea, like: "cases.list_comments", handle: p.comments},
		{
			pattern: "GET " + one + "/attachments/{attachment_id}", area: casesArea, like: "cases.get_attachment",
			handle: p.attachment,
		},
	}
}

// declared returns the route with the declaration of its endpoint.
func (p *portal) declared(route route) route {
	if route.like == "" {
		return route
	}
	about, ok := p.endpoints[route.like]
	if !ok {
		panic(fmt.Sprintf("pages: there is no endpoint %q", route.like)) // an error in the table of routes
	}
	route.about = about
	return route
}

// open declares a public page without side effects. A page with a form must have the access level
// of the form's target, because the form's token depends on the caller.
func open(name string, access endpoint.Access) endpoint.About {
	return endpoint.About{Name: name, Access: access}
}
