package search

import (
	"context"
	"math/rand/v2"
	"time"

	"github.com/tenantry/tenantry/shared/store/table"
)

// Index holds the search index of every space in a store. It is safe for concurrent use by several
// goroutines and processes.
type Index struct {
	store table.Store
	now   func() time.Time
	options
	turns *turns
}

// options are the limits that tests lower.
type options struct {
	layout
	packSize    int           // fresh texts packed together
	maxFresh    int           // fresh texts at which a change has to pack first
	maxSorted   int           // documents sorted in memory
	maxPostings int           // n-gram numbers a builder holds, four bytes each
	partSize    int64         // documents in a part of a rebuild, roughly
	maxCounters int           // counters a builder holds before it writes them
	maxRequests int           // requests of one Find, roughly
	maxAttempts int           // attempts at a change that conflicts with others
	lease       time.Duration // how long a rebuilder or packer may be silent
	grace       time.Duration // how long searches of the former generation may take
}

// New returns an index that keeps its rows in store.
func New(store table.Store, now func() time.Time) *Index {
	return &Index{store: store, now: now, turns: newTurns(), options: options{
		layout:      layout{Terms: 4096, Grams: 65536, Regions: 1 << 20, Buckets: 64},
		packSize:    256,
		maxFresh:    1000,
		maxSorted:   1000,
		maxPostings: 40_000_000,
		partSize:    50_000,
		maxCounters: 50_000,
		maxRequests: 60,
		maxAttempts: 12,
		lease:       5 * time.Minute,
		grace:       5 * time.Second,
	}}
}

// WithGrace returns the index with another time that searches of a former generation are given before its
// rows are removed. Without any, they may miss documents.
func (x *Index) WithGrace(grace time.Duration) *Index {
	with := *x
	with.grace = grace
	return &with
}

// pause waits for a random time. Its upper bound doubles with each attempt, so that writers that
// have collided do not collide again.
func pause(ctx context.Context, attempt int) error {
	timer := time.NewTimer(rand.N(min(5*time.Millisecond<<min(attempt, 8), time.Second)))
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}
