// Package outbox has the relay: it takes messages out of the table's outbox, as the change feed
// tells of them, and puts them on their queues.
package outbox

import (
	"context"
	"errors"
	"fmt"
	"log/slog"

	"github.com/aws/aws-lambda-go/events"

	"github.com/tenantry/tenantry/shared/change"
	"github.com/tenantry/tenantry/shared/store/queue"
	"github.com/tenantry/tenantry/shared/store/table"
	"github.com/tenantry/tenantry/shared/store/table/stream"
)

// Relay moves messages from the outbox to their queues. A message is taken out of the outbox only
// when its queue has it; should that fail halfway, the feed tells of it again, and the queue or the
// worker knows the message by its id.
type Relay struct {
	Journal *change.Journal
	Queues  queue.Sender
	// Derive makes of a change the message that it causes without having been put into the outbox,
	// for what can be rebuilt; it gives false for a change that causes none.
	Derive func(told table.Change) (queue.Message, bool, error)
	Log    *slog.Logger
}

// Handle takes an event of the table's change feed. Where the queues do not answer, all of it must
// come again: what went out before is known by its id. An item that cannot be read holds nothing
// up: it stays in the outbox, and the sweep tells of it until somebody looks.
func (r Relay) Handle(ctx context.Context, event events.DynamoDBEvent) (events.DynamoDBEventResponse, error) {
	if err := checkEvent(event); err != nil {
		return events.DynamoDBEventResponse{}, err
	}
	return events.DynamoDBEventResponse{}, r.relay(ctx, event.Records)
}

// checkEvent refuses an event that no change feed sends.
func checkEvent(event events.DynamoDBEvent) error {
	if len(event.Records) == 0 {
		return errors.New("the event has no records: it does not come from the table's change feed")
	}
	for _, record := range event.Records {
		if record.EventSource != "" && record.EventSource != "aws:dynamodb" {
			return errors.New(
				"the event's records come from " + record.EventSource + ", not from the table's change feed",
			)
		}
	}
	return nil
}

func (r Relay) relay(ctx context.Context, records []events.DynamoDBEventRecord) error {
	var messages []queue.Message
	var keys []table.Key
	for _, record := range records {
		told, err := stream.Change(record)
		if err != nil {
			return err
		}
		if !change.InOutbox(told.Key) {
			derived, causes, err := r.Derive(told)
			if err != nil {
				return err
			}
			if causes {
				messages = append(messages, derived)
			}
			continue
		}
		if told.New.Version == 0 {
			continue
		}
		message, err := change.OutboxMessage(told.New)
		if err != nil {
			r.Log.ErrorContext(
				ctx,
				"an item of the outbox cannot be read",
				"partition",
				told.Key.Partition,
				"sort",
				told.Key.Sort,
				"error",
				err,
			)
			continue
		}
		messages, keys = append(messages, message), append(keys, told.Key)
	}
	return r.move(ctx, messages, keys)
}

// move puts messages on their queues and takes them out of the outbox.
func (r Relay) move(ctx context.Context, messages []queue.Message, keys []table.Key) error {
	if len(messages) == 0 {
		return nil
	}
	if err := r.Queues.Send(ctx, messages); err != nil {
		return fmt.Errorf("relay %d messages: %w", len(messages), err)
	}
	if len(keys) == 0 {
		return nil
	}
	return r.Journal.Sent(ctx, keys)
}
