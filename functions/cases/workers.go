package cases

import (
	"context"
	"encoding/json"
	"time"

	"github.com/tenantry/tenantry/functions/grant"
	"github.com/tenantry/tenantry/functions/worker"
	"github.com/tenantry/tenantry/shared/fault"
	"github.com/tenantry/tenantry/shared/identity"
	"github.com/tenantry/tenantry/shared/job"
	"github.com/tenantry/tenantry/shared/store/queue"
	"github.com/tenantry/tenantry/shared/support"
	"github.com/tenantry/tenantry/shared/support/desk"
	"github.com/tenantry/tenantry/shared/support/lists"
	"github.com/tenantry/tenantry/shared/support/schedule"
	"github.com/tenantry/tenantry/shared/support/services"
	"github.com/tenantry/tenantry/shared/tenant/directory"
)

// Index is the worker that updates the search indexes after cases and organizations change.
func Index(index *lists.Service, orgs *directory.Service) worker.Worker {
	return worker.Worker{
		Name: "cases.index", Queue: queue.CasesIndex, Timeout: time.Minute,
		// An organization gets a number when it is indexed first.
		Uses: grant.Union(grant.On(grant.Core, grant.BatchGet, grant.Count, grant.Put), indexing()),
		Handle: func(ctx context.Context, message queue.Message) error {
			var task struct {
				Kind string `json:"kind"` // cases have none
				lists.IndexTask
			}
			if err := json.Unmarshal(message.Body, &task); err != nil {
				return fault.Wrap(err, fault.Invalid, "The message cannot be read.")
			}
			if task.Kind != directory.IndexKind {
				return index.IndexCase(ctx, task.IndexTask)
			}
			var ofOrg directory.Task
			if err := json.Unmarshal(message.Body, &ofOrg); err != nil {
				return fault.Wrap(err, fault.Invalid, "The message cannot be read.")
			}
			return orgs.Index(ctx, ofOrg)
		},
	}
}

// indexing returns the grants that updating the index needs.
func indexing() grant.Grants {
	return grant.On(grant.Derived, grant.Get, grant.BatchGet, grant.Query, grant.Put, grant.Delete, grant.Check)
}

// Advance is the worker that does what is due on a case: it reopens or closes it, notes that a service
// level is running out, or deletes it for good.
func Advance(cases *schedule.Service) worker.Worker {
	return worker.Worker{
		Name: "cases.advance", Queue: queue.CasesDue, Timeout: time.Minute,
		Uses: grant.Union(
			grant.On(grant.Core, grant.Check, grant.Get, grant.BatchGet, grant.Query, grant.Put, grant.Delete, grant.Count),
			grant.On(grant.Audit, grant.Put),
			grant.On(grant.Attachments, grant.Delete),
			grant.On(grant.RawMails, grant.Delete),
		),
		Handle: func(ctx context.Context, message queue.Message) error {
			var due support.Reference
			if err := json.Unmarshal(message.Body, &due); err != nil {
				return fault.Wrap(err, fault.Invalid, "The message cannot be read.")
			}
			err := cases.Wake(ctx, due)
			if fault.Is(err, fault.NotFound) {
				return nil // it was deleted for good in the meantime
			}
			return err
		},
	}
}

// Jobs is the worker for long-running work on cases: bulk changes, reports, and follow-up work on many
// cases after a change. It rebuilds the index of organizations, too.
func Jobs(set services.Set, orgs *directory.Service, jobs *job.Service) worker.Worker {
	return worker.Worker{
		Name: "cases.work", Queue: queue.CasesJobs, Memory: 1769, Timeout: 15 * time.Minute,
		Uses: grant.Union(
			// Check is for jobs that label organizations: former releases put them on this queue.
			grant.On(grant.Core, grant.Check, grant.Get, grant.BatchGet, grant.Query, grant.Put, grant.Delete, grant.Count),
			indexing(),
			grant.On(grant.Derived, grant.BatchPut),
			grant.On(grant.Uploads, grant.Store),
		),
		Handle: worker.Retrying(func(ctx context.Context, message queue.Message) error {
			var body struct {
				Kind string `json:"kind"`
				desk.Sweep
			}
			if err := json.Unmarshal(message.Body, &body); err != nil {
				return fault.Wrap(err, fault.Invalid, "The message cannot be read.")
			}
			switch body.Kind {
			case identity.AccessEndedKind:
				var ended identity.AccessEnded
				if err := json.Unmarshal(message.Body, &ended); err != nil {
					return fault.Wrap(err, fault.Invalid, "The message cannot be read.")
				}
				return set.Schedule.ClearAccess(ctx, ended)
			case desk.SweepRetarget:
				return set.Schedule.SweepCases(ctx, body.Sweep)
			case lists.RebuildIndex:
				var part lists.Rebuild
				if err := json.Unmarshal(message.Body, &part); err != nil {
					return fault.Wrap(err, fault.Invalid, "The message cannot be read.")
				}
				return set.Lists.RebuildPart(ctx, part, rebuildTime)
			case directory.RebuildKind:
				var part directory.Rebuild
				if err := json.Unmarshal(message.Body, &part); err != nil {
					return fault.Wrap(err, fault.Invalid, "The message cannot be read.")
				}
				return orgs.RebuildPart(ctx, part, rebuildTime)
			}
			return jobs.Run(ctx, message)
		}),
	}
}

// rebuildTime is how long one message works on a rebuild before it leaves the rest to another one:
// with a margin, less than a function may run.
const rebuildTime = 10 * time.Minute
