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
		depth, err := q.Depth(ctx, name)
		if err != nil {
			return nil, err
		}
		depths = append(depths, queue.Depth{
			Queue: name, Waiting: int64(depth.Waiting), InFlight: int64(depth.InFlight),
			Delayed: int64(depth.Delayed), Dead: int64(depth.Dead),
		})
	}
	return depths, nil
}
