package orgs

import (
	"context"
	"time"

	"github.com/tenantry/tenantry/functions/grant"
	"github.com/tenantry/tenantry/functions/worker"
	"github.com/tenantry/tenantry/shared/job"
	"github.com/tenantry/tenantry/shared/store/queue"
	"github.com/tenantry/tenantry/shared/support/handover"
)

// Work is the worker for jobs on organizations, bulk actions and exports, and for what follows an organization
// that got another provider.
func Work(all *job.Service, moves *handover.Service) worker.Worker {
	return worker.Worker{
		Name: "orgs.work", Queue: queue.Transfers, Memory: 1769, Timeout: 15 * time.Minute,
		Uses: grant.Union(
			grant.On(grant.Core, grant.Check, grant.Get, grant.BatchGet, grant.Query, grant.Put, grant.Delete, grant.Count),
			grant.On(grant.Derived, grant.Get, grant.BatchGet, grant.Query, grant.Put, grant.Delete, grant.Check),
			grant.On(grant.Audit, grant.Put),
			grant.On(grant.Uploads, grant.Store),
		),
		Handle: worker.Retrying(func(ctx context.Context, message queue.Message) error {
			if handover.Is(message) {
				return moves.Handle(ctx, message)
			}
			return all.Run(ctx, message)
		}),
	}
}
