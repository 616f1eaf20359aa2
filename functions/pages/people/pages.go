// Package people contains the pages of the people of a place: who has which role, who is invited, and
// the forms that invite, change and remove them. The rules are in shared/identity.
package people

import (
	"github.com/tenantry/tenantry/functions/pages/kit"
	"github.com/tenantry/tenantry/functions/pages/scope"
	"github.com/tenantry/tenantry/shared/identity"
	"github.com/tenantry/tenantry/shared/tenant"
)

// Pages are the dependencies of the pages.
type Pages struct {
	Accounts *identity.Accounts
	Tenants  *tenant.Tenants
}

// Routes returns the pages and the targets of their forms.
func (p Pages) Routes() []kit.Route {
	const area = "people"
	var routes []kit.Route
	for _, s := range scope.All() {
		admins, invites, name := s.Path+"/admins", s.Path+"/invites", "administrators."
		one, invite := admins+"/{admin_id}", invites+"/{invite_id}"
		routes = append(routes,
			kit.Route{Pattern: "GET " + admins, Area: area, Like: name + "list_" + s.Name, Handle: p.list},
			kit.Route{Pattern: "GET " + invites + "/new", Area: area, Like: name + "list_" + s.Name, Handle: p.inviteForm},
			kit.Route{Pattern: "POST " + invites + "/new", Area: area, Like: name + "create_invite_" + s.Name, Handle: p.invite},
			kit.Route{Pattern: "POST " + invite + "/send", Area: area, Like: name + "change_invite_" + s.Name, Handle: p.resend},
			kit.Route{Pattern: "POST " + invite + "/revoke", Area: area, Like: name + "delete_invite_" + s.Name, Handle: p.revoke},
			kit.Route{Pattern: "GET " + one, Area: area, Like: name + "list_" + s.Name, Handle: p.person},
			kit.Route{Pattern: "POST " + one, Area: area, Like: name + "change_" + s.Name, Handle: p.changeRole},
			kit.Route{Pattern: "POST " + one + "/sessions", Area: area, Like: name + "delete_sessions_" + s.Name, Handle: p.endAccess},
			kit.Route{Pattern: "POST " + one + "/delete", Area: area, Like: name + "delete_" + s.Name, Handle: p.remove},
		)
	}
	return routes
}
