package worker_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"strings"
	"testing"

	"github.com/aws/aws-lambda-go/events"

	"github.com/tenantry/tenantry/functions/worker"
	"github.com/tenantry/tenantry/shared/apptest"
	"github.com/tenantry/tenantry/shared/change"
	"github.com/tenantry/tenantry/shared/deadletter"
	"github.com/tenantry/tenantry/shared/fault"
	"github.com/tenantry/tenantry/shared/store/queue"
)

// world has a worker that does what the body of a message says.
type world struct {
	*apptest.App
	t    *testing.T
	seen []string
}

func newWorld(t *testing.T) *world {
	t.Helper()
	t.Parallel()
	return &world{App: apptest.New(t), t: t}
}

func (w *world) handle(_ context.Context, message queue.Message) error {
	w.seen = append(w.seen, message.ID)
	var wish string
	if err := json.Unmarshal(message.Body, &wish); err != nil {
		return fault.Wrap(err, fault.Invalid, "The message cannot be read.")
	}
	switch wish {
	case "fail":
		return errors.New("the other side does not answer")
	case "never":
		return fmt.Errorf("look: %w", fault.New(fault.Invalid, "This will never do."))
	case "panic":
		panic("no such thing")
	}
	return nil
}

// run passes an event to the worker and returns the ids that it reports as failed.
func (w *world) run(ctx context.Context, records ...events.SQSMessage) []string {
	w.t.Helper()
	function := worker.Serve(worker.Worker{Name: "test", Queue: queue.MailSend, Handle: w.handle}, w.DeadLetters, nil, w.Log)
	response, err := function(ctx, events.SQSEvent{Records: records})
	if err != nil {
		w.t.Fatal(err)
	}
	failed := []string{}
	for _, failure := range response.BatchItemFailures {
		failed = append(failed, failure.ItemIdentifier)
	}
	return failed
}

func (w *world) record(id, wish string, receives int) events.SQSMessage {
	w.t.Helper()
	body, err := json.Marshal(wish)
	if err != nil {
		w.t.Fatal(err)
	}
	record, err := worker.Record(queue.Message{ID: id, Queue: queue.MailSend, Group: "ORG#1", Body: body}, receives)
	if err != nil {
		w.t.Fatal(err)
	}
	return record
}

func (w *world) parked() map[string]deadletter.Letter {
	w.t.Helper()
	page, err := w.DeadLetters.List(w.t.Context(), w.Operator(), 100, "")
	if err != nil {
		w.t.Fatal(err)
	}
	letters := map[string]deadletter.Letter{}
	for _, letter := range page.Letters {
		letters[letter.ID] = letter
	}
	return letters
}

func TestOfABatchOnlyTheFailedMessagesAreReported(t *testing.T) {
	w := newWorld(t)
	failed := w.run(t.Context(), w.record("1", "work", 1), w.record("2", "fail", 1), w.record("3", "never", 1),
		w.record("4", "panic", 2), w.record("5", "work", 6), w.record("6", "fail", 6), w.record("7", "panic", 6))
	if want := []string{"2", "4"}; !slices.Equal(failed, want) {
		t.Errorf("failed %v, want %v", failed, want)
	}
	if want := []string{"1", "2", "3", "4", "5", "6", "7"}; !slices.Equal(w.seen, want) {
		t.Errorf("worked on %v", w.seen)
	}
	parked := w.parked()
	for id, reason := range map[string]string{"3": "This will never do.", "6": "the other side does not answer",
		"7": "panic: no such thing"} {
		if letter := parked[id]; !strings.Contains(letter.Reason, reason) || letter.Queue != queue.MailSend ||
			letter.Group != "ORG#1" {
			t.Errorf("%s is parked as %+v", id, letter)
		}
	}
	if len(parked) != 3 || parked["6"].Receives != 6 || parked["3"].Receives != 1 ||
		string(parked["6"].Body) != `"fail"` {
		t.Errorf("parked %+v", parked)
	}
}

func TestAMessageThatFailsSixTimesBecomesADeadLetter(t *testing.T) {
	w := newWorld(t)
	for receives := 1; receives <= queue.MaxReceives; receives++ {
		failed := w.run(t.Context(), w.record("1", "fail", receives))
		if want := receives < queue.MaxReceives; (len(failed) == 1) != want || (len(w.parked()) == 0) != want {
			t.Errorf("attempt %d: failed %v, parked %v", receives, failed, w.parked())
		}
	}
}

func TestARecordThatIsNoMessageIsParkedAsItIs(t *testing.T) {
	w := newWorld(t)
	attributes := map[string]string{"ApproximateReceiveCount": "1"}
	other, err := json.Marshal(queue.Message{ID: "x", Queue: "unheard-of", Body: json.RawMessage(`"work"`)})
	if err != nil {
		t.Fatal(err)
	}
	bodies := map[string]string{
		"r-1": "not JSON",
		"r-2": `{}`,
		"r-3": `[]`,
		"r-4": "",
		"r-5": "\xff",
		"r-6": string(other),
	}
	for id, body := range bodies {
		failed := w.run(t.Context(), events.SQSMessage{MessageId: id, Body: body, Attributes: attributes})
		if len(failed) != 0 {
			t.Errorf("%q: failed %v", body, failed)
		}
	}
	if len(w.seen) != 0 {
		t.Errorf("the worker saw %v", w.seen)
	}
	parked := w.parked()
	for id, body := range bodies {
		var stored string
		letter := parked[id]
		if err := json.Unmarshal(letter.Body, &stored); err != nil || stored != strings.ToValidUTF8(body, "\ufffd") ||
			letter.Queue != queue.MailSend {
			t.Errorf("%q is kept as %+v, %v", body, letter, err)
		}
		if err := w.DeadLetters.Replay(t.Context(), w.Operator(), id); err != nil {
			t.Errorf("%q: %v", body, err)
		}
	}
	for _, message := range w.Outbox() {
		if err := w.Queues.Send(t.Context(), []queue.Message{message}); err != nil {
			t.Errorf("replayed, no queue takes it: %v", err)
		}
	}
}

func TestARecordWithoutItsCountIsTriedAgain(t *testing.T) {
	w := newWorld(t)
	record := w.record("1", "never", 1)
	record.Attributes = nil
	if failed := w.run(t.Context(), record); len(failed) != 1 {
		t.Errorf("failed %v", failed)
	}
}

func TestAMessageThatCannotBeParkedIsTriedAgain(t *testing.T) {
	w := newWorld(t)
	record := w.record("1", "never", 6)
	ctx, end := context.WithCancel(t.Context())
	end() // the table does not respond
	if failed := w.run(ctx, record); len(failed) != 1 {
		t.Errorf("failed %v", failed)
	}
	if failed := w.run(t.Context(), record); len(failed) != 0 || len(w.parked()) != 1 {
		t.Errorf("failed %v, parked %v", failed, w.parked())
	}
}

func TestWhatAWorkerChangesNamesTheRequestThatCausedIt(t *testing.T) {
	w := apptest.New(t)
	working := worker.Worker{Name: "test.work", Queue: queue.CasesJobs, Handle: func(ctx context.Context, m queue.Message) error {
		return w.Journal.Commit(ctx, change.ByPlatform(), change.Record{
			Action: "test.work", Message: "Worked", PlatformLog: true,
			Messages: []queue.Message{{Queue: queue.CasesIndex, Group: m.Group, Body: []byte(`{}`)}},
		})
	}}
	serve := worker.Serve(working, w.DeadLetters, nil, slog.New(slog.DiscardHandler))
	before := len(w.Outbox())
	for _, message := range []queue.Message{
		{ID: "m-1", Queue: queue.CasesJobs, Group: "ORG#1", Body: []byte(`{}`), Request: "r-1"},
		{ID: "m-2", Queue: queue.CasesJobs, Group: "ORG#1", Body: []byte(`{}`)}, // of nobody's request
	} {
		record, err := worker.Record(message, 1)
		if err != nil {
			t.Fatal(err)
		}
		if got, err := serve(t.Context(), events.SQSEvent{Records: []events.SQSMessage{record}}); err != nil || len(got.BatchItemFailures) > 0 {
			t.Fatalf("%+v, %v", got, err)
		}
	}
	var requests []string
	for _, message := range w.Outbox()[before:] {
		requests = append(requests, message.Request)
	}
	if want := []string{"r-1", "m-2"}; !slices.Equal(requests, want) {
		t.Errorf("the messages name %v, want %v", requests, want)
	}
}
