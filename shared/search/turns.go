package search

import (
	"context"
	"sync"
)

// turns queues the changes of each space within this process, so that they do not conflict in the
// table. Changes of different spaces never wait for one another. It is safe for concurrent use.
type turns struct {
	mutex  sync.Mutex
	spaces map[string]*turn // those that somebody holds or waits for
}

// turn is held by the change that is in its channel.
type turn struct {
	held  chan struct{}
	users int // changes that hold it or wait for it
}

func newTurns() *turns { return &turns{spaces: map[string]*turn{}} }

// wait waits for the turn of the space and returns the function that ends it.
func (t *turns) wait(ctx context.Context, space string) (func(), error) {
	t.mutex.Lock()
	mine := t.spaces[space]
	if mine == nil {
		mine = &turn{held: make(chan struct{}, 1)}
		t.spaces[space] = mine
	}
	mine.users++
	t.mutex.Unlock()
	leave := func() {
		t.mutex.Lock()
		defer t.mutex.Unlock()
		if mine.users--; mine.users == 0 {
			delete(t.spaces, space)
		}
	}
	select {
	case mine.held <- struct{}{}:
		return func() { <-mine.held; leave() }, nil
	case <-ctx.Done():
		leave()
		return nil, ctx.Err()
	}
}
