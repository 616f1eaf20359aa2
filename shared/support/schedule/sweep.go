package schedule

import (
	"context"
	"errors"
	"fmt"

	"github.com/tenantry/tenantry/shared/change"
	"github.com/tenantry/tenantry/shared/fault"
	"github.com/tenantry/tenantry/shared/store/queue"
	"github.com/tenantry/tenantry/shared/store/table"
	"github.com/tenantry/tenantry/shared/support"
	"github.com/tenantry/tenantry/shared/support/desk"
)

// sweepAtOnce is the number of cases handled per message.
const sweepAtOnce = 100

// SweepCases handles a part of a sweep, and enqueues the rest.
func (s *Service) SweepCases(ctx context.Context, part desk.Sweep) error {
	page, err := s.journal.Query(ctx, table.Query{
		Partition: desk.Partition(
			part.MSPID,
		) + "#CASES#" + support.OpenName,
		To:    fmt.Sprintf("%016d", part.Until),
		Limit: sweepAtOnce,
		After: part.After,
	})
	if err != nil {
		return err
	}
	var failed []error
	for _, item := range page.Items {
		var line support.Summary
		if err := change.Decode(item, &line); err != nil {
			return err
		}
		if err := s.Retarget(
			ctx,
			support.Reference{OrgID: line.OrgID, CaseID: line.ID},
		); err != nil &&
			!fault.Is(err, fault.NotFound) {
			failed = append(failed, fmt.Errorf("case %d: %w", line.Number, err))
		}
	}
	if err := errors.Join(failed...); err != nil || page.Next == "" {
		return err
	}
	part.After = page.Next
	message, err := part.Message()
	if err != nil {
		return err
	}
	return s.journal.Commit(ctx, change.ByPlatform(), change.Record{
		Action:   "cases.sweep",
		Message:  "Applied the present service levels to more open cases",
		MSPID:    part.MSPID,
		Messages: []queue.Message{message},
	})
}
