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
	// Receives is how often the message was handed out, including this time.
	Receives int
	Handle   Handle
}

// Receive hands out up to limit messages whose turn has come, or none if none is ready; to wait for
// one, use Wait. Pass each message to Delete or Retry within the visibility timeout, or it is
// handed out again.
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

// ready checks, without a transaction, whether there is anything for the writer to do.
func (q *Queues) ready(ctx context.Context, name string, now int64) (bool, error) {
	var ready bool
	err := q.database.Read(ctx, func(reader *embedded.Reader) error {
		return reader.Row(lookForReady, name, now).Scan(&ready)
	})
	return ready, err
}

// step limits how many due messages one Receive returns to the queue, so that it stays short when
// very many are due at once.
const step = 1000

// wake returns messages whose pause has ended to the queue. They keep their tag, so they come
// before messages that were sent later.
func (q *Queues) wake(tx *embedded.Tx, name string, now int64) error {
	_, err := tx.Exec(wakeDelayed, name, now, step)
	return err
}

// expire returns up to limit messages whose visibility timeout has ended to the queue; those handed
// out too often become dead letters.
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
			&delivery.Receives, &delivery.Message.Body, &delivery.Message.Request)
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

// Delete acknowledges messages. It also deletes a message that was handed out again meanwhile or
// became a dead letter, because its work is done.
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

// Retry records that processing failed, and why. The message is handed out again after a pause, or
// becomes a dead letter if this was the last attempt. Retry does nothing for a message that was
// handed out again meanwhile.
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

// pause returns a pause that grows fourfold with each delivery, spread by half of its length in
// either direction.
func (q *Queues) pause(receives int) time.Duration {
	pause := q.options.Pause
	for range receives - 1 {
		pause = min(4*pause, longestPause)
	}
	return min(time.Duration(float64(pause)*(0.5+q.options.Random())), longestPause)
}
