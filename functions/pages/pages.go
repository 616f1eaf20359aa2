// Package pages puts the pages of the portal together. They are HTML that works without its script.
// Pages contain no business rules and do not call the API: each page uses the same services as an
// endpoint of the API, and shares its name in the logs, its access level and its rate limits. The
// pages of a domain are in a folder of their own; what all are made of is in the folder kit.
package pages

import (
	"context"
	"net/http"

	"github.com/tenantry/tenantry/functions/endpoint"
	"github.com/tenantry/tenantry/functions/pages/account"
	"github.com/tenantry/tenantry/functions/pages/actions"
	bastionpages "github.com/tenantry/tenantry/functions/pages/bastion"
	"github.com/tenantry/tenantry/functions/pages/cases"
	"github.com/tenantry/tenantry/functions/pages/desk"
	"github.com/tenantry/tenantry/functions/pages/health"
	"github.com/tenantry/tenantry/functions/pages/home"
	"github.com/tenantry/tenantry/functions/pages/jobs"
	"github.com/tenantry/tenantry/functions/pages/kit"
	"github.com/tenantry/tenantry/functions/pages/logs"
	"github.com/tenantry/tenantry/functions/pages/moves"
	"github.com/tenantry/tenantry/functions/pages/people"
	"github.com/tenantry/tenantry/functions/pages/profiles"
	"github.com/tenantry/tenantry/functions/pages/quarantine"
	"github.com/tenantry/tenantry/functions/pages/satisfaction"
	"github.com/tenantry/tenantry/functions/pages/tenants"
	"github.com/tenantry/tenantry/functions/pages/unwatch"
	"github.com/tenantry/tenantry/functions/uploads"
	"github.com/tenantry/tenantry/shared/audit"
	"github.com/tenantry/tenantry/shared/audit/archive"
	"github.com/tenantry/tenantry/shared/bastion"
	"github.com/tenantry/tenantry/shared/deadletter"
	"github.com/tenantry/tenantry/shared/feedback"
	"github.com/tenantry/tenantry/shared/identity"
	"github.com/tenantry/tenantry/shared/job"
	"github.com/tenantry/tenantry/shared/support/services"
	"github.com/tenantry/tenantry/shared/tenant"
	"github.com/tenantry/tenantry/shared/tenant/bulk"
	"github.com/tenantry/tenantry/shared/tenant/directory"
	"github.com/tenantry/tenantry/shared/tenant/export"
	"github.com/tenantry/tenantry/shared/tenant/life"
	"github.com/tenantry/tenantry/shared/tenant/logo"
	"github.com/tenantry/tenantry/shared/tenant/profile"
)

// Services are the dependencies of the pages.
type Services struct {
	Accounts *identity.Accounts
	Tenants  *tenant.Tenants
	services.Set
	Audit       *audit.Log
	Feedback    *feedback.Service
	Directory   *directory.Service
	OrgJobs     *bulk.Service
	Profiles    *profile.Service
	Bastion     *bastion.Service
	Exports     *export.Service
	Life        *life.Service
	Logos       *logo.Service
	Archive     *archive.Archive
	Jobs        *job.Service
	DeadLetters *deadletter.Store
	Links       uploads.Links
	// Direct is set if large files go from the browser to the store.
	Direct bool
}

// Handler serves the pages of an area, or of all areas if it is "". Settings and endpoints are
// those of the API, with which the pages share rate limits.
func Handler(settings endpoint.Settings, services Services, endpoints []endpoint.Endpoint, area string) http.Handler {
	var routes []kit.Route
	for _, route := range allRoutes(services) {
		if area == "" || route.Area == area {
			routes = append(routes, route)
		}
	}
	return kit.New(settings, endpoints, menu(), services.brand).Handler(routes, area != satisfactionArea)
}

// brand returns what a page shows of an MSP.
func (s Services) brand(ctx context.Context, by identity.Principal, mspID string) (kit.Brand, error) {
	brand, err := s.Logos.Brand(ctx, by, mspID)
	return tenants.BrandOf(brand), err
}

// allRoutes returns the routes of all pages.
func allRoutes(s Services) []kit.Route {
	var routes []kit.Route
	for _, part := range [][]kit.Route{
		home.Pages{
			Accounts: s.Accounts, Tenants: s.Tenants, Directory: s.Directory, Lists: s.Lists, Feedback: s.Feedback,
		}.Routes(),
		account.Pages{Accounts: s.Accounts, Tenants: s.Tenants}.Routes(),
		cases.Pages{Accounts: s.Accounts, Tenants: s.Tenants, Set: s.Set, Links: s.Links, Direct: s.Direct}.Routes(),
		tenants.Pages{
			Accounts: s.Accounts, Tenants: s.Tenants, Exports: s.Exports, Logos: s.Logos, Lists: s.Lists, Storage: s.Storage,
			Links: s.Links, Audit: s.Audit, Directory: s.Directory, Life: s.Life,
			Bastion: s.Bastion,
		}.Routes(),
		actions.Pages{Tenants: s.Tenants, Directory: s.Directory, OrgJobs: s.OrgJobs, Profiles: s.Profiles}.Routes(),
		profiles.Pages{Tenants: s.Tenants, Profiles: s.Profiles, OrgJobs: s.OrgJobs}.Routes(),
		bastionpages.Pages{Bastion: s.Bastion}.Routes(),
		moves.Pages{Tenants: s.Tenants, OrgJobs: s.OrgJobs}.Routes(),
		people.Pages{Accounts: s.Accounts, Tenants: s.Tenants}.Routes(),
		logs.Pages{Audit: s.Audit, Tenants: s.Tenants, Directory: s.Directory}.Routes(),
		jobs.Pages{Jobs: s.Jobs, Tenants: s.Tenants}.Routes(),
		desk.Pages{Accounts: s.Accounts, Tenants: s.Tenants, Desk: s.Desk}.Routes(),
		quarantine.Pages{Intake: s.Intake, Links: s.Links}.Routes(),
		health.Pages{
			DeadLetters: s.DeadLetters, Archive: s.Archive, Lists: s.Lists, Intake: s.Intake, Tenants: s.Tenants,
			Directory: s.Directory,
		}.Routes(),
		satisfaction.Pages{Ratings: s.Ratings}.Routes(),
		unwatch.Pages{Notifications: s.Notifications}.Routes(),
	} {
		routes = append(routes, part...)
	}
	return routes
}
