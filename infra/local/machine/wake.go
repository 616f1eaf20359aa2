package machine

import (
	"context"
	"time"
)

// wakeEvery is how often the program looks which cases something is due with.
const wakeEvery = 10 * time.Second

// wake does, until ctx ends, with cases what is due.
func (p Program) wake(ctx context.Context, built *parts) error {
	for ctx.Err() == nil {
		if _, err := built.services.Schedule.WakeDue(ctx); err != nil && ctx.Err() == nil {
			p.Log.Error("not everything that is due with cases was done", "error", err)
		}
		if err := built.services.Lists.Renew(ctx); err != nil && ctx.Err() == nil {
			p.Log.Error("the search index of a former version was not renewed", "error", err)
		}
		sleep(ctx, wakeEvery)
	}
	return nil
}
