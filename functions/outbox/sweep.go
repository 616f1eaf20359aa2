package outbox

import (
	"context"
	"errors"
	"time"

	"github.com/tenantry/tenantry/shared/change"
	"github.com/tenantry/tenantry/shared/store/queue"
	"github.com/tenantry/tenantry/shared/store/table"
)

const (
	// forgotten is how long a message stays in the outbox before the sweep moves it; the relay is
	// much faster.
	forgotten = 5 * time.Minute
	// sweepBatch is how many messages are moved at once: what one transaction can delete.
	sweepBatch = table.MaxWrites
)

// Sweep moves the messages that the relay missed, for example because the change feed failed for
// longer than it keeps its records, and returns their number. A message that the relay moves at the
// same time is sent twice; the worker recognizes it by its id. A message that cannot be moved
// becomes a dead letter.
func (r Relay) Sweep(ctx context.Context) (int, error) {
	moved := 0
	var failed []error
	before := r.Journal.Now().Add(-forgotten)
	for _, query := range change.Forgotten(before, sweepBatch) {
		count, err := r.sweep(ctx, query)
		moved, failed = moved+count, append(failed, err)
	}
	return moved, errors.Join(failed...)
}

// sweep moves the messages of one partition of the outbox.
func (r Relay) sweep(ctx context.Context, query table.Query) (int, error) {
	moved := 0
	var failed []error
	for {
		page, err := r.Journal.Query(ctx, query)
		if err != nil {
			return moved, errors.Join(append(failed, err)...)
		}
		var messages []queue.Message
		var keys []table.Key
		for _, item := range page.Items {
			message, err := change.OutboxMessage(item)
			if err != nil {
				failed = append(failed, r.park(ctx, item, message, err))
				continue
			}
			messages, keys = append(messages, message), append(keys, item.Key)
		}
		if err := r.move(ctx, messages, keys); err != nil {
			return moved, errors.Join(append(failed, err)...)
		}
		moved += len(messages)
		if query.After = page.Next; page.Next == "" {
			return moved, errors.Join(failed...)
		}
	}
}
