// Package home contains what leads to all other pages: a person's places, going to a place by name,
// and the search.
package home

import (
	"github.com/tenantry/tenantry/functions/endpoint"
	"github.com/tenantry/tenantry/functions/pages/kit"
	"github.com/tenantry/tenantry/shared/feedback"
	"github.com/tenantry/tenantry/shared/identity"
	"github.com/tenantry/tenantry/shared/support/lists"
	"github.com/tenantry/tenantry/shared/tenant"
	"github.com/tenantry/tenantry/shared/tenant/directory"
)

// Pages are the dependencies of the pages.
type Pages struct {
	Accounts *identity.Accounts
	Tenants  *tenant.Tenants
	// Directory lists organizations.
	Directory *directory.Service
	Lists     *lists.Service
	Feedback  *feedback.Service
}

// area is the area of these pages.
const area = "home"

// Routes returns the pages.
func (p Pages) Routes() []kit.Route {
	return []kit.Route{
		{
			Pattern: "GET /{$}", Area: area, Like: "orgs.list",
			Also: []string{"msps.list", "accounts.get_self", "cases.list_own"}, Handle: p.home,
		},
		{
			Pattern: "GET /switch", Area: area, Like: "orgs.list",
			Also:   []string{"msps.list", "msps.list_orgs", "platform.search_orgs"},
			Handle: p.switchPlace,
		},
		{
			Pattern: "GET /search", Area: area, Like: "orgs.list",
			Also:   []string{"msps.list", "msps.list_orgs", "platform.search_orgs", "cases.list", "msps.list_cases"},
			Handle: p.search,
		},
		{Pattern: "GET /recent", Area: area, Like: "accounts.list_recent_places", Poll: true, Handle: p.recent},
		{Pattern: "POST /help", Area: area, Like: "accounts.create_feedback", Handle: p.say},
		{
			Pattern: "GET /platform/feedback", Area: area, Like: "platform.list_feedback",
			Also: []string{"platform.list_feedback_entries"}, Handle: p.feedback,
		},
		{Pattern: "GET /help", Area: area, Name: "pages.help", Access: endpoint.Known, Handle: p.help},
	}
}
