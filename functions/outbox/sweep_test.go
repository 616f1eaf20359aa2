package outbox_test

import (
	"testing"
	"time"

	"github.com/aws/aws-lambda-go/events"

	"github.com/tenantry/tenantry/functions/outbox"
	"github.com/tenantry/tenantry/shared/apptest"
	"github.com/tenantry/tenantry/shared/store/table"
	"github.com/tenantry/tenantry/shared/support/lists"
)

func TestOneMessageThatCannotBeMovedHoldsNoOtherUp(t *testing.T) {
	w := apptest.New(t)
	commit(t, w, "m-00")
	commit(t, w, "m-10")
	// Between the two, the same partition of the outbox holds an item that cannot be read.
	if err := w.Store.Transact(t.Context(), []table.Write{table.Create(table.Item{
		Key: table.Key{Partition: "OUTBOX#0", Sort: "0000000000000001#broken"}, Data: []byte(`"no message"`),
	})}); err != nil {
		t.Fatal(err)
	}
	relay := outbox.Relay{Journal: w.Journal, Queues: w.Queues, Derive: lists.IndexMessage, Parking: w.DeadLetters, Log: w.Log}
	if _, err := relay.Handle(t.Context(), events.DynamoDBEvent{Records: feed(t, w)}); err != nil ||
		len(received(t, w)) != 2 {
		t.Errorf("the relay: %v", err)
	}
	commit(t, w, "m-20")
	w.Clock.Pass(10 * time.Minute)
	moved, err := relay.Sweep(t.Context())
	if err != nil || moved != 1 || len(received(t, w)) != 1 {
		t.Errorf("the sweep: %d moved, %v", moved, err)
	}
}
