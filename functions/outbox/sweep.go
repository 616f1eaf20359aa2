package outbox

import (
	"context"
	"time"

	"github.com/tenantry/tenantry/shared/change"
	"github.com/tenantry/tenantry/shared/queue"
	"github.com/tenantry/tenantry/shared/table"
)

const (
	// forgotten is how long a message lies in the outbox before the sweep takes it: the relay is much faster.
	forgotten = 5 * time.Minute
	// sweepBatch is how many messages are moved at once: what one transaction can take out.
	sweepBatch = table.MaxWrites
)

// Sweep moves the messages that the relay did not get to, as where the change feed failed for longer than it keeps its
// records. It gives how many were moved; a message that the relay moves at the same time goes out twice, and the worker
// knows it by its id. It goes on until ctx ends or nothing is left.
func (r Relay) Sweep(ctx context.Context) (int, error) {
	moved := 0
	before := r.Journal.Now().Add(-forgotten)
	for _, query := range change.Forgotten(before, sweepBatch) {
		for {
			page, err := r.Journal.Query(ctx, query)
			if err != nil {
				return moved, err
			}
			var messages []queue.Message
			var keys []table.Key
			for _, item := range page.Items {
				message, err := change.OutboxMessage(item)
				if err != nil {
					return moved, err
				}
				messages, keys = append(messages, message), append(keys, item.Key)
			}
			if err := r.move(ctx, messages, keys); err != nil {
				return moved, err
			}
			moved += len(messages)
			if page.Next == "" {
				break
			}
		}
	}
	return moved, nil
}
