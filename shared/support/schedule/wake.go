package schedule

import (
	"context"
	"errors"
	"fmt"

	"github.com/tenantry/tenantry/shared/change"
	"github.com/tenantry/tenantry/shared/store/table"
	"github.com/tenantry/tenantry/shared/support"
)

// wakeAtOnce is the number of due cases read at once.
const wakeAtOnce = 100

// WakeDue performs the work that is due by now: waiting cases reopen, solved ones close. It returns
// how many cases it handled. A failed case does not hold up the others, and is retried the next
// time. WakeDue stops early when time runs out.
func (s *Service) WakeDue(ctx context.Context) (int, error) {
	var failed []error
	looked := 0
	query := table.Query{
		Partition: support.DueList,
		To:        fmt.Sprintf("%016d", s.journal.Now().UnixMicro()+1),
		Limit:     wakeAtOnce,
	}
	for ctx.Err() == nil {
		page, err := s.journal.Query(ctx, query)
		if err != nil {
			return looked, errors.Join(append(failed, err)...)
		}
		for _, item := range page.Items {
			var due support.Reference
			err := change.Decode(item, &due)
			if err == nil {
				err = s.Wake(ctx, due)
			}
			if err != nil {
				failed = append(failed, fmt.Errorf("wake case %s: %w", due.CaseID, err))
			}
			looked++
		}
		if query.After = page.Next; page.Next == "" {
			break
		}
	}
	return looked, errors.Join(failed...)
}

// Wake performs the due work on one case. It is idempotent.
func (s *Service) Wake(ctx context.Context, ref support.Reference) error {
	for attempt := 0; ; attempt++ {
		err := s.wake(ctx, ref)
		if !support.Again(ctx, err, attempt) {
			return err
		}
	}
}

func (s *Service) wake(ctx context.Context, ref support.Reference) error {
	items, err := s.journal.BatchGet(ctx, []table.Key{support.CaseKey(ref.OrgID, ref.CaseID, support.CaseSort)})
	if err != nil {
		return err
	}
	before, err := support.DecodeCase(items[0])
	if err != nil {
		return err
	}
	now := s.journal.Now()
	if before.Due == 0 || before.Due > now.UnixMicro() {
		return nil
	}
	if before.Purgeable(now) {
		return s.purge(ctx, before)
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
	u := support.Update{Before: &before, After: after}
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
