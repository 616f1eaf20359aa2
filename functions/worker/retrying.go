package worker

import (
	"context"
	"time"

	"github.com/tenantry/tenantry/shared/fault"
	"github.com/tenantry/tenantry/shared/store/queue"
)

// tries is the maximum number of attempts within one delivery, with growing pauses between them.
// The queue redelivers a failed message only after the visibility timeout, which is as long as the
// longest job part.
const tries = 4

// Retrying returns a handler that retries transient failures.
func Retrying(handle func(context.Context, queue.Message) error) func(context.Context, queue.Message) error {
	return func(ctx context.Context, message queue.Message) error {
		for attempt := 1; ; attempt++ {
			err := handle(ctx, message)
			if err == nil || attempt == tries || fault.Is(err, fault.Invalid) {
				return err
			}
			select {
			case <-ctx.Done():
				return err
			case <-time.After(time.Duration(attempt) * time.Second):
			}
		}
	}
}
