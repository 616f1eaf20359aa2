package machine

import (
	"context"
	"fmt"
	"time"

	"github.com/aws/aws-lambda-go/events"

	"github.com/tenantry/tenantry/functions/catalog"
	"github.com/tenantry/tenantry/functions/worker"
	"github.com/tenantry/tenantry/shared/store/queue"
	queues "github.com/tenantry/tenantry/shared/store/queue/embedded"
	"github.com/tenantry/tenantry/shared/store/table/stream"
)

const (
	// batch is the maximum number of messages in one call of a worker.
	batch = 5
	// feedBatch is the maximum number of changes in one call of the relay: what one transaction can
	// remove from the outbox.
	feedBatch = 100
	// pause is how long a loop waits after a database error.
	pause = time.Second
	// idle is the maximum time that a loop waits before it checks again.
	idle = 30 * time.Second
)

// longWork holds the visibility timeouts that are longer than usual: a part of a job can take
// minutes.
func longWork() map[string]time.Duration {
	return map[string]time.Duration{queue.CasesJobs: 20 * time.Minute, queue.Transfers: 20 * time.Minute}
}

// batchOf returns how many messages of a queue are passed to a worker at once: one part of a job,
// as each may need all of the time.
func batchOf(name string) int {
	if _, long := longWork()[name]; long {
		return 1
	}
	return batch
}

// work processes a queue until ctx ends, and finishes what it has begun.
func (p Program) work(ctx context.Context, built *parts, declared worker.Worker) error {
	function := worker.Serve(declared, built.services.DeadLetters, nil, p.Log)
	for ctx.Err() == nil {
		deliveries, err := built.queues.Receive(ctx, declared.Queue, batchOf(declared.Queue))
		if err == nil && len(deliveries) > 0 {
			err = settle(context.WithoutCancel(ctx), built, function, deliveries)
		} else if err == nil {
			err = built.queues.Wait(ctx, declared.Queue, idle)
		}
		if err != nil && ctx.Err() == nil {
			p.Log.Error("a queue could not be processed", "queue", declared.Queue, "error", err)
			sleep(ctx, pause)
		}
	}
	return nil
}

// settle passes deliveries to a worker's function as one event, and reports to the queue which are
// done.
func settle(ctx context.Context, built *parts, function worker.Function, deliveries []queues.Delivery) error {
	var event events.SQSEvent
	for _, delivery := range deliveries {
		record, err := worker.Record(delivery.Message, delivery.Receives)
		if err != nil {
			return err
		}
		event.Records = append(event.Records, record)
	}
	response, err := function(ctx, event)
	if err != nil {
		return err
	}
	failed := map[string]bool{}
	for _, failure := range response.BatchItemFailures {
		failed[failure.ItemIdentifier] = true
	}
	var done []queues.Delivery
	for _, delivery := range deliveries {
		if !failed[delivery.Message.ID] {
			done = append(done, delivery)
		} else if err := built.queues.Retry(ctx, delivery, "the worker reported a failure"); err != nil {
			return err
		}
	}
	return built.queues.Delete(ctx, done...)
}

// relayFeed passes the change feed to the relay until ctx ends.
func (p Program) relayFeed(ctx context.Context, built *parts) error {
	relay := catalog.Relay(built.services)
	committed := built.store.Committed()
	for ctx.Err() == nil {
		more, err := relaySome(context.WithoutCancel(ctx), built, relay.Handle)
		if err != nil {
			p.Log.Error("the relay failed", "error", err)
			sleep(ctx, pause)
			continue
		}
		if more {
			continue
		}
		select {
		case <-ctx.Done():
		case <-committed:
		case <-time.After(idle):
		}
	}
	return nil
}

// relaySome relays one batch of changes, and reports whether there may be more.
func relaySome(
	ctx context.Context,
	built *parts,
	handle func(context.Context, events.DynamoDBEvent) (events.DynamoDBEventResponse, error),
) (bool, error) {
	changes, err := built.store.Changes(ctx, relayConsumer, feedBatch)
	if err != nil || len(changes) == 0 {
		return false, err
	}
	var event events.DynamoDBEvent
	for _, change := range changes {
		event.Records = append(event.Records, stream.Record(change))
	}
	response, err := handle(ctx, event)
	if err != nil {
		return false, err
	}
	if len(response.BatchItemFailures) > 0 {
		return false, fmt.Errorf("change %s was not relayed", response.BatchItemFailures[0].ItemIdentifier)
	}
	return true, built.store.Acknowledge(ctx, relayConsumer, changes[len(changes)-1].Sequence)
}

func sleep(ctx context.Context, length time.Duration) {
	select {
	case <-ctx.Done():
	case <-time.After(length):
	}
}
