package worker_test

import (
	"context"
	"slices"
	"testing"
	"time"

	"github.com/aws/aws-lambda-go/events"

	"github.com/tenantry/tenantry/functions/worker"
	"github.com/tenantry/tenantry/shared/store/queue"
)

// pauses records how long the delivery of each message was postponed.
type pauses map[string]time.Duration

func (p pauses) Postpone(_ context.Context, name, receipt string, pause time.Duration) error {
	p[name+" "+receipt] = pause
	return nil
}

func TestThePauseGrowsWithTheAttempts(t *testing.T) {
	w := newWorld(t)
	got := pauses{}
	serve := worker.Serve(worker.Worker{Name: "test", Queue: queue.MailSend, Handle: w.handle}, w.DeadLetters, got, w.Log)
	var records []events.SQSMessage
	for i, receipt := range []string{"a", "b", "c", "d", "e"} {
		record := w.record(receipt, "fail", i+1)
		record.ReceiptHandle = receipt
		records = append(records, record)
	}
	good := w.record("good", "work", 1)
	good.ReceiptHandle = "good"
	if _, err := serve(t.Context(), events.SQSEvent{Records: append(records, good)}); err != nil {
		t.Fatal(err)
	}
	last := time.Duration(0)
	for _, receipt := range []string{"a", "b", "c", "d", "e"} {
		pause := got[queue.MailSend+" "+receipt]
		if pause <= last || pause > 10*time.Minute {
			t.Errorf("attempt %s is postponed by %v, after %v before", receipt, pause, last)
		}
		last = pause
	}
	if len(got) != 5 || got[queue.MailSend+" a"] != time.Second {
		t.Errorf("postponed %v", got)
	}
}

func TestASlowMessageFailsAloneAndInTime(t *testing.T) {
	w := newWorld(t)
	got := pauses{}
	handle := func(ctx context.Context, message queue.Message) error {
		if message.ID == "slow" {
			<-ctx.Done()
			return ctx.Err()
		}
		return w.handle(ctx, message)
	}
	const limit = 2 * time.Second
	serve := worker.Serve(
		worker.Worker{Name: "test", Queue: queue.MailSend, Handle: handle, Timeout: limit}, w.DeadLetters, got, w.Log,
	)
	ctx, cancel := context.WithTimeout(t.Context(), limit)
	defer cancel()
	records := []events.SQSMessage{w.record("before", "work", 1), w.record("slow", "work", 3), w.record("after", "work", 1)}
	for i := range records {
		records[i].ReceiptHandle = records[i].MessageId
	}
	response, err := serve(ctx, events.SQSEvent{Records: records})
	if err != nil || ctx.Err() != nil {
		t.Fatalf("%v; the function's own time is over: %v", err, ctx.Err())
	}
	var failed []string
	for _, failure := range response.BatchItemFailures {
		failed = append(failed, failure.ItemIdentifier)
	}
	if !slices.Equal(failed, []string{"slow", "after"}) || !slices.Equal(w.seen, []string{"before"}) {
		t.Errorf("failed %v, worked on %v", failed, w.seen)
	}
	if got[queue.MailSend+" after"] != time.Second || got[queue.MailSend+" slow"] != 30*time.Second {
		t.Errorf("postponed %v", got)
	}
}
