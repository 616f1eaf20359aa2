package outbox_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-lambda-go/events"
	"pgregory.net/rapid"

	"github.com/tenantry/tenantry/functions/outbox"
	"github.com/tenantry/tenantry/shared/apptest"
	"github.com/tenantry/tenantry/shared/change"
	"github.com/tenantry/tenantry/shared/fault"
	"github.com/tenantry/tenantry/shared/store/embedded"
	"github.com/tenantry/tenantry/shared/store/queue"
	queues "github.com/tenantry/tenantry/shared/store/queue/embedded"
	"github.com/tenantry/tenantry/shared/store/table"
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
		relay := outbox.Relay{Journal: w.Journal, Queues: w.Queues, Derive: lists.IndexMessage, Parking: w.DeadLetters, Log: w.Log}
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
	relay := outbox.Relay{Journal: w.Journal, Queues: w.Queues, Derive: lists.IndexMessage, Parking: w.DeadLetters, Log: w.Log}
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
	if err != nil || len(response.BatchItemFailures) != 1 ||
		response.BatchItemFailures[0].ItemIdentifier != records[0].Change.SequenceNumber {
		t.Errorf("%+v, %v, want the first record to come again", response, err)
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

func TestARecordThatCannotBeReadHoldsNoOtherUp(t *testing.T) {
	w := apptest.New(t)
	relay := outbox.Relay{Journal: w.Journal, Queues: w.Queues, Derive: lists.IndexMessage, Parking: w.DeadLetters, Log: w.Log}
	commit(t, w, "m-00")
	records := slices.Concat(
		[]events.DynamoDBEventRecord{{Change: events.DynamoDBStreamRecord{SequenceNumber: "7"}}}, feed(t, w),
	)
	response, err := relay.Handle(t.Context(), events.DynamoDBEvent{Records: records})
	if err != nil || len(response.BatchItemFailures) != 0 {
		t.Errorf("%+v, %v", response, err)
	}
	if got := received(t, w); !slices.Equal(got, []string{"m-00"}) {
		t.Errorf("received %v", got)
	}
}

func TestAPanicOfOneRecordHoldsNoOtherUp(t *testing.T) {
	w := apptest.New(t)
	relay := outbox.Relay{Journal: w.Journal, Queues: w.Queues, Parking: w.DeadLetters, Log: w.Log,
		Derive: func(table.Change) (queue.Message, bool, error) { panic("a case that nobody expected") }}
	item := table.Item{Key: table.Key{Partition: "ORG#1#CASE#2", Sort: "CASE"}, Data: []byte(`{}`)}
	if err := w.Store.Transact(t.Context(), []table.Write{table.Create(item)}); err != nil {
		t.Fatal(err)
	}
	commit(t, w, "m-00")
	if _, err := relay.Handle(t.Context(), events.DynamoDBEvent{Records: feed(t, w)}); err != nil {
		t.Fatal(err)
	}
	if got := received(t, w); !slices.Equal(got, []string{"m-00"}) {
		t.Errorf("received %v", got)
	}
}

// TestWhatNoQueueTakesBecomesADeadLetter moves what a later release may have written, and what
// nobody can read, by the relay and by the sweep.
func TestWhatNoQueueTakesBecomesADeadLetter(t *testing.T) {
	for way, move := range map[string]func(relay outbox.Relay, w *apptest.App) error{
		"relay": func(relay outbox.Relay, w *apptest.App) error {
			for range 2 { // the event comes twice
				if _, err := relay.Handle(t.Context(), events.DynamoDBEvent{Records: feed(t, w)}); err != nil {
					return err
				}
			}
			return nil
		},
		"sweep": func(relay outbox.Relay, w *apptest.App) error {
			w.Clock.Pass(10 * time.Minute)
			_, err := relay.Sweep(t.Context())
			return err
		},
	} {
		t.Run(way, func(t *testing.T) {
			w := apptest.New(t)
			relay := outbox.Relay{
				Journal: w.Journal, Queues: w.Queues, Derive: lists.IndexMessage, Parking: w.DeadLetters, Log: w.Log,
			}
			commit(t, w, "m-00")
			for sort, data := range map[string]string{
				"0000000000000001#m-99":    `{"id":"m-99","queue":"devices","group":"ORG#1","body":{"a":1}}`,
				"0000000000000001#broken":  `"no message"`,
				"0000000000000001#nothing": `{}`,
			} {
				item := table.Item{Key: table.Key{Partition: "OUTBOX#9", Sort: sort}, Data: []byte(data)}
				if err := w.Store.Transact(t.Context(), []table.Write{table.Create(item)}); err != nil {
					t.Fatal(err)
				}
			}
			if err := move(relay, w); err != nil {
				t.Fatal(err)
			}
			if got := received(t, w); !slices.Equal(got, []string{"m-00"}) || len(w.Outbox()) != 0 {
				t.Errorf("received %v, left %v", got, w.Outbox())
			}
			page, err := w.DeadLetters.List(t.Context(), w.Operator(), 10, "")
			if err != nil || len(page.Letters) != 3 {
				t.Fatalf("dead letters %+v, %v", page.Letters, err)
			}
			for _, letter := range page.Letters {
				if letter.Queue == "devices" && (letter.ID != "m-99" || !strings.Contains(letter.Reason, "does not know the queue")) {
					t.Errorf("%+v", letter)
				}
				w.Wants(fault.Conflict, w.DeadLetters.Replay(t.Context(), w.Operator(), letter.ID))
			}
		})
	}
}
