package support

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"

	"github.com/tenantry/tenantry/shared/change"
	"github.com/tenantry/tenantry/shared/fault"
	"github.com/tenantry/tenantry/shared/store/queue"
	"github.com/tenantry/tenantry/shared/store/table"
)

// SweepRetarget is the Kind of a Sweep.
const SweepRetarget = "retarget"

// Sweep is the body of a message that brings the open cases of a provider, some at a time, under its present promises.
type Sweep struct {
	Kind  string `json:"kind"`
	MSPID string `json:"msp_id"`
	// Until is the time of the last change of the cases concerned, in microseconds since 1970: what was changed later has been
	// seen to.
	Until int64 `json:"until"`
	// After is how far the sweep has come.
	After string `json:"after,omitempty"`
}

func (s Sweep) message() (queue.Message, error) {
	s.Kind = SweepRetarget
	body, err := json.Marshal(s)
	return queue.Message{Queue: queue.CasesJobs, Group: deskPartition(s.MSPID), Body: body}, err
}

// sweepAtOnce is how many cases one message sees to.
const sweepAtOnce = 100

// SweepCases does a part of a sweep, and puts the rest on its queue.
func (d *Desk) SweepCases(ctx context.Context, part Sweep) error {
	page, err := d.journal.Query(ctx, table.Query{
		Partition: deskPartition(part.MSPID) + "#CASES#" + openList, To: fmt.Sprintf("%016d", part.Until), Limit: sweepAtOnce, After: part.After,
	})
	if err != nil {
		return err
	}
	var failed []error
	for _, item := range page.Items {
		var line Line
		if err := change.Decode(item, &line); err != nil {
			return err
		}
		if err := d.Retarget(ctx, Reference{OrgID: line.OrgID, CaseID: line.ID}); err != nil && !fault.Is(err, fault.NotFound) {
			failed = append(failed, fmt.Errorf("case %d: %w", line.Number, err))
		}
	}
	if err := errors.Join(failed...); err != nil || page.Next == "" {
		return err
	}
	part.After = page.Next
	message, err := part.message()
	if err != nil {
		return err
	}
	return d.journal.Commit(ctx, change.ByPlatform(), change.Done{
		Action: "cases.sweep", Message: "Went on bringing open cases under the present service levels", MSPID: part.MSPID, Messages: []queue.Message{message},
	})
}
