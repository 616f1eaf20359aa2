package life

import (
	"cmp"
	"context"
	"errors"
	"slices"
	"time"

	"github.com/tenantry/tenantry/shared/change"
	"github.com/tenantry/tenantry/shared/fault"
	"github.com/tenantry/tenantry/shared/identity"
	"github.com/tenantry/tenantry/shared/job"
	"github.com/tenantry/tenantry/shared/store/queue"
	"github.com/tenantry/tenantry/shared/store/table"
	"github.com/tenantry/tenantry/shared/support"
	"github.com/tenantry/tenantry/shared/tenant"
)

// Tend does what follows from a deletion or restoration, or is due at an organization, and leaves
// what remains after the given time to another message. It decides by the present state of the
// organization, so messages may come twice and in any order.
func (s *Service) Tend(ctx context.Context, task Task, most time.Duration) error {
	switch task.Kind {
	case ConsentsKind:
		return s.tellOfEnds(ctx, task)
	case MSPKind:
		return s.endMSP(ctx, task, s.Journal.Now().Add(most))
	}
	org, err := s.Tenants.LoadStored(ctx, task.OrgID)
	if fault.Is(err, fault.NotFound) {
		return nil
	}
	if err != nil || !task.meets(org) {
		return err
	}
	now := s.Journal.Now()
	if org.Deleted != nil && !now.Before(org.Deleted.Ends()) {
		return s.purge(ctx, org, now.Add(most))
	}
	if task.List == "" {
		if err := s.tell(ctx, task, org); err != nil {
			return err
		}
		if err := s.stopJobs(ctx, org); err != nil {
			return err
		}
	}
	rest, err := s.moveCases(ctx, task, now.Add(most))
	if err != nil {
		return err
	}
	if rest != nil {
		return s.goOn(ctx, *rest)
	}
	return s.moved(ctx, task)
}

// meets reports whether the organization is still as when the task was made.
func (t Task) meets(org tenant.Org) bool { return taskOf(org).Deleted == t.Deleted }

// goOn leaves the rest of a task to another message.
func (s *Service) goOn(ctx context.Context, rest Task) error {
	message, err := rest.message()
	if err != nil {
		return err
	}
	return s.Journal.Commit(ctx, change.ByPlatform(), change.Record{
		Action: "orgs.go_on", Message: "Did a part of what follows from a deletion or restoration", Internal: true,
		OrgID: rest.OrgID, Messages: []queue.Message{message},
	})
}

// stopJobs cancels the running jobs of a deleted organization.
func (s *Service) stopJobs(ctx context.Context, org tenant.Org) error {
	if org.Deleted == nil {
		return nil
	}
	runs := func(j job.Job) bool { return j.Ended == 0 && j.Stop == nil }
	for after := ""; ; {
		page, err := s.Jobs.List(ctx, org.Place(), runs, after, table.MaxBatch)
		if err != nil {
			return err
		}
		for _, j := range page.Items {
			_, err := s.Jobs.Cancel(ctx, change.ByPlatform(), org.Place(), j.ID, func(job.Job) error { return nil })
			if err != nil && !fault.Is(err, fault.Conflict) && !fault.Is(err, fault.NotFound) {
				return err
			}
		}
		if after = page.Next; after == "" {
			return nil
		}
	}
}

// moveCases takes the cases of an organization out of the lists of its provider, or brings them back,
// from where a task is until a time. It returns what remains to be done; nil for nothing.
func (s *Service) moveCases(ctx context.Context, task Task, until time.Time) (*Task, error) {
	lists := support.ListNames()
	task.List = cmp.Or(task.List, lists[0])
	for {
		page, err := s.Journal.Query(ctx, table.Query{
			Partition: "ORG#" + task.OrgID + "#CASES#" + task.List, Limit: table.MaxBatch, After: task.After,
		})
		if err != nil {
			return nil, err
		}
		done, err := s.movePage(ctx, task, page)
		if err != nil || done {
			return nil, err
		}
		if task.After = page.Next; page.Next == "" {
			next := slices.Index(lists, task.List) + 1
			if next == len(lists) {
				return nil, nil //nolint:nilnil // nothing remains
			}
			task.List = lists[next]
		}
		if !s.Journal.Now().Before(until) {
			return &task, nil
		}
	}
}

// movePage moves the cases of a page of a list. It reports whether the task has nothing to do any more,
// because the organization was deleted or restored in the meantime.
func (s *Service) movePage(ctx context.Context, task Task, page table.Page) (bool, error) {
	lines, err := change.DecodePage[support.Summary](page)
	if err != nil {
		return false, err
	}
	keys := make([]table.Key, len(lines))
	for i, line := range lines {
		keys[i] = support.CaseKey(line.OrgID, line.ID, support.CaseSort)
	}
	for some := range slices.Chunk(keys, support.MostMoved) {
		for attempt := 1; ; attempt++ {
			gone, err := s.moveSome(ctx, task, some)
			if gone {
				return true, nil
			}
			if _, conflict := errors.AsType[*table.ConflictError](err); conflict && attempt < attempts {
				continue // somebody changed one of the cases
			}
			if err != nil {
				return false, err
			}
			break
		}
	}
	return false, nil
}

func (s *Service) moveSome(ctx context.Context, task Task, keys []table.Key) (gone bool, err error) {
	items, err := s.Journal.BatchGet(ctx, append([]table.Key{tenant.OrgKey(task.OrgID)}, keys...))
	if err != nil {
		return false, err
	}
	org, err := tenant.DecodeStored(items[0], s.Journal.Now())
	if fault.Is(err, fault.NotFound) || err == nil && !task.meets(org) {
		return true, nil
	}
	if err != nil {
		return false, err
	}
	var cases []support.Case
	for _, item := range items[1:] {
		c, err := support.DecodeCase(item)
		if fault.Is(err, fault.NotFound) {
			continue
		}
		if err != nil {
			return false, err
		}
		cases = append(cases, c)
	}
	_, err = s.Cases.MoveCases(ctx, org, cases)
	return false, err
}

// moved ends the way through the cases. After the second one, the cases of a deleted organization are in
// no list, and it waits for its purge. The agents of one that was restored may have lost access by now.
func (s *Service) moved(ctx context.Context, task Task) error {
	org, err := s.Tenants.LoadStored(ctx, task.OrgID)
	if err != nil || !task.meets(org) {
		return err
	}
	if org.Deleted == nil {
		message, err := identity.AccessEndedAt(org.Place(), "").Message()
		if err != nil {
			return err
		}
		return s.Journal.Commit(ctx, change.ByPlatform(), change.Record{
			Action: "orgs.unbin_cases", Message: "All cases are back in the lists of the provider", Internal: true,
			OrgID: org.ID, MSPID: org.MSPID, Messages: []queue.Message{message},
		})
	}
	if org.Deleted.Emptied || s.Journal.Now().Unix() < org.Deleted.Due {
		return nil // the second time is still to come, or was before
	}
	deletion, before := *org.Deleted, deleteDue(org)
	deletion.Emptied, deletion.Due = true, deletion.Ends().Unix()
	org.Deleted = &deletion
	limits, err := identity.DeletionWrites(
		ctx, s.Journal, org.MSPID, org.ID, org.Consents, org.Enforced, identity.InBin)
	if err != nil {
		return err
	}
	write, err := org.Write()
	if err != nil {
		return err
	}
	return s.Journal.Commit(ctx, change.ByPlatform(), change.Record{
		Action: "orgs.bin_cases", Message: "No case is in the lists of the provider any more", Internal: true, OrgID: org.ID,
		Writes: slices.Concat(before, createDue(org), limits, []table.Write{write}),
	})
}
