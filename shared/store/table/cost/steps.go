package cost

import (
	"context"
	"strings"
	"sync"
	"time"

	"github.com/tenantry/tenantry/shared/store/table"
)

// Steps is a store that measures how many round trips follow one another: each request is one step
// later than the last step that had ended when it began. It also counts the messages put into the
// outbox. It is safe for concurrent use.
//
// Each request takes a round trip longer, so that concurrent ones overlap. On a busy machine they may
// still seem to follow one another: measure again with a longer round trip then.
type Steps struct {
	table.Store
	mutex     sync.Mutex
	roundTrip time.Duration
	ended     int
	messages  int
}

// MeasureSteps returns a store that measures the steps in front of another. It adds nothing to the
// requests before the first call of Reset.
func MeasureSteps(store table.Store) *Steps { return &Steps{Store: store} }

// Taken returns how many steps were taken, and how many messages were put into the outbox, since
// the last reset.
func (s *Steps) Taken() (steps, messages int) {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	return s.ended, s.messages
}

// Reset sets both to zero, and says how much longer each request takes from now on.
func (s *Steps) Reset(roundTrip time.Duration) {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	s.ended, s.messages, s.roundTrip = 0, 0, roundTrip
}

// step begins a request and returns the function that ends it.
func (s *Steps) step() func() {
	s.mutex.Lock()
	mine, roundTrip := s.ended+1, s.roundTrip
	s.mutex.Unlock()
	time.Sleep(roundTrip)
	return func() {
		s.mutex.Lock()
		defer s.mutex.Unlock()
		s.ended = max(s.ended, mine)
	}
}

// Get reads one item, in one step.
func (s *Steps) Get(ctx context.Context, key table.Key) (table.Item, error) {
	defer s.step()()
	return s.Store.Get(ctx, key)
}

// BatchGet reads many items, in one step.
func (s *Steps) BatchGet(ctx context.Context, keys []table.Key) ([]table.Item, error) {
	defer s.step()()
	return s.Store.BatchGet(ctx, keys)
}

// Query reads a page of items, in one step.
func (s *Steps) Query(ctx context.Context, query table.Query) (table.Page, error) {
	defer s.step()()
	return s.Store.Query(ctx, query)
}

// Transact writes items, in one step.
func (s *Steps) Transact(ctx context.Context, writes []table.Write) error {
	defer s.step()()
	s.mutex.Lock()
	for _, write := range writes {
		if write.Kind == table.CreateKind && strings.HasPrefix(write.Item.Partition, "OUTBOX#") {
			s.messages++
		}
	}
	s.mutex.Unlock()
	return s.Store.Transact(ctx, writes)
}

// Count adds to a number, in one step.
func (s *Steps) Count(ctx context.Context, key table.Key, add, expires int64) (int64, error) {
	defer s.step()()
	return s.Store.Count(ctx, key, add, expires)
}
