package worker

import (
	"context"
	"errors"
	"log/slog"
	"strconv"
	"strings"

	"github.com/aws/aws-lambda-go/events"

	"github.com/tenantry/tenantry/shared/fault"
	"github.com/tenantry/tenantry/shared/store/queue"
)

// neverTaken is the reason of a message from a dead-letter queue: its worker could not report an
// error, because it did not start, exceeded its time or memory, or could not park the message
// itself.
const neverTaken = "no worker was able to process the message: it did not start, or exceeded its limits of time or " +
	"memory; see its log"

// ServeDead returns the function that moves messages from the queues' dead-letter queues to the
// table, so that all dead letters are in one place.
func ServeDead(workers []Worker, parking Parking, log *slog.Logger) Function {
	return func(ctx context.Context, event events.SQSEvent) (events.SQSEventResponse, error) {
		var response events.SQSEventResponse
		if err := checkEvent(event); err != nil {
			return response, err
		}
		for _, record := range event.Records {
			if err := parkDead(ctx, workers, parking, record); err != nil {
				log.ErrorContext(ctx, "a dead letter could not be stored", "message", record.MessageId, "error", err)
				response.BatchItemFailures = append(response.BatchItemFailures,
					events.SQSBatchItemFailure{ItemIdentifier: record.MessageId})
			}
		}
		return response, nil
	}
}

func parkDead(ctx context.Context, workers []Worker, parking Parking, record events.SQSMessage) error {
	owner, err := ownerOf(workers, record)
	if err != nil {
		return err
	}
	message, err := messageOf(owner, record)
	reason := neverTaken
	if err != nil {
		reason = err.Error()
	}
	receives, err := strconv.Atoi(record.Attributes["ApproximateReceiveCount"])
	if err != nil {
		receives = queue.MaxReceives
	}
	return parking.Park(ctx, message, reason, max(receives, queue.MaxReceives))
}

// ownerOf returns the worker whose queue a dead-letter queue belongs to: its name ends with the
// queue's name and "-dead".
func ownerOf(workers []Worker, record events.SQSMessage) (Worker, error) {
	for _, one := range workers {
		if strings.HasSuffix(record.EventSourceARN, "-"+one.Queue+"-dead") {
			return one, nil
		}
	}
	return Worker{}, fault.New(fault.Internal, "the dead-letter queue %q belongs to no worker", record.EventSourceARN)
}

// checkEvent rejects an event that no queue delivers.
func checkEvent(event events.SQSEvent) error {
	if len(event.Records) == 0 {
		return errors.New("the event has no records: it does not come from a queue")
	}
	for _, record := range event.Records {
		if record.EventSource != "" && record.EventSource != "aws:sqs" {
			return errors.New("the event's records come from " + record.EventSource + ", not from a queue")
		}
	}
	return nil
}
