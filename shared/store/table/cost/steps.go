package catalog_test

import (
	"context"
	"strings"
	"sync"
	"time"

	"github.com/tenantry/tenantry/shared/store/table"
)

// roundTrip is how long a request to the store takes in these tests, so that concurrent requests
// overlap.
const roundTrip = 5 * time.Millisecond

// sequence measures how many round trips to a store follow one another: each request is one step
// later than the last step that had ended when it began. It also counts the messages put into the
// outbox.
type sequence struct {
	table.Store
	mutex    sync.Mutex
	ended    int
	messages int
}

func (s *sequence) reset() {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	s.ended, s.messages = 0, 0
}

// step begins a request and returns the function that ends it.
func (s *sequence) step() func() {
	s.mutex.Lock()
	mine := s.ended + 1
	s.mutex.Unlock()
	time.Sleep(roundTrip)
	return func() {
		s.mutex.Lock()
		defer s.mutex.Unlock()
		s.ended = max(s.ended, mine)
	}
}

func (s *sequence) Get(ctx context.Context, key table.Key) (table.Item, error) {
	defer s.step()()
	return s.Store.Get(ctx, key)
}

func (s *sequence) BatchGet(ctx context.Context, keys []table.Key) ([]table.Item, error) {
	defer s.step()()
	return s.Store.BatchGet(ctx, keys)
}

func (s *sequence) Query(ctx context.Context, query table.Query) (table.Page, error) {
	defer s.step()()
	return s.Store.Query(ctx, query)
}

func (s *sequence) Transact(ctx context.Context, writes []table.Write) error {
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

func (s *sequence) Count(ctx context.Context, key table.Key, add, expires int64) (int64, error) {
	defer s.step()()
	return s.Store.Count(ctx, key, add, expires)
}
