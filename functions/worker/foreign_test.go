package worker_test

import (
	"context"
	"encoding/json"
	"errors"
	"log/slog"
	"strings"
	"testing"

	"github.com/aws/aws-lambda-go/events"

	"github.com/tenantry/tenantry/functions/worker"
	"github.com/tenantry/tenantry/shared/apptest"
	"github.com/tenantry/tenantry/shared/deadletter"
	"github.com/tenantry/tenantry/shared/store/queue"
)

// foreign is a worker that also reads another service's notices, once fixed is set.
func foreign(fixed *bool, worked *[]string) worker.Worker {
	return worker.Worker{
		Name: "mail.receive", Queue: queue.MailReceive,
		Read: func(body string) (queue.Message, bool, error) {
			if !strings.HasPrefix(body, "{\"notice\"") {
				return queue.Message{}, false, nil
			}
			if !*fixed {
				return queue.Message{}, true, errors.New("the notice cannot be read yet")
			}
			return queue.Message{
				ID:    "from-the-notice",
				Queue: queue.MailReceive,
				Body:  json.RawMessage(body),
			}, true, nil
		},
		Handle: func(_ context.Context, message queue.Message) error {
			*worked = append(*worked, message.ID)
			return nil
		},
	}
}

func TestANoticeThatCouldNotBeReadIsParkedWithItsReasonAndReplayedAsItWas(t *testing.T) {
	w := apptest.New(t)
	fixed, worked := false, []string{}
	serve := worker.Serve(foreign(&fixed, &worked), w.DeadLetters, nil, slog.New(slog.DiscardHandler))
	record := events.SQSMessage{
		MessageId:  "0198a000-0000-7000-8000-000000000001",
		Body:       `{"notice":1}`,
		Attributes: map[string]string{"ApproximateReceiveCount": "6"},
	}
	deliver := func(record events.SQSMessage) {
		t.Helper()
		response, err := serve(t.Context(), events.SQSEvent{Records: []events.SQSMessage{record}})
		if err != nil || len(response.BatchItemFailures) > 0 {
			t.Fatalf("%v, %v", response, err)
		}
	}
	deliver(record)
	page, err := w.DeadLetters.List(t.Context(), w.Operator(), 10, "")
	if err != nil || len(page.Letters) != 1 || !strings.Contains(page.Letters[0].Reason, "cannot be read yet") {
		t.Fatalf("%+v, %v", page, err)
	}
	fixed = true
	before := len(w.Outbox())
	if err := w.DeadLetters.Replay(t.Context(), w.Operator(), page.Letters[0].ID); err != nil {
		t.Fatal(err)
	}
	again, err := worker.Record(w.Outbox()[before], 1)
	if err != nil {
		t.Fatal(err)
	}
	deliver(again)
	if len(worked) != 1 || worked[0] != "from-the-notice" {
		t.Errorf("worked on %v", worked)
	}
}

func TestADeadLetterIsTheOneOfItsOwnQueue(t *testing.T) {
	w := apptest.New(t)
	fixed, worked := true, []string{}
	workers := []worker.Worker{{Name: "mail.send", Queue: queue.MailSend}, foreign(&fixed, &worked)}
	message := queue.Message{
		ID:    "0198a000-0000-7000-8000-000000000002",
		Queue: queue.MailReceive,
		Group: "g",
		Body:  json.RawMessage(`{}`),
	}
	record, err := worker.Record(message, 8)
	if err != nil {
		t.Fatal(err)
	}
	record.EventSourceARN = "arn:aws:sqs:eu-central-1:123456789012:our-mail-send-mail-receive-dead"
	serve := worker.ServeDead(workers, w.DeadLetters, slog.New(slog.DiscardHandler))
	response, err := serve(t.Context(), events.SQSEvent{Records: []events.SQSMessage{record}})
	if err != nil || len(response.BatchItemFailures) > 0 {
		t.Fatalf("%v, %v", response, err)
	}
	page, err := w.DeadLetters.List(t.Context(), w.Operator(), 10, "")
	if want := (deadletter.Letter{ID: message.ID, Queue: queue.MailReceive}); err != nil || len(page.Letters) != 1 ||
		page.Letters[0].ID != want.ID ||
		page.Letters[0].Queue != want.Queue {
		t.Errorf("%+v, %v", page, err)
	}
}
