package orgs

import (
	"time"

	"github.com/tenantry/tenantry/functions/grant"
	"github.com/tenantry/tenantry/functions/worker"
	"github.com/tenantry/tenantry/shared/job"
	"github.com/tenantry/tenantry/shared/store/queue"
)

// Work is the worker for jobs on organizations: bulk actions and exports.
func Work(all *job.Service) worker.Worker {
	return worker.Worker{
		Name: "orgs.work", Queue: queue.Transfers, Memory: 1769, Timeout: 15 * time.Minute,
		Uses: grant.Union(
			grant.On(grant.Core, grant.Check, grant.Get, grant.BatchGet, grant.Query, grant.Put, grant.Delete, grant.Count),
			grant.On(grant.Audit, grant.Put),
			grant.On(grant.Uploads, grant.Store),
		),
		Handle: worker.Retrying(all.Run),
	}
}
