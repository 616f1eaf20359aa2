package machine

import (
	"context"
	"time"
)

// wakeEvery is how often the program checks which cases have something due.
const wakeEvery = 10 * time.Second

// wake puts cases with something due on their queue, until ctx ends.
func (p Program) wake(ctx context.Context, built *parts) error {
	for ctx.Err() == nil {
		if _, err := built.services.Schedule.QueueDue(ctx); err != nil && ctx.Err() == nil {
			p.Log.Error("cases with something due were not put on their queue", "error", err)
		}
		if _, err := built.services.Life.QueueDue(ctx); err != nil && ctx.Err() == nil {
			p.Log.Error("deleted organizations with something due were not put on their queue", "error", err)
		}
		if _, err := built.services.Bastion.QueueDue(ctx); err != nil && ctx.Err() == nil {
			p.Log.Error("what the bastion has not confirmed was not put on its queue", "error", err)
		}
		if err := built.services.Lists.Renew(ctx); err != nil && ctx.Err() == nil {
			p.Log.Error("the search index of a former version was not renewed", "error", err)
		}
		if err := built.services.Directory.Renew(ctx); err != nil && ctx.Err() == nil {
			p.Log.Error("the index of organizations was not renewed", "error", err)
		}
		sleep(ctx, wakeEvery)
	}
	return nil
}
