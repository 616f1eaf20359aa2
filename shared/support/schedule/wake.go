package schedule

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/google/uuid"

	"github.com/tenantry/tenantry/shared/change"
	"github.com/tenantry/tenantry/shared/fault"
	"github.com/tenantry/tenantry/shared/store/queue"
	"github.com/tenantry/tenantry/shared/store/table"
	"github.com/tenantry/tenantry/shared/support"
	"github.com/tenantry/tenantry/shared/tenant"
)

const (
	// dueAtOnce is how many due cases one transaction puts on the queue.
	dueAtOnce = 90
	// dueAgain is how often cases are put on the queue again that are still due, and dueOverlap the
	// time before the end of the last sweep that every sweep looks at again: transactions that came in
	// between may not have been visible.
	dueAgain   = 10 * time.Minute
	dueOverlap = time.Minute
)

// sweep is what the last sweep came to.
type sweep struct {
	// Until is up to when due cases were put on the queue, and Whole when all were last, both in
	// microseconds since 1970.
	Until int64 `json:"until"`
	Whole int64 `json:"whole"`
}

func sweepKey() table.Key { return table.Key{Partition: "PLATFORM", Sort: "MARK#CASES_DUE"} }

// QueueDue puts the cases that have something due by now on their queue, which takes turns between
// organizations and is worked on by several workers. It returns how many. A case that is still due
// after ten minutes is put there again. QueueDue can be interrupted at any point.
func (s *Service) QueueDue(ctx context.Context) (int, error) {
	now := s.journal.Now()
	var last sweep
	if _, err := s.journal.Get(ctx, sweepKey(), &last); err != nil && !errors.Is(err, table.ErrAbsent) {
		return 0, err
	}
	next := sweep{Until: now.UnixMicro(), Whole: last.Whole}
	query := table.Query{
		Partition: support.DueList, To: fmt.Sprintf("%016d", now.UnixMicro()+1), Limit: dueAtOnce,
		From: fmt.Sprintf("%016d", max(0, last.Until-dueOverlap.Microseconds())),
	}
	if now.Sub(time.UnixMicro(last.Whole)) >= dueAgain {
		query.From, next.Whole = "", now.UnixMicro()
	}
	queued := 0
	for {
		page, err := s.journal.Query(ctx, query)
		if err != nil {
			return queued, err
		}
		if len(page.Items) > 0 {
			if err := s.queueDue(ctx, page.Items); err != nil {
				return queued, err
			}
			queued += len(page.Items)
		}
		if query.After = page.Next; page.Next == "" {
			break
		}
	}
	if queued == 0 {
		return 0, nil // the next sweep looks at the same times again, which costs nothing
	}
	return queued, s.journal.Mark(ctx, sweepKey(), next, 0)
}

func (s *Service) queueDue(ctx context.Context, items []table.Item) error {
	messages := make([]queue.Message, len(items))
	for i, item := range items {
		var due support.Reference
		if err := change.Decode(item, &due); err != nil {
			return err
		}
		body, err := json.Marshal(due)
		if err != nil {
			return err
		}
		// The id is always the same for a case and a time, so that a case that fails again and again is one
		// dead letter.
		id := uuid.NewSHA1(uuid.NameSpaceOID, []byte(item.Sort)).String()
		messages[i] = queue.Message{ID: id, Queue: queue.CasesDue, Group: "ORG#" + due.OrgID, Body: body}
	}
	return s.journal.Commit(ctx, change.ByPlatform(), change.Record{
		Action: "cases.queue_due", Message: "Found cases with something due", Internal: true, Messages: messages,
	})
}

// Wake performs the due work on one case. It is idempotent. It returns a fault of code NotFound if the
// case is gone, or its organization is deleted.
func (s *Service) Wake(ctx context.Context, ref support.Reference) error {
	for attempt := 0; ; attempt++ {
		err := s.wake(ctx, ref)
		if !support.Again(ctx, err, attempt) {
			return err
		}
	}
}

func (s *Service) wake(ctx context.Context, ref support.Reference) error {
	items, err := s.journal.BatchGet(ctx, []table.Key{
		support.CaseKey(ref.OrgID, ref.CaseID, support.CaseSort), tenant.OrgKey(ref.OrgID),
	})
	if err != nil {
		return err
	}
	before, org, err := s.withOrg(items[0], items[1])
	if err == nil && org == nil {
		err = fault.Missing() // its organization is gone or in the bin: everything stands still
	}
	if err != nil {
		return err
	}
	now := s.journal.Now()
	if before.Due == 0 || before.Due > now.UnixMicro() {
		return nil
	}
	if before.Purgeable(now) {
		return s.PurgeCase(ctx, before)
	}
	after := before
	message := after.Passed(now)
	if after.Status == support.Closed && before.Status != support.Closed {
		setting, err := s.desk.Load(ctx, after.MSPID)
		if err != nil {
			return err
		}
		after.Ask(setting, now)
	}
	u := support.Update{Before: &before, After: after, Org: org}
	if fields := support.Differences(before, after); len(fields) > 0 {
		u.Notice = support.Notice{Event: support.Changed, ActorName: support.PlatformPrincipal().Name(), Fields: fields}
		entry, err := s.cases.HistoryWrite(support.Party{Name: support.PlatformPrincipal().Name()}, after, fields)
		if err != nil {
			return err
		}
		u.Record.Writes = append(u.Record.Writes, entry)
	}
	_, err = s.cases.CommitAll(ctx, support.PlatformPrincipal(), change.Record{
		Action:   "cases.wake",
		Message:  fmt.Sprintf("%s %d", message, after.Number),
		Internal: before.Status == after.Status,
		Before:   statusOf(before),
		After:    statusOf(after),
	}, u)
	return err
}

func statusOf(c support.Case) map[string]any { return map[string]any{"status": c.Status} }
