package embedded

import (
	"context"
	"fmt"
	"time"

	"github.com/tenantry/tenantry/shared/store/embedded"
	"github.com/tenantry/tenantry/shared/store/queue"
)

// Handle identifies one delivery of a message.
type Handle struct {
	number   int64
	receives int
}

// Delivery is a message handed out to a worker.
type Delivery struct {
	Message queue.Message
	// Receives is how often the message was handed out, this time included.
	Receives int
	Handle   Handle
}

// Receive hands out up to limit messages whose turn has come, and no message where
// none is ready; it does not wait (Wait does). Each must be given to Delete or Retry
// within the visibility time, or it is handed out again.
func (q *Queues) Receive(ctx context.Context, name string, limit int) ([]Delivery, error) {
	now := q.now()
	ready, err := q.ready(ctx, name, now)
	if err != nil || !ready {
		return nil, err
	}
	var deliveries []Delivery
	err = q.database.Write(ctx, func(tx *embedded.Tx) error {
		if err := q.wake(tx, name, now); err != nil {
			return err
		}
		if err := q.expire(tx, name, now, step, "The worker did not finish in time."); err != nil {
			return err
		}
		deliveries, err = q.take(tx, name, limit, now)
		return err
	})
	return deliveries, err
}

// ready looks, without a transaction, whether there is anything to do for the writer.
func (q *Queues) ready(ctx context.Context, name string, now int64) (bool, error) {
	var ready bool
	err := q.database.Read(ctx, func(reader *embedded.Reader) error {
		return reader.Row(lookForReady, name, now).Scan(&ready)
	})
	return ready, err
}

// step bounds how many messages one Receive brings back, so that it stays short when
// very many are due at once.
const step = 1000

// wake makes the messages whose pause is over wait for their turn again. They keep
// their tag, so they come before what was sent later.
func (q *Queues) wake(tx *embedded.Tx, name string, now int64) error {
	_, err := tx.Exec(wakeDelayed, name, now, step)
	return err
}

// expire takes back up to limit messages in flight whose time is over; those handed out too
// often become dead.
func (q *Queues) expire(tx *embedded.Tx, name string, now int64, limit int, reason string) error {
	_, err := tx.Exec(expireInFlight, name, now, queue.MaxReceives, reason, limit)
	return err
}

func (q *Queues) take(tx *embedded.Tx, name string, limit int, now int64) ([]Delivery, error) {
	var deliveries []Delivery
	turn := q.turns[name]
	err := tx.Each(nextInTurn, []any{name, limit}, func(scan func(...any) error) error {
		var tag int64
		delivery := Delivery{Message: queue.Message{Queue: name}}
		err := scan(&delivery.Handle.number, &delivery.Message.ID, &delivery.Message.Group, &tag,
			&delivery.Receives, &delivery.Message.Body)
		delivery.Receives++
		delivery.Handle.receives = delivery.Receives
		deliveries = append(deliveries, delivery)
		turn = max(turn, tag)
		return err
	})
	if err != nil {
		return nil, err
	}
	due := now + q.visibility(name).Milliseconds()
	for _, delivery := range deliveries {
		if _, err := tx.Exec(handOut, delivery.Handle.number, delivery.Receives, due); err != nil {
			return nil, err
		}
	}
	q.turns[name] = turn
	return deliveries, nil
}

// Delete says that the work on these messages is done. It does so too for a message
// that was handed out again since, or became dead: done is done.
func (q *Queues) Delete(ctx context.Context, deliveries ...Delivery) error {
	if len(deliveries) == 0 {
		return nil
	}
	return q.database.Write(ctx, func(tx *embedded.Tx) error {
		for _, delivery := range deliveries {
			if _, err := tx.Exec(deleteMessage, delivery.Handle.number); err != nil {
				return err
			}
		}
		return nil
	})
}

// Retry says that the work failed, and why. The message is handed out again after a
// pause, or becomes dead if that was the last time. It does nothing for a message
// that was handed out again since.
func (q *Queues) Retry(ctx context.Context, delivery Delivery, reason string) error {
	state, due := delayed, q.now()+q.pause(delivery.Receives).Milliseconds()
	if delivery.Receives >= queue.MaxReceives {
		state, due = dead, 0
	}
	err := q.database.Write(ctx, func(tx *embedded.Tx) error {
		_, err := tx.Exec(giveBack, delivery.Handle.number, delivery.Handle.receives, state, due, reason)
		return err
	})
	if err != nil {
		return fmt.Errorf("queue: retry message %q: %w", delivery.Message.ID, err)
	}
	q.bells.ring(delivery.Message.Queue)
	return nil
}

// pause grows fourfold with each time a message was handed out, and is spread by half
// of its length to either side.
func (q *Queues) pause(receives int) time.Duration {
	pause := q.options.Pause
	for range receives - 1 {
		pause = min(4*pause, longestPause)
	}
	return min(time.Duration(float64(pause)*(0.5+q.options.Random())), longestPause)
}
