// Package embedded keeps the message queues in the embedded database: it takes
// messages durably, hands them out in fair turns, and repeats those that failed. What
// a message means, and the workers that act on it, are elsewhere.
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

// The pauses and limits where Options name no others.
const (
	defaultVisibility = 60 * time.Second
	defaultPause      = time.Second
	longestPause      = 15 * time.Minute
)

// Options says how the queues work.
type Options struct {
	// Now tells the time; pauses and time limits are kept in milliseconds of it.
	Now func() time.Time
	// Random returns numbers from 0 to 1 (exclusive), by which pauses are spread, so that messages
	// that failed together do not come back together.
	Random func() float64
	// Visibility is how long a worker has for a message before it is handed out
	// again; zero means 60 seconds. Long are the queues whose workers need another time.
	Visibility time.Duration
	Long       map[string]time.Duration
	// Pause is the pause after the first failure; each one after is four times as
	// long, up to 15 minutes. Zero means one second.
	Pause time.Duration
}

// Queues are all queues of an installation. It implements queue.Sender.
type Queues struct {
	database *embedded.Database
	options  Options
	bells    bells

	// turns and last are touched by the database's writer only.
	turns map[string]int64 // the tag of the turn that each queue has come to
	last  int64            // the last message number given
}

// New returns the queues on database, creating their tables where they do not exist. Messages that
// were being worked on when the last process ended are handed out again at once; the attempt
// counts.
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
	if err := database.Write(ctx, queues.recover); err != nil {
		return nil, fmt.Errorf("queue: recover the messages of the last process: %w", err)
	}
	return queues, nil
}

// visibility is how long a worker of a queue has for a message.
func (q *Queues) visibility(name string) time.Duration {
	if long, ok := q.options.Long[name]; ok {
		return long
	}
	return q.options.Visibility
}

// recover requeues what the last process left unfinished, and sets each queue's turn to just before
// its first undelivered message.
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

// Send stores messages durably, as the port says. A message whose id is still known
// on its queue is not stored a second time.
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
				notNil(message.Body), state, due,
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

// nextTag returns the turn of a group's next message: behind the group's last one that waits, and
// behind the turn that is being served (start-time fair queuing; Goyal, Vin, Cheng, 1996, with
// messages of equal length). Messages of a group that no longer wait were served, so their tags are
// not above the queue's turn.
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
		return fmt.Errorf(
			"queue: message %q has a body of %d bytes, more than %d",
			message.ID,
			len(message.Body),
			queue.MaxBody,
		)
	}
	return nil
}

func notNil(body []byte) []byte {
	if body == nil {
		return []byte{}
	}
	return body
}

// now is the time in milliseconds since 1970.
func (q *Queues) now() int64 { return q.options.Now().UnixMilli() }
