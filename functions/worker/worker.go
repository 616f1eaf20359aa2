// Package worker is how a worker is declared and served: it takes the event that a queue delivers,
// works on each message, and reports those that failed. What the workers do is in the folders
// beside it.
package worker

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"runtime/debug"
	"strconv"
	"time"

	"github.com/aws/aws-lambda-go/events"

	"github.com/tenantry/tenantry/functions/grant"
	"github.com/tenantry/tenantry/shared/fault"
	"github.com/tenantry/tenantry/shared/store/queue"
)

// Worker is a declared worker.
type Worker struct {
	// Name is the worker's name everywhere, as in "mail.send".
	Name string
	// Queue is the one that it works off.
	Queue string
	// Handle works on one message. It may see a message twice, and must not do its work twice. A
	// fault of code Invalid means that trying again is of no use; any other error that it may be.
	Handle func(ctx context.Context, message queue.Message) error
	// Read, if set, makes a message of what another service put on the queue; it returns false for
	// what is no such thing.
	Read func(body string) (queue.Message, bool, error)
	// Uses is what Handle needs, beside parking what is given up.
	Uses grant.Grants
	// Memory, in MiB, and Timeout are what the worker gets as a function of its own; the time is
	// for a whole batch.
	Memory  int
	Timeout time.Duration
}

// Grants is all that the worker needs: what Handle uses, and parking a message with its audit
// entry.
func (w Worker) Grants() grant.Grants { return grant.Union(w.Uses, ParkGrants()) }

// ParkGrants is what parking a message needs.
func ParkGrants() grant.Grants {
	return grant.Union(grant.On(grant.Core, grant.Put), grant.On(grant.Audit, grant.Put))
}

// Parking keeps what is given up.
type Parking interface {
	// Park keeps a message with the reason; parking it again changes nothing.
	Park(ctx context.Context, message queue.Message, reason string, receives int) error
}

// Function is a worker as a queue's event calls it.
type Function func(ctx context.Context, event events.SQSEvent) (events.SQSEventResponse, error)

// Serve makes the function of a worker. A message that failed is reported, so that the queue
// delivers it again after a pause; at the last attempt, or where trying again is of no use, it is
// parked with its reason.
func Serve(worker Worker, parking Parking, log *slog.Logger) Function {
	return func(ctx context.Context, event events.SQSEvent) (events.SQSEventResponse, error) {
		var response events.SQSEventResponse
		if err := checkEvent(event); err != nil {
			return response, err
		}
		for _, record := range event.Records {
			if err := serve(ctx, worker, parking, log, record); err != nil {
				log.WarnContext(ctx, "a message failed",
					"worker", worker.Name, "message", record.MessageId, "error", err)
				response.BatchItemFailures = append(
					response.BatchItemFailures,
					events.SQSBatchItemFailure{ItemIdentifier: record.MessageId},
				)
			}
		}
		return response, nil
	}
}

func serve(ctx context.Context, worker Worker, parking Parking, log *slog.Logger, record events.SQSMessage) error {
	message, err := messageOf(worker, record)
	if err == nil {
		err = safely(ctx, worker, message)
	}
	if err == nil {
		return nil
	}
	receives, countErr := strconv.Atoi(record.Attributes["ApproximateReceiveCount"])
	if countErr != nil {
		return errors.Join(err, fmt.Errorf("the event does not say how often the message was received: %w", countErr))
	}
	if receives < queue.MaxReceives && !fault.Is(err, fault.Invalid) {
		return err
	}
	log.ErrorContext(ctx, "a message was given up",
		"worker", worker.Name, "message", message.ID, "receives", receives, "error", err)
	if parkErr := parking.Park(ctx, message, err.Error(), receives); parkErr != nil {
		return errors.Join(err, parkErr)
	}
	return nil
}

// Record is a message as a queue's event holds it: the whole message is the body.
func Record(message queue.Message, receives int) (events.SQSMessage, error) {
	body, err := json.Marshal(message)
	return events.SQSMessage{
		MessageId: message.ID,
		Body:      string(body),
		Attributes: map[string]string{
			"ApproximateReceiveCount": strconv.Itoa(receives),
			"MessageGroupId":          message.Group,
		},
	}, err
}

// messageOf reads a record. One that cannot be read is no message of ours; it is parked as it is.
func messageOf(worker Worker, record events.SQSMessage) (queue.Message, error) {
	message, ours, err := readMessage(worker, record.Body)
	if !ours {
		err = fault.New(fault.Invalid, "the record is not a message of this product")
	}
	if err != nil {
		return orUnread(worker, record, message, err)
	}
	// What could not be read was parked as a text; replayed, it is what it was, if it can be read
	// by now.
	var parked string
	if json.Unmarshal(message.Body, &parked) == nil {
		if original, ours, err := readMessage(worker, parked); ours && err == nil {
			return original, nil
		}
	}
	return message, nil
}

// readMessage reads a message of ours, or what another service put on the queue. It reports false
// for what is neither.
func readMessage(worker Worker, body string) (queue.Message, bool, error) {
	if worker.Read != nil {
		if told, ours, err := worker.Read(body); ours {
			return told, true, err
		}
	}
	var message queue.Message
	err := json.Unmarshal([]byte(body), &message)
	return message, err == nil && message.ID != "" && message.Queue == worker.Queue, nil
}

// orUnread returns a message, or the record as it is, with the reason why it could not be read.
func orUnread(worker Worker, record events.SQSMessage, message queue.Message, err error) (queue.Message, error) {
	if err == nil {
		return message, nil
	}
	quoted, _ := json.Marshal(record.Body) // a string always has a JSON form
	return queue.Message{ID: record.MessageId, Queue: worker.Queue, Group: "PLATFORM", Body: quoted}, err
}

// safely keeps a panic from ending more than the work on its own message.
func safely(ctx context.Context, worker Worker, message queue.Message) (err error) {
	defer func() {
		if thrown := recover(); thrown != nil {
			err = fmt.Errorf("panic: %v\n%s", thrown, debug.Stack())
		}
	}()
	return worker.Handle(ctx, message)
}
