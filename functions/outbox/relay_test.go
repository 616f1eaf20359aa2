package outbox_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"path/filepath"
	"slices"
	"testing"

	"github.com/aws/aws-lambda-go/events"
	"pgregory.net/rapid"

	"github.com/tenantry/tenantry/functions/outbox"
	"github.com/tenantry/tenantry/shared/apptest"
	"github.com/tenantry/tenantry/shared/change"
	"github.com/tenantry/tenantry/shared/fault"
	"github.com/tenantry/tenantry/shared/store/embedded"
	"github.com/tenantry/tenantry/shared/store/queue"
	queues "github.com/tenantry/tenantry/shared/store/queue/embedded"
	"github.com/tenantry/tenantry/shared/store/table/stream"
	"github.com/tenantry/tenantry/shared/support/lists"
)

// commit puts messages into the outbox, with a change each.
func commit(t testing.TB, w *apptest.App, ids ...string) {
	t.Helper()
	for _, id := range ids {
		err := w.Journal.Commit(context.Background(), change.ByPlatform(), change.Record{
			Action:   "test.do",
			Message:  "Did it",
			Messages: []queue.Message{{ID: id, Queue: queue.MailSend, Group: "ORG#1", Body: []byte(`"` + id + `"`)}},
		})
		if err != nil {
			t.Fatal(err)
		}
	}
}

// feed returns the pending changes of the change feed as records of a stream.
func feed(t testing.TB, w *apptest.App) []events.DynamoDBEventRecord {
	t.Helper()
	changes, err := w.Store.Changes(context.Background(), apptest.FeedConsumer, 1000)
	if err != nil {
		t.Fatal(err)
	}
	var records []events.DynamoDBEventRecord
	for _, one := range changes {
		records = append(records, stream.Record(one))
	}
	return records
}

// received returns the ids of the messages on the queue, in order.
func received(t testing.TB, w *apptest.App) []string {
	t.Helper()
	ids := []string{}
	for {
		deliveries, err := w.Queues.Receive(context.Background(), queue.MailSend, 100)
		if err != nil {
			t.Fatal(err)
		}
		if len(deliveries) == 0 {
			slices.Sort(ids)
			return ids
		}
		for _, delivery := range deliveries {
			if string(delivery.Message.Body) != `"`+delivery.Message.ID+`"` {
				t.Errorf("message %+v", delivery.Message)
			}
			ids = append(ids, delivery.Message.ID)
		}
		if err := w.Queues.Delete(context.Background(), deliveries...); err != nil {
			t.Fatal(err)
		}
	}
}

func numbered(count int) []string {
	ids := make([]string, count)
	for i := range ids {
		ids[i] = fmt.Sprintf("m-%02d", i)
	}
	return ids
}

func TestEveryMessageArrivesOnceThoughEventsComeTwiceAndOutOfOrder(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		w := apptest.New(t)
		relay := outbox.Relay{Journal: w.Journal, Queues: w.Queues, Derive: lists.IndexMessage, Log: w.Log}
		ids := numbered(rapid.IntRange(1, 12).Draw(rt, "messages"))
		commit(t, w, ids...)
		records := feed(t, w)
		seed := rapid.Uint64().Draw(rt, "seed")
		random := rand.New(rand.NewPCG(seed, seed))
		events1 := slices.Concat(records, records)
		random.Shuffle(len(events1), func(i, j int) { events1[i], events1[j] = events1[j], events1[i] })
		size := rapid.IntRange(1, len(events1)).Draw(rt, "batch")
		for batch := range slices.Chunk(events1, size) {
			response, err := relay.Handle(t.Context(), events.DynamoDBEvent{Records: batch})
			if err != nil || len(response.BatchItemFailures) != 0 {
				rt.Fatalf("%+v, %v", response, err)
			}
		}
		if left := w.Outbox(); len(left) != 0 {
			rt.Fatalf("left in the outbox: %+v", left)
		}
		if got := received(t, w); !slices.Equal(got, ids) {
			rt.Fatalf("received %v, want %v", got, ids)
		}
	})
}

func TestWhatTheFeedTellsOfDeletionsIsPassedOver(t *testing.T) {
	w := apptest.New(t)
	relay := outbox.Relay{Journal: w.Journal, Queues: w.Queues, Derive: lists.IndexMessage, Log: w.Log}
	commit(t, w, "m-00")
	if _, err := relay.Handle(t.Context(), events.DynamoDBEvent{Records: feed(t, w)}); err != nil {
		t.Fatal(err)
	}
	records := feed(t, w)
	if len(records) != 2 || records[1].EventName != "REMOVE" {
		t.Fatalf("records %+v", records)
	}
	if response, err := relay.Handle(t.Context(), events.DynamoDBEvent{Records: records[1:]}); err != nil ||
		len(response.BatchItemFailures) != 0 {
		t.Errorf("%+v, %v", response, err)
	}
	if got := received(t, w); len(got) != 1 {
		t.Errorf("received %v", got)
	}
}

func TestWhileTheQueueDoesNotAnswerMessagesStayInTheOutbox(t *testing.T) {
	w := apptest.New(t)
	database, err := embedded.Open(t.Context(), filepath.Join(t.TempDir(), "queues.db"))
	if err != nil {
		t.Fatal(err)
	}
	elsewhere, err := queues.New(t.Context(), database, queues.Options{Now: w.Clock.Now, Random: rand.Float64})
	if err != nil {
		t.Fatal(err)
	}
	if err := database.Close(); err != nil {
		t.Fatal(err)
	}
	ids := numbered(3)
	commit(t, w, ids...)
	records := feed(t, w)
	response, err := outbox.Relay{
		Journal: w.Journal,
		Queues:  elsewhere,
		Derive:  lists.IndexMessage,
		Log:     w.Log,
	}.Handle(t.Context(), events.DynamoDBEvent{Records: records})
	if !fault.Is(err, fault.Unavailable) {
		t.Errorf("%+v, %v", response, err)
	}
	if left := w.Outbox(); len(left) != 3 {
		t.Errorf("left in the outbox: %+v", left)
	}
	_, err = (outbox.Relay{Journal: w.Journal, Queues: w.Queues, Derive: lists.IndexMessage,
		Log: w.Log}).Handle(t.Context(), events.DynamoDBEvent{Records: feed(t, w)})
	if err != nil {
		t.Fatal(err)
	}
	if got := received(t, w); !slices.Equal(got, ids) || len(w.Outbox()) != 0 {
		t.Errorf("received %v, left %v", got, w.Outbox())
	}
}

func TestARecordThatCannotBeReadIsReported(t *testing.T) {
	w := apptest.New(t)
	relay := outbox.Relay{Journal: w.Journal, Queues: w.Queues, Derive: lists.IndexMessage, Log: w.Log}
	_, err := relay.Handle(t.Context(),
		events.DynamoDBEvent{Records: []events.DynamoDBEventRecord{{Change: events.DynamoDBStreamRecord{SequenceNumber: "7"}}}})
	if err == nil {
		t.Error("a record without a key is accepted")
	}
}
