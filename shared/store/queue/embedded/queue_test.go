package embedded_test

import (
	"context"
	"fmt"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	engine "github.com/tenantry/tenantry/shared/store/embedded"
	"github.com/tenantry/tenantry/shared/store/queue"
	"github.com/tenantry/tenantry/shared/store/queue/embedded"
)

// clock stands still until it is advanced.
type clock struct {
	guard sync.Mutex
	time  time.Time
}

func (c *clock) now() time.Time {
	c.guard.Lock()
	defer c.guard.Unlock()
	return c.time
}

func (c *clock) advance(by time.Duration) {
	c.guard.Lock()
	defer c.guard.Unlock()
	c.time = c.time.Add(by)
}

func newClock() *clock { return &clock{time: time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)} }

func middle() float64 { return 0.5 }

type fixture struct {
	*testing.T
	*embedded.Queues
	clock    *clock
	database *engine.Database
	path     string
}

func newFixture(t *testing.T) *fixture {
	f := &fixture{T: t, clock: newClock(), path: filepath.Join(t.TempDir(), "test.db")}
	f.open()
	return f
}

func (f *fixture) open() {
	f.Helper()
	var err error
	if f.database, err = engine.Open(f.Context(), f.path); err != nil {
		f.Fatal(err)
	}
	database := f.database
	f.Cleanup(func() { _ = database.Close() })
	if f.Queues, err = embedded.New(f.Context(), f.database,
		embedded.Options{Now: f.clock.now, Random: middle}); err != nil {
		f.Fatal(err)
	}
}

// restart closes the database and opens it again, as a new process would.
func (f *fixture) restart() {
	f.Helper()
	if err := f.database.Close(); err != nil {
		f.Fatal(err)
	}
	f.open()
}

func message(group string, number int) queue.Message {
	return queue.Message{
		ID:    fmt.Sprintf("%s%d", group, number),
		Queue: queue.MailSend,
		Group: group,
		Body:  []byte(`{}`),
	}
}

func (f *fixture) send(messages ...queue.Message) {
	f.Helper()
	if err := f.Send(f.Context(), messages); err != nil {
		f.Fatal(err)
	}
}

func (f *fixture) receive(limit int) []embedded.Delivery {
	f.Helper()
	deliveries, err := f.Receive(f.Context(), queue.MailSend, limit)
	if err != nil {
		f.Fatal(err)
	}
	return deliveries
}

// wantReceived receives messages and compares their ids and receive counts, as in "a1×1".
func (f *fixture) wantReceived(limit int, want ...string) []embedded.Delivery {
	f.Helper()
	deliveries := f.receive(limit)
	var got []string
	for _, delivery := range deliveries {
		got = append(got, fmt.Sprintf("%s×%d", delivery.Message.ID, delivery.Receives))
	}
	if diff := cmp.Diff(want, got, cmpopts.EquateEmpty()); diff != "" {
		f.Errorf("received (-want +got):\n%s", diff)
	}
	return deliveries
}

func (f *fixture) wantDepth(want embedded.Depth) {
	f.Helper()
	got, err := f.Depth(f.Context(), queue.MailSend)
	if err != nil {
		f.Fatal(err)
	}
	if diff := cmp.Diff(want, got); diff != "" {
		f.Errorf("depth (-want +got):\n%s", diff)
	}
}

func (f *fixture) delete(deliveries ...embedded.Delivery) {
	f.Helper()
	if err := f.Delete(f.Context(), deliveries...); err != nil {
		f.Fatal(err)
	}
}

func (f *fixture) retry(delivery embedded.Delivery, reason string) {
	f.Helper()
	if err := f.Retry(f.Context(), delivery, reason); err != nil {
		f.Fatal(err)
	}
}

func TestAMessageIsHandedOutOnceAndGoneAfterDelete(t *testing.T) {
	f := newFixture(t)
	want := message("a", 1)
	want.Body = []byte(`{"text":"é"}`)
	f.send(want)
	deliveries := f.wantReceived(10, "a1×1")
	if diff := cmp.Diff(want, deliveries[0].Message); diff != "" {
		t.Errorf("message (-sent +received):\n%s", diff)
	}
	f.wantReceived(10)
	f.wantDepth(embedded.Depth{InFlight: 1})
	f.delete(deliveries...)
	f.wantDepth(embedded.Depth{})
	f.clock.advance(time.Hour)
	f.wantReceived(10)
}

func TestQueuesAreApart(t *testing.T) {
	f := newFixture(t)
	other := message("a", 1)
	other.Queue = queue.MailReceive
	f.send(message("a", 1), other)
	f.wantReceived(10, "a1×1")
	deliveries, err := f.Receive(t.Context(), queue.MailReceive, 10)
	if err != nil || len(deliveries) != 1 {
		t.Errorf("%v (%v)", deliveries, err)
	}
}

func TestAMessageSentAgainWhileKnownIsStoredOnce(t *testing.T) {
	f := newFixture(t)
	f.send(message("a", 1), message("a", 1))
	f.send(message("a", 1))
	deliveries := f.wantReceived(10, "a1×1")
	f.send(message("a", 1)) // in flight
	f.retry(deliveries[0], "failed")
	f.send(message("a", 1)) // delayed
	f.wantDepth(embedded.Depth{Delayed: 1})
	f.clock.advance(time.Minute)
	f.delete(f.wantReceived(10, "a1×2")...)
	f.send(message("a", 1)) // deleted
	f.wantReceived(10, "a1×1")
}

func TestAMessageThatBreaksARuleIsRefusedWithAllSentTogether(t *testing.T) {
	f := newFixture(t)
	unknown, anonymous, large := message("a", 1), message("a", 2), message("a", 3)
	unknown.Queue, anonymous.ID, large.Body = "unknown", "", make([]byte, queue.MaxBody+1)
	for _, wrong := range []queue.Message{unknown, anonymous, large} {
		if err := f.Send(t.Context(), []queue.Message{message("b", 1), wrong}); err == nil {
			t.Errorf("sent %q", wrong.ID)
		}
	}
	f.wantDepth(embedded.Depth{})
}

func TestGroupsTakeTurns(t *testing.T) {
	f := newFixture(t)
	for i := range 1000 {
		f.send(message("a", i))
	}
	f.wantReceived(2, "a0×1", "a1×1")
	f.send(message("b", 0), message("b", 1), message("b", 2), message("c", 0))
	f.wantReceived(9, "a2×1", "b0×1", "c0×1", "a3×1", "b1×1", "a4×1", "b2×1", "a5×1", "a6×1")
	// A group gets no credit for the time in which it was idle.
	f.send(message("b", 3), message("b", 4))
	f.wantReceived(4, "a7×1", "b3×1", "a8×1", "b4×1")
}

func TestTurnsGoOnAfterARestart(t *testing.T) {
	f := newFixture(t)
	for i := range 100 {
		f.send(message("a", i))
	}
	f.delete(f.receive(50)...)
	f.restart()
	f.send(message("b", 0), message("b", 1))
	f.wantReceived(4, "a50×1", "b0×1", "a51×1", "b1×1")
}

func TestAMessageNotDeletedInTimeIsHandedOutAgain(t *testing.T) {
	f := newFixture(t)
	f.send(message("a", 1))
	late := f.wantReceived(1, "a1×1")[0]
	f.clock.advance(59 * time.Second)
	f.wantReceived(1)
	f.clock.advance(time.Second)
	again := f.wantReceived(1, "a1×2")[0]
	f.retry(late, "too late to say so")
	f.wantDepth(embedded.Depth{InFlight: 1})
	f.delete(late) // the message was already deleted
	f.wantDepth(embedded.Depth{})
	f.retry(again, "there is nothing to retry")
	f.wantDepth(embedded.Depth{})
}

func TestPausesGrowFourfoldAndTheSixthFailureMakesADeadLetter(t *testing.T) {
	f := newFixture(t)
	f.send(message("a", 1))
	for i, pause := range []time.Duration{1, 4, 16, 64, 256} {
		delivery := f.wantReceived(1, fmt.Sprintf("a1×%d", i+1))[0]
		f.retry(delivery, fmt.Sprint("failure ", i+1))
		f.wantDepth(embedded.Depth{Delayed: 1})
		f.clock.advance(pause*time.Second - time.Millisecond)
		f.wantReceived(1)
		f.clock.advance(time.Millisecond)
	}
	f.retry(f.wantReceived(1, "a1×6")[0], "failure 6")
	f.wantDepth(embedded.Depth{Dead: 1})
	letters, err := f.Dead(t.Context(), queue.MailSend, 10, 0)
	if err != nil {
		t.Fatal(err)
	}
	want := []embedded.DeadLetter{{Message: message("a", 1), Receives: 6, Reason: "failure 6", Sent: newClock().time}}
	if diff := cmp.Diff(want, letters, cmpopts.IgnoreFields(embedded.DeadLetter{}, "Number")); diff != "" {
		t.Errorf("dead letters (-want +got):\n%s", diff)
	}
}

func TestPausesAreSpreadByHalfAndNeverLongerThanFifteenMinutes(t *testing.T) {
	for _, test := range []struct {
		random      float64
		base        time.Duration
		first, last time.Duration
	}{
		{0, time.Second, 500 * time.Millisecond, 128 * time.Second},
		{0.999999, time.Second, 1500 * time.Millisecond, 384 * time.Second},
		{0.5, 10 * time.Minute, 10 * time.Minute, 15 * time.Minute},
		{0.999999, 15 * time.Minute, 15 * time.Minute, 15 * time.Minute},
	} {
		f := newFixture(t)
		options := embedded.Options{Now: f.clock.now, Random: func() float64 { return test.random }, Pause: test.base}
		var err error
		if f.Queues, err = embedded.New(t.Context(), f.database, options); err != nil {
			t.Fatal(err)
		}
		f.send(message("a", 1))
		for receives := 1; receives <= 5; receives++ {
			f.retry(f.wantReceived(1, fmt.Sprintf("a1×%d", receives))[0], "failed")
			pause := time.Hour
			switch receives {
			case 1:
				pause = test.first
			case 5:
				pause = test.last
			}
			f.clock.advance(pause - 2*time.Millisecond)
			if receives == 1 || receives == 5 {
				f.wantReceived(1)
			}
			f.clock.advance(2 * time.Millisecond)
		}
		f.wantReceived(1, "a1×6")
	}
}

func TestAMessageWhoseWorkersNeverFinishBecomesADeadLetter(t *testing.T) {
	f := newFixture(t)
	f.send(message("a", 1))
	for i := range queue.MaxReceives {
		f.wantReceived(1, fmt.Sprintf("a1×%d", i+1))
		f.clock.advance(time.Minute)
	}
	f.wantReceived(1)
	f.wantDepth(embedded.Depth{Dead: 1})
	letters, err := f.Dead(t.Context(), queue.MailSend, 10, 0)
	if err != nil || len(letters) != 1 || !strings.Contains(letters[0].Reason, "in time") {
		t.Errorf("%+v (%v)", letters, err)
	}
}

func TestMessagesInFlightComeBackAtOnceWhenTheProcessStartsAgain(t *testing.T) {
	f := newFixture(t)
	f.send(message("a", 1), message("a", 2), message("a", 3))
	f.retry(f.wantReceived(1, "a1×1")[0], "failed")
	f.wantReceived(1, "a2×1")
	f.restart()
	f.wantDepth(embedded.Depth{Waiting: 2, Delayed: 1})
	f.wantReceived(10, "a2×2", "a3×1")
	for range queue.MaxReceives - 2 {
		f.restart()
		f.receive(10)
	}
	f.restart() // a2 was handed out six times
	f.wantDepth(embedded.Depth{Waiting: 1, Delayed: 1, Dead: 1})
}

func TestDeadLettersAreListedAndTaken(t *testing.T) {
	f := newFixture(t)
	for i := range 4 {
		f.send(message("a", i))
	}
	for range queue.MaxReceives {
		for _, delivery := range f.receive(10) {
			f.retry(delivery, "failed")
		}
		f.clock.advance(time.Hour)
	}
	f.wantDepth(embedded.Depth{Dead: 4})

	var listed []string
	after := int64(0)
	for {
		letters, err := f.Dead(t.Context(), queue.MailSend, 3, after)
		if err != nil {
			t.Fatal(err)
		}
		if len(letters) == 0 {
			break
		}
		for _, letter := range letters {
			listed, after = append(listed, letter.Message.ID), letter.Number
		}
	}
	if diff := cmp.Diff([]string{"a0", "a1", "a2", "a3"}, listed); diff != "" {
		t.Error(diff)
	}

	removed, err := f.TakeDead(t.Context(), queue.MailSend, "a1", "unknown", "a1")
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]queue.Message{message("a", 1)}, removed); diff != "" {
		t.Error(diff)
	}
	f.wantDepth(embedded.Depth{Dead: 3})
}

func TestWaitEndsWithASendAndWithTheEndOfAPause(t *testing.T) {
	f := newFixture(t)
	wait := func(ctx context.Context, longest time.Duration) (time.Duration, error) {
		start := time.Now()
		err := f.Wait(ctx, queue.MailSend, longest)
		return time.Since(start), err
	}
	if took, err := wait(t.Context(), 20*time.Millisecond); err != nil || took < 20*time.Millisecond {
		t.Errorf("an empty queue: %v (%v)", took, err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Millisecond)
	defer cancel()
	if _, err := wait(ctx, time.Hour); err == nil {
		t.Error("Wait went on after the context ended")
	}
	go func() {
		time.Sleep(20 * time.Millisecond)
		f.send(message("a", 1))
	}()
	if took, err := wait(t.Context(), time.Hour); err != nil || took > 10*time.Second {
		t.Errorf("a send: %v (%v)", took, err)
	}
	if _, err := wait(t.Context(), time.Hour); err != nil {
		t.Errorf("a waiting message: %v", err)
	}
	delivery := f.wantReceived(1, "a1×1")[0]
	f.retry(delivery, "failed")
	f.clock.advance(970 * time.Millisecond)
	if took, err := wait(t.Context(), time.Hour); err != nil || took > 10*time.Second {
		t.Errorf("a pause: %v (%v)", took, err)
	}
}

func TestConcurrentSendersAndWorkersLoseNothingAndDoNothingTwice(t *testing.T) {
	f := newFixture(t)
	const senders, each, workers = 8, 50, 4
	var all sync.WaitGroup
	for sender := range senders {
		all.Go(func() {
			for i := range each {
				f.send(message("a", sender*each+i))
			}
		})
	}
	var guard sync.Mutex
	done := make(map[string]int)
	for range workers {
		all.Go(func() {
			for {
				deliveries, err := f.Receive(t.Context(), queue.MailSend, 5)
				if err != nil {
					t.Error(err)
					return
				}
				guard.Lock()
				finished := len(done) == senders*each
				for _, delivery := range deliveries {
					done[delivery.Message.ID]++
				}
				guard.Unlock()
				if finished {
					return
				}
				f.delete(deliveries...)
			}
		})
	}
	all.Wait()
	for id, times := range done {
		if times != 1 {
			t.Errorf("%s was handed out %d times", id, times)
		}
	}
	f.wantDepth(embedded.Depth{})
}
