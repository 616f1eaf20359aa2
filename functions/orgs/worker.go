package orgs

import (
	"context"
	"encoding/json"
	"time"

	"github.com/tenantry/tenantry/functions/grant"
	"github.com/tenantry/tenantry/functions/worker"
	"github.com/tenantry/tenantry/shared/bastion"
	"github.com/tenantry/tenantry/shared/fault"
	"github.com/tenantry/tenantry/shared/job"
	"github.com/tenantry/tenantry/shared/store/queue"
	"github.com/tenantry/tenantry/shared/support/handover"
	"github.com/tenantry/tenantry/shared/tenant"
	"github.com/tenantry/tenantry/shared/tenant/life"
)

// Work is the worker for jobs on organizations, which are bulk actions and exports, and for what follows
// from deletions, also of MSPs, restorations and changes of the provider, and for what the bastion gets.
func Work(
	all *job.Service, ending *life.Service, moves *handover.Service, copies *bastion.Service,
) worker.Worker {
	return worker.Worker{
		Name: "orgs.work", Queue: queue.Transfers, Memory: 1769, Timeout: 15 * time.Minute,
		Uses: grant.Union(
			grant.On(grant.Core, grant.Check, grant.Get, grant.BatchGet, grant.Query, grant.Put, grant.Delete, grant.Count),
			grant.On(grant.Derived, grant.Get, grant.BatchGet, grant.Query, grant.Put, grant.Delete, grant.Check,
				grant.BatchPut),
			grant.On(grant.Audit, grant.Put),
			grant.On(grant.Uploads, grant.Store),
			grant.On(grant.Attachments, grant.Delete),
			grant.On(grant.RawMails, grant.Delete),
			grant.On(grant.Logos, grant.Delete),
		),
		Handle: worker.Retrying(func(ctx context.Context, message queue.Message) error {
			if handover.Is(message) {
				return moves.Handle(ctx, message)
			}
			var task life.Task
			if err := json.Unmarshal(message.Body, &task); err != nil {
				return fault.Wrap(err, fault.Invalid, "The message cannot be read.")
			}
			if life.IsTask(task) {
				return ending.Tend(ctx, task, tendTime)
			}
			if copied := (tenant.BastionTask{Kind: task.Kind, OrgID: task.OrgID}); bastion.IsTask(copied) {
				return copies.Tend(ctx, copied, tendTime)
			}
			return all.Run(ctx, message)
		}),
	}
}

// tendTime is how long one message works on what follows from a deletion before it leaves the rest to
// another one: with a margin, less than a function may run.
const tendTime = 10 * time.Minute
