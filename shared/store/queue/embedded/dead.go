package embedded

import (
	"context"
	"time"

	"github.com/tenantry/tenantry/shared/store/embedded"
	"github.com/tenantry/tenantry/shared/store/queue"
)

// Depth is the number of messages of a queue in each state.
type Depth struct {
	Waiting  int // waiting for a worker
	Delayed  int // sent with a delay, or paused after a failure
	InFlight int // being processed
	Dead     int // failed too often
}

// Depth counts a queue's messages.
func (q *Queues) Depth(ctx context.Context, name string) (Depth, error) {
	var depth Depth
	err := q.database.Read(ctx, func(reader *embedded.Reader) error {
		return reader.Row(countByState, name).Scan(&depth.Waiting, &depth.Delayed, &depth.InFlight, &depth.Dead)
	})
	return depth, err
}

// DeadLetter is a message that failed too often.
type DeadLetter struct {
	Message queue.Message
	// Number orders the dead letters of a queue by when they were sent.
	Number   int64
	Receives int
	// Reason says why the last attempt failed.
	Reason string
	Sent   time.Time
}

// Dead lists up to limit dead letters of a queue, starting after the given number (0 for the
// beginning).
func (q *Queues) Dead(ctx context.Context, name string, limit int, after int64) ([]DeadLetter, error) {
	var letters []DeadLetter
	err := q.database.Read(ctx, func(reader *embedded.Reader) error {
		return reader.Each(listDead, []any{name, limit, after}, func(scan func(...any) error) error {
			letter := DeadLetter{Message: queue.Message{Queue: name}}
			var sent int64
			err := scan(&letter.Number, &letter.Message.ID, &letter.Message.Group,
				&letter.Receives, &letter.Reason, &sent, &letter.Message.Body, &letter.Message.Request)
			letter.Sent = time.UnixMilli(sent).UTC()
			letters = append(letters, letter)
			return err
		})
	})
	return letters, err
}

// TakeDead removes dead letters of a queue by their ids and returns those that it removed. Ids that
// are not those of dead letters are ignored.
func (q *Queues) TakeDead(ctx context.Context, name string, ids ...string) ([]queue.Message, error) {
	var removed []queue.Message
	err := q.database.Write(ctx, func(tx *embedded.Tx) error {
		for _, id := range ids {
			err := tx.Each(takeDead, []any{name, id}, func(scan func(...any) error) error {
				message := queue.Message{Queue: name}
				err := scan(&message.ID, &message.Group, &message.Body, &message.Request)
				removed = append(removed, message)
				return err
			})
			if err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	return removed, nil
}
