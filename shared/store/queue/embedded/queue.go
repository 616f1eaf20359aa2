// Package embedded keeps the message queues in the embedded database: it stores messages durably,
// hands them out in fair turns, and retries those that failed. The workers that process messages
// are elsewhere.
package embedded

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/tenantry/tenantry/shared/store/embedded"
	"github.com/tenantry/tenantry/shared/store/queue"
)

// The defaults of Options.
const (
	defaultVisibility = 60 * time.Second
	defaultPause      = time.Second
	longestPause      = 15 * time.Minute
)

// Options configures the queues.
type Options struct {
	// Now returns the current time; pauses and timeouts are kept in milliseconds.
	Now func() time.Time
	// Random returns numbers in [0, 1). Pauses are spread with them, so that messages that failed
	// together are not retried together.
	Random func() float64
	// Visibility is how long a worker may take for a message before it is handed out again; zero
	// means 60 seconds. Long holds other times for individual queues.
	Visibility time.Duration
	Long       map[string]time.Duration
	// Pause is the pause after the first failure. Each later pause is four times as long, up to 15
	// minutes. Zero means one second.
	Pause time.Duration
}

// Queues holds all queues of an installation. It implements queue.Sender.
type Queues struct {
	database *embedded.Database
	options  Options
	bells    bells

	// turns and last are used by the database's writer only.
	turns map[string]int64 // the tag of the turn that each queue has reached
	last  int64            // the last message number assigned
}

// New returns the queues in database, creating their tables if necessary. Messages that were being
// processed when the last process ended are handed out again at once; the attempt counts.
func New(ctx context.Context, database *embedded.Database, options Options) (*Queues, error) {
	if options.Now == nil || options.Random == nil {
		return nil, errors.New("queue: options without a clock or a source of random numbers")
	}
	if options.Visibility == 0 {
		options.Visibility = defaultVisibility
	}
	if options.Pause == 0 {
		options.Pause = defaultPause
	}
	queues := &Queues{database: database, options: options, turns: make(map[string]int64)}
	if err := database.Define(ctx, schema()...); err != nil {
		return nil, fmt.Errorf("queue: create the tables: %w", err)
	}
	if err := database.Write(ctx, addRequest); err != nil {
		return nil, fmt.Errorf("queue: upgrade the tables: %w", err)
	}
	if err := database.Write(ctx, queues.recover); err != nil {
		return nil, fmt.Errorf("queue: recover the messages of the last process: %w", err)
	}
	return queues, nil
}

// visibility returns the visibility timeout of a queue.
func (q *Queues) visibility(name string) time.Duration {
	if long, ok := q.options.Long[name]; ok {
		return long
	}
	return q.options.Visibility
}

// recover returns the messages that the last process left unfinished to their queues, and sets each
// queue's turn to just before its first undelivered message.
func (q *Queues) recover(tx *embedded.Tx) error {
	for _, name := range queue.Names() {
		if err := q.expire(tx, name, forever, -1, "The process ended while it worked on this message."); err != nil {
			return err
		}
		var turn int64
		if err := tx.Row(turnBeforeFirst, name).Scan(&turn); err != nil {
			return err
		}
		q.turns[name] = turn
	}
	return tx.Row(lastNumber).Scan(&q.last)
}

// Send stores messages durably; see the port. A message whose id is still known on its queue is not
// stored again.
func (q *Queues) Send(ctx context.Context, messages []queue.Message) error {
	if len(messages) == 0 {
		return nil
	}
	for _, message := range messages {
		if err := check(message); err != nil {
			return err
		}
	}
	err := q.database.Write(ctx, func(tx *embedded.Tx) error {
		for _, message := range messages {
			tag, err := q.nextTag(tx, message.Queue, message.Group)
			if err != nil {
				return err
			}
			q.last++
			state, due := waiting, int64(0)
			if message.Delay > 0 {
				state, due = delayed, q.now()+min(message.Delay, queue.MaxDelay).Milliseconds()
			}
			_, err = tx.Exec(
				storeMessage, q.last, message.Queue, message.ID, message.Group, tag, q.now(),
				notNil(message.Body), state, due, message.Request,
			)
			if err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return err
	}
	for _, message := range messages {
		q.bells.ring(message.Queue)
	}
	return nil
}

// nextTag returns the turn of a group's next message: after the group's last waiting message, and
// after the turn being served (start-time fair queuing; Goyal, Vin, Cheng, 1996, with messages of
// equal length). Messages of a group that no longer wait were served, so their tags are not above
// the queue's turn.
func (q *Queues) nextTag(tx *embedded.Tx, name, group string) (int64, error) {
	var last int64
	if err := tx.Row(lastTagOfGroup, name, group).Scan(&last); err != nil {
		return 0, err
	}
	return max(q.turns[name], last) + 1, nil
}

func check(message queue.Message) error {
	switch {
	case !slices.Contains(queue.Names(), message.Queue):
		return fmt.Errorf("queue: message %q for the unknown queue %q", message.ID, message.Queue)
	case message.ID == "":
		return fmt.Errorf("queue: message for %q without an id", message.Queue)
	case len(message.Body) > queue.MaxBody:
		return fmt.Errorf("queue: message %q has a body of %d bytes, more than %d",
			message.ID, len(message.Body), queue.MaxBody)
	}
	return nil
}

func notNil(body []byte) []byte {
	if body == nil {
		return []byte{}
	}
	return body
}

// now returns the time in milliseconds since 1970.
func (q *Queues) now() int64 { return q.options.Now().UnixMilli() }
