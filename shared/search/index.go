package search

import (
	"context"
	"hash/maphash"
	"math/rand/v2"
	"time"

	"github.com/tenantry/tenantry/shared/store/table"
)

// Index is all spaces' index on a store. It is safe for concurrent use, also by several
// processes.
type Index struct {
	store table.Store
	now   func() time.Time
	options
	// turns lets the changes of one space wait for each other within this process, rather
	// than meet in the table. Spaces with the same hash share a turn.
	turns [64]chan struct{}
	seed  maphash.Seed
}

// options are the sizes that tests make smaller.
type options struct {
	layout
	packSize    int           // fresh texts that are packed together
	maxFresh    int           // fresh texts at which nothing more is taken
	maxSorted   int           // documents that are sorted in memory
	maxPostings int           // numbers of grams that a builder keeps, two bytes each: those of a block of usual documents
	maxCounters int           // terms that a builder counts before it writes them
	maxRequests int           // requests of one Find, roughly
	maxAttempts int           // repetitions of a change that meets others
	lease       time.Duration // how long a builder or packer is waited for
	grace       time.Duration // how long searches of the former generation may take
}

// New returns an index on a store.
func New(store table.Store, now func() time.Time) *Index {
	x := &Index{store: store, now: now, seed: maphash.MakeSeed(), options: options{
		layout:      layout{Terms: 4096, Grams: 65536, Regions: 1 << 20, Buckets: 64},
		packSize:    256,
		maxFresh:    1000,
		maxSorted:   1000,
		maxPostings: 50_000_000,
		maxCounters: 50_000,
		maxRequests: 60,
		maxAttempts: 12,
		lease:       5 * time.Minute,
		grace:       5 * time.Second,
	}}
	for i := range x.turns {
		x.turns[i] = make(chan struct{}, 1)
	}
	return x
}

// turn waits for the space's turn and gives what ends it.
func (x *Index) turn(ctx context.Context, space string) (func(), error) {
	turn := x.turns[maphash.String(x.seed, space)%uint64(len(x.turns))]
	select {
	case turn <- struct{}{}:
		return func() { <-turn }, nil
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

// pause waits a random part of a time that doubles, so that those who met do not meet again.
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
