// Package jobs contains the pages of jobs, the long-running actions of every domain: the list, and a
// job with its progress and the result of each target. The rules are in shared/job.
package jobs

import (
	"github.com/tenantry/tenantry/functions/pages/kit"
	"github.com/tenantry/tenantry/functions/pages/scope"
	"github.com/tenantry/tenantry/shared/job"
	"github.com/tenantry/tenantry/shared/tenant"
)

// Pages are the dependencies of the pages.
type Pages struct {
	Jobs    *job.Service
	Tenants *tenant.Tenants
}

// Routes returns the pages and the targets of their forms.
func (p Pages) Routes() []kit.Route {
	const area = "jobs"
	var routes []kit.Route
	for _, s := range scope.All() {
		list, one := s.Path+"/jobs", s.Path+"/jobs/{job_id}"
		routes = append(routes,
			kit.Route{Pattern: "GET " + list, Area: area, Like: "jobs.list_" + s.Name, Handle: p.list},
			kit.Route{Pattern: "GET " + one, Area: area, Like: "jobs.get_" + s.Name, Handle: p.job},
			kit.Route{Pattern: "GET " + one + "/progress", Area: area, Like: "jobs.get_" + s.Name, Poll: true, Handle: p.progress},
			kit.Route{Pattern: "POST " + one + "/cancel", Area: area, Like: "jobs.cancel_" + s.Name, Handle: p.cancel},
			kit.Route{Pattern: "POST " + one + "/retry", Area: area, Like: "jobs.retry_" + s.Name, Handle: p.retry},
		)
	}
	return routes
}
