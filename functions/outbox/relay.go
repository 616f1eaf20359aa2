// Package outbox contains the relay: it reads the table's change feed and moves messages from the
// outbox to their queues.
package outbox

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"

	"github.com/aws/aws-lambda-go/events"
	"github.com/google/uuid"

	"github.com/tenantry/tenantry/functions/worker"
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
	// Parking stores messages that cannot be moved.
	Parking worker.Parking
	Log     *slog.Logger
}

// Handle processes an event of the table's change feed. An outbox item that cannot be moved becomes a
// dead letter and blocks nothing. If the queues or the table do not respond, Handle reports the
// first record of the group that failed, and delivery resumes there; messages that were already sent
// are recognized by their ids.
func (r Relay) Handle(ctx context.Context, event events.DynamoDBEvent) (events.DynamoDBEventResponse, error) {
	if err := checkEvent(event); err != nil {
		return events.DynamoDBEventResponse{}, err
	}
	for i := 0; i < len(event.Records); i += atOnce {
		if err := r.relay(ctx, event.Records[i:min(i+atOnce, len(event.Records))]); err != nil {
			first := event.Records[i].Change.SequenceNumber
			r.Log.WarnContext(ctx, "records of the change feed were not moved", "from", first, "error", err)
			return events.DynamoDBEventResponse{
				BatchItemFailures: []events.DynamoDBBatchItemFailure{{ItemIdentifier: first}},
			}, nil
		}
	}
	return events.DynamoDBEventResponse{}, nil
}

// atOnce is how many records are moved together; groups before a failed one are not delivered again.
const atOnce = 50

// checkEvent rejects an event that no change feed sends.
func checkEvent(event events.DynamoDBEvent) error {
	if len(event.Records) == 0 {
		return errors.New("the event has no records: it does not come from the table's change feed")
	}
	for _, record := range event.Records {
		if record.EventSource != "" && record.EventSource != "aws:dynamodb" {
			return errors.New(
				"the event's records come from " + record.EventSource + ", not from the table's change feed")
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
			// The item itself is in the table: the sweep moves it, or the verification mends the index.
			r.Log.ErrorContext(ctx, "a record of the change feed cannot be read", "record", record.EventID, "error", err)
			continue
		}
		if !change.InOutbox(update.Key) {
			derived, causes, err := r.derive(update)
			if err != nil {
				r.Log.ErrorContext(ctx, "a changed item cannot be read",
					"partition", update.Key.Partition, "sort", update.Key.Sort, "error", err)
			} else if causes {
				messages = append(messages, derived)
			}
			continue
		}
		if update.New.Version == 0 {
			continue
		}
		message, err := change.OutboxMessage(update.New)
		if err != nil {
			if err := r.park(ctx, update.New, message, err); err != nil {
				return err
			}
			continue
		}
		messages, keys = append(messages, message), append(keys, update.Key)
	}
	return r.move(ctx, messages, keys)
}

// derive calls Derive, and turns a panic into an error: otherwise the feed would redeliver the record
// forever.
func (r Relay) derive(update table.Change) (message queue.Message, causes bool, err error) {
	defer func() {
		if cause := recover(); cause != nil {
			err = fmt.Errorf("panic: %v", cause)
		}
	}()
	return r.Derive(update)
}

// park makes a dead letter of an outbox item that cannot be moved, and removes it from the outbox.
func (r Relay) park(ctx context.Context, item table.Item, message queue.Message, reason error) error {
	if message.ID == "" {
		quoted, err := json.Marshal(string(item.Data))
		if err != nil {
			return err
		}
		// The same item gets the same ID, however often the feed delivers it.
		id := uuid.NewSHA1(uuid.NameSpaceOID, []byte(item.Partition+" "+item.Sort)).String()
		message = queue.Message{ID: id, Queue: "unknown", Group: "PLATFORM", Body: quoted}
	}
	if err := r.Parking.Park(ctx, message, reason.Error(), 0); err != nil {
		return fmt.Errorf("park an item of the outbox: %w", err)
	}
	r.Log.ErrorContext(ctx, "an item of the outbox became a dead letter",
		"message", message.ID, "queue", message.Queue, "reason", reason)
	return r.Journal.Sent(ctx, []table.Key{item.Key})
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
