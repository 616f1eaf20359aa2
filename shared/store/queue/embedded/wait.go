package embedded

import (
	"context"
	"sync"
	"time"

	"github.com/tenantry/tenantry/shared/store/embedded"
)

// Wait returns when a message of the queue may be ready for Receive: because one is waiting, one
// was just sent, or a pause or a visibility timeout has ended. It returns after longest at the
// latest, or with the context's error.
func (q *Queues) Wait(ctx context.Context, name string, longest time.Duration) error {
	rung := q.bells.listen(name) // before looking, so that no ring is missed
	now := q.now()
	ready, err := q.ready(ctx, name, now)
	if err != nil || ready {
		return err
	}
	due, err := q.nextDue(ctx, name)
	if err != nil {
		return err
	}
	pause := longest
	if due != forever {
		pause = min(longest, time.Duration(due-now)*time.Millisecond)
	}
	timer := time.NewTimer(max(pause, 0))
	defer timer.Stop()
	select {
	case <-rung:
		return nil
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// nextDue returns when the next pause or visibility timeout ends, or forever if there is none.
func (q *Queues) nextDue(ctx context.Context, name string) (int64, error) {
	var due int64
	err := q.database.Read(ctx, func(reader *embedded.Reader) error {
		return reader.Row(nextDueTime, name, int64(forever)).Scan(&due)
	})
	return due, err
}

// bells wakes everybody who waits on a queue.
type bells struct {
	guard  sync.Mutex
	queues map[string]chan struct{}
}

// listen returns a channel that is closed at the next ring.
func (b *bells) listen(name string) <-chan struct{} {
	b.guard.Lock()
	defer b.guard.Unlock()
	if b.queues == nil {
		b.queues = make(map[string]chan struct{})
	}
	if b.queues[name] == nil {
		b.queues[name] = make(chan struct{})
	}
	return b.queues[name]
}

func (b *bells) ring(name string) {
	b.guard.Lock()
	defer b.guard.Unlock()
	if b.queues[name] != nil {
		close(b.queues[name])
		delete(b.queues, name)
	}
}
