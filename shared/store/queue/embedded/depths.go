package embedded

import (
	"context"

	"github.com/tenantry/tenantry/shared/store/queue"
)

// Depths counts the messages of every queue, exactly.
func (q *Queues) Depths(ctx context.Context) ([]queue.Depth, error) {
	names := queue.Names()
	depths := make([]queue.Depth, 0, len(names))
	for _, name := range names {
		found, err := q.Depth(ctx, name)
		if err != nil {
			return nil, err
		}
		depths = append(depths, queue.Depth{
			Queue: name, Waiting: int64(found.Waiting), InFlight: int64(found.InFlight),
			Delayed: int64(found.Delayed), Dead: int64(found.Dead),
		})
	}
	return depths, nil
}
