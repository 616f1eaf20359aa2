// Package account contains the pages for logging in and out, forgotten passwords, invitations, and a
// person's own sessions.
package account

import (
	"github.com/tenantry/tenantry/functions/endpoint"
	"github.com/tenantry/tenantry/functions/pages/kit"
	"github.com/tenantry/tenantry/shared/identity"
	"github.com/tenantry/tenantry/shared/tenant"
)

// Pages are the dependencies of the pages.
type Pages struct {
	Accounts *identity.Accounts
	Tenants  *tenant.Tenants
}

// area is the area of these pages.
const area = "account"

// Routes returns the pages and the targets of their forms.
func (p Pages) Routes() []kit.Route {
	return []kit.Route{
		{
			Pattern: "GET " + kit.FirstPath, Area: area, Name: "pages.setup", Access: endpoint.Public, First: true,
			Handle: p.setupForm,
		},
		{
			Pattern: "POST " + kit.FirstPath, Area: area, Like: "accounts.setup", Also: []string{"accounts.login"},
			Session: true, First: true, Handle: p.setup,
		},
		{Pattern: "GET /login", Area: area, Name: "pages.login", Access: endpoint.Optional, Handle: p.loginForm},
		{Pattern: "POST /login", Area: area, Like: "accounts.login", Session: true, Handle: p.login},
		{Pattern: "POST /login/step_up", Area: area, Like: "accounts.step_up", Session: true, Handle: p.stepUp},
		{Pattern: "POST /logout", Area: area, Like: "accounts.logout", Session: true, Handle: p.logout},
		{Pattern: "GET /recover", Area: area, Name: "pages.recover", Access: endpoint.Public, Handle: p.recoverForm},
		{Pattern: "POST /recover", Area: area, Like: "accounts.recover", Handle: p.recover},
		{
			Pattern: "GET /verify/recover", Area: area, Name: "pages.finish_recovery", Access: endpoint.Public,
			Handle: p.passwordForm,
		},
		{Pattern: "POST /verify/recover", Area: area, Like: "accounts.finish_recovery", Session: true, Handle: p.password},
		{Pattern: "GET /verify/invite", Area: area, Like: "accounts.accept_invite", Handle: p.inviteForm},
		{Pattern: "POST /verify/invite", Area: area, Like: "accounts.accept_invite", Session: true, Handle: p.invite},
		{Pattern: "GET /account", Area: area, Like: "accounts.get_self", Handle: p.self},
		{Pattern: "POST /account", Area: area, Like: "accounts.change_self", Handle: p.changeSelf},
		{Pattern: "POST /account/columns", Area: area, Like: "accounts.change_self", Handle: p.changeColumns},
		{Pattern: "GET /account/views", Area: area, Like: "accounts.get_self", Handle: p.views},
		{Pattern: "POST /account/views", Area: area, Like: "accounts.change_self", Handle: p.saveView},
		{Pattern: "POST /account/views/rename", Area: area, Like: "accounts.change_self", Handle: p.renameView},
		{Pattern: "POST /account/views/delete", Area: area, Like: "accounts.change_self", Handle: p.deleteView},
		{Pattern: "POST /account/preferences", Area: area, Like: "accounts.change_self", Handle: p.changePreferences},
		{
			Pattern: "POST /account/password", Area: area, Like: "accounts.change_self", Session: true,
			Handle: p.changePassword,
		},
		{Pattern: "GET /account/tokens", Area: area, Like: "accounts.list_tokens", Handle: p.tokens},
		{
			Pattern: "POST /account/tokens", Area: area, Like: "accounts.create_token",
			Also: []string{"accounts.list_tokens"}, Handle: p.createToken,
		},
		{
			Pattern: "POST /account/tokens/{apitoken_id}/delete", Area: area, Like: "accounts.delete_token",
			Handle: p.deleteToken,
		},
		{Pattern: "GET /account/sessions", Area: area, Like: "accounts.list_sessions", Handle: p.sessions},
		{Pattern: "POST /account/sessions", Area: area, Like: "accounts.delete_session", Handle: p.endSession},
		{
			Pattern: "POST /account/sessions/others", Area: area, Like: "accounts.delete_sessions",
			Handle: p.endOtherSessions,
		},
	}
}
