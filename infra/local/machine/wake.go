package machine

import (
	"context"
	"time"
)

// wakeEvery is how often the program checks which cases have something due.
const wakeEvery = 10 * time.Second

// wake does what is due for cases, until ctx ends.
func (p Program) wake(ctx context.Context, built *parts) error {
	for ctx.Err() == nil {
		if _, err := built.services.Schedule.WakeDue(ctx); err != nil && ctx.Err() == nil {
			p.Log.Error("actions that are due for cases failed", "error", err)
		}
		if err := built.services.Lists.Renew(ctx); err != nil && ctx.Err() == nil {
			p.Log.Error("the search index of a former version was not renewed", "error", err)
		}
		sleep(ctx, wakeEvery)
	}
	return nil
}
