// Package worker declares and serves workers: it receives the events that a queue delivers,
// processes each message, and reports those that failed. The workers themselves are in the folders
// of their domains.
package worker

import (
	"cmp"
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
	"github.com/tenantry/tenantry/shared/change"
	"github.com/tenantry/tenantry/shared/fault"
	"github.com/tenantry/tenantry/shared/store/queue"
	"github.com/tenantry/tenantry/shared/tracing"
)

// Worker declares a worker.
type Worker struct {
	// Name is the worker's name everywhere, as in "mail.send".
	Name string
	// Queue is the queue that it processes.
	Queue string
	// Handle processes one message. It may receive a message twice, and must not do its work twice.
	// A fault of code Invalid means that a retry cannot succeed; after any other error the message
	// is retried.
	Handle func(ctx context.Context, message queue.Message) error
	// Read, if set, converts what another service put on the queue into a message; it returns false
	// for anything else.
	Read func(body string) (queue.Message, bool, error)
	// Uses is what Handle needs, in addition to parking dead letters.
	Uses grant.Grants
	// Memory, in MiB, and Timeout are those of the worker's own function; the timeout is for a
	// whole batch.
	Memory  int
	Timeout time.Duration
}

// Grants returns all that the worker needs: what Handle uses, and parking a message with its audit
// entry.
func (w Worker) Grants() grant.Grants { return grant.Union(w.Uses, ParkGrants()) }

// ParkGrants returns what parking a message needs.
func ParkGrants() grant.Grants {
	return grant.Union(grant.On(grant.Core, grant.Put), grant.On(grant.Audit, grant.Put))
}

// Parking stores dead letters.
type Parking interface {
	// Park stores a message with the reason; parking it again changes nothing.
	Park(ctx context.Context, message queue.Message, reason string, receives int) error
}

// Function is a worker in the form in which a queue's event calls it.
type Function func(ctx context.Context, event events.SQSEvent) (events.SQSEventResponse, error)

// Serve returns the function of a worker. A failed message is reported, so that the queue delivers
// it again after a pause; with a postponer, the pause grows with the number of attempts. At the last
// attempt, or if a retry cannot succeed, it is parked with its reason.
//
// If the context has a deadline, work on a message ends before it, and the messages that there is no
// time for are delivered again at once: a slow message does not fail the others of its batch.
func Serve(worker Worker, parking Parking, postponer queue.Postponer, log *slog.Logger) Function {
	return func(ctx context.Context, event events.SQSEvent) (events.SQSEventResponse, error) {
		var response events.SQSEventResponse
		if err := checkEvent(event); err != nil {
			return response, err
		}
		working, cancel := beforeDeadline(ctx, worker.Timeout/marginShare)
		defer cancel()
		for _, record := range event.Records {
			err := working.Err()
			pause := time.Second
			if err == nil {
				err = serve(ctx, working, worker, parking, log, record)
				pause = pauseAfter(record)
			}
			if err == nil {
				continue
			}
			log.WarnContext(ctx, "a message failed",
				"worker", worker.Name, "message", record.MessageId, "error", err)
			response.BatchItemFailures = append(response.BatchItemFailures,
				events.SQSBatchItemFailure{ItemIdentifier: record.MessageId})
			if postponer == nil {
				continue
			}
			if err := postponer.Postpone(ctx, worker.Queue, record.ReceiptHandle, pause); err != nil {
				log.WarnContext(ctx, "a failed message comes again only after the queue's own pause",
					"worker", worker.Name, "message", record.MessageId, "error", err)
			}
		}
		return response, nil
	}
}

// marginShare is the part of a worker's time that is kept for reporting failures: a tenth.
const marginShare = 10

// beforeDeadline returns a context that ends a margin before the deadline of another, if it has one.
func beforeDeadline(ctx context.Context, margin time.Duration) (context.Context, context.CancelFunc) {
	deadline, limited := ctx.Deadline()
	if !limited {
		return context.WithCancel(ctx)
	}
	return context.WithDeadline(ctx, deadline.Add(-margin))
}

// pauseAfter returns the pause before the next delivery of a message that failed.
func pauseAfter(record events.SQSMessage) time.Duration {
	pauses := [...]time.Duration{time.Second, 5 * time.Second, 30 * time.Second, 2 * time.Minute, 5 * time.Minute}
	receives, err := strconv.Atoi(record.Attributes["ApproximateReceiveCount"])
	if err != nil {
		receives = 1
	}
	return pauses[min(max(receives, 1), len(pauses))-1]
}

// serve processes one record within working, and parks the message within ctx if it failed for good.
func serve(
	ctx, working context.Context, worker Worker, parking Parking, log *slog.Logger, record events.SQSMessage,
) error {
	message, err := messageOf(worker, record)
	request := cmp.Or(message.Request, message.ID)
	ctx, working = change.WithRequest(ctx, request), change.WithRequest(working, request)
	working, span := tracing.Message(working, worker.Name)
	if err == nil {
		err = safely(working, worker, message)
	}
	span.End(err)
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
	log.ErrorContext(ctx, "a message became a dead letter",
		"worker", worker.Name, "message", message.ID, "request", request, "receives", receives, "error", err)
	if parkErr := parking.Park(ctx, message, err.Error(), receives); parkErr != nil {
		return errors.Join(err, parkErr)
	}
	return nil
}

// Record returns a message in the form of a queue's event, whose body is the whole message.
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

// messageOf reads a record. If that fails, the record is not one of our messages and is parked as
// it is.
func messageOf(worker Worker, record events.SQSMessage) (queue.Message, error) {
	message, ours, err := readMessage(worker, record.Body)
	if !ours {
		err = fault.New(fault.Invalid, "the record is not a message of this product")
	}
	if err != nil {
		return orUnread(worker, record, message, err)
	}
	// A body that could not be read was parked as a string. When it is replayed, read it as it was
	// sent: it may be readable by now.
	var parked string
	if json.Unmarshal(message.Body, &parked) == nil {
		if original, ours, err := readMessage(worker, parked); ours && err == nil {
			return original, nil
		}
	}
	return message, nil
}

// readMessage reads one of our messages, or what another service put on the queue. It reports false
// for anything else.
func readMessage(worker Worker, body string) (queue.Message, bool, error) {
	if worker.Read != nil {
		if message, ours, err := worker.Read(body); ours {
			return message, true, err
		}
	}
	var message queue.Message
	err := json.Unmarshal([]byte(body), &message)
	return message, err == nil && message.ID != "" && message.Queue == worker.Queue, nil
}

// orUnread returns a message, or the unread record with the reason why it could not be read.
func orUnread(worker Worker, record events.SQSMessage, message queue.Message, err error) (queue.Message, error) {
	if err == nil {
		return message, nil
	}
	quoted, _ := json.Marshal(record.Body) // a string can always be marshaled
	return queue.Message{ID: record.MessageId, Queue: worker.Queue, Group: "PLATFORM", Body: quoted}, err
}

// safely limits a panic to the message that caused it.
func safely(ctx context.Context, worker Worker, message queue.Message) (err error) {
	defer func() {
		if thrown := recover(); thrown != nil {
			err = fmt.Errorf("panic: %v\n%s", thrown, debug.Stack())
		}
	}()
	return worker.Handle(ctx, message)
}
