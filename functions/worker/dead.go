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

// neverTaken is the reason of a message that ended in a dead-letter queue: its worker was never
// able to say more, as it did not start, ran out of time or memory, or could not keep the message
// itself.
const neverTaken = "no worker was able to take the message: it did not start, or it was ended by its limits of time or memory; its log says more"

// ServeDead makes the function that takes over what the queues put into their dead-letter queues,
// so that all that was given up stands in one place.
func ServeDead(workers []Worker, parking Parking, log *slog.Logger) Function {
	return func(ctx context.Context, event events.SQSEvent) (events.SQSEventResponse, error) {
		var response events.SQSEventResponse
		if err := checkEvent(event); err != nil {
			return response, err
		}
		for _, record := range event.Records {
			if err := parkDead(ctx, workers, parking, record); err != nil {
				log.ErrorContext(ctx, "a dead letter was not kept", "message", record.MessageId, "error", err)
				response.BatchItemFailures = append(
					response.BatchItemFailures,
					events.SQSBatchItemFailure{ItemIdentifier: record.MessageId},
				)
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

// ownerOf finds the worker whose queue a dead-letter queue belongs to: its name ends with the
// queue's and "-dead".
func ownerOf(workers []Worker, record events.SQSMessage) (Worker, error) {
	for _, one := range workers {
		if strings.HasSuffix(record.EventSourceARN, "-"+one.Queue+"-dead") {
			return one, nil
		}
	}
	return Worker{}, fault.New(fault.Internal, "the dead-letter queue %q belongs to no worker", record.EventSourceARN)
}

// checkEvent refuses an event that no queue delivers.
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
