// Package outbox contains the relay: it reads the table's change feed and moves messages from the
// outbox to their queues.
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

// Relay moves messages from the outbox to their queues. It deletes a message from the outbox only
// after the queue has accepted it. If the deletion fails, the feed delivers the message again; the
// queue or the worker recognizes the duplicate by its id.
type Relay struct {
	Journal *change.Journal
	Queues  queue.Sender
	// Derive returns the message caused by a change that needs no outbox item, because its effects
	// can be rebuilt. It returns false if the change causes none.
	Derive func(table.Change) (queue.Message, bool, error)
	Log    *slog.Logger
}

// Handle processes an event of the table's change feed. If the queues do not respond, it fails the
// whole event, which is then delivered again; messages that were already sent are recognized by
// their ids. An item that cannot be read blocks nothing: it stays in the outbox, and the sweep
// reports it until an operator resolves it.
func (r Relay) Handle(ctx context.Context, event events.DynamoDBEvent) (events.DynamoDBEventResponse, error) {
	if err := checkEvent(event); err != nil {
		return events.DynamoDBEventResponse{}, err
	}
	return events.DynamoDBEventResponse{}, r.relay(ctx, event.Records)
}

// checkEvent rejects an event that no change feed sends.
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
		update, err := stream.Change(record)
		if err != nil {
			return err
		}
		if !change.InOutbox(update.Key) {
			derived, causes, err := r.Derive(update)
			if err != nil {
				return err
			}
			if causes {
				messages = append(messages, derived)
			}
			continue
		}
		if update.New.Version == 0 {
			continue
		}
		message, err := change.OutboxMessage(update.New)
		if err != nil {
			r.Log.ErrorContext(ctx, "an item of the outbox cannot be read",
				"partition", update.Key.Partition, "sort", update.Key.Sort, "error", err)
			continue
		}
		messages, keys = append(messages, message), append(keys, update.Key)
	}
	return r.move(ctx, messages, keys)
}

// move sends messages to their queues and deletes them from the outbox.
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
