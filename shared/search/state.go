package search

import (
	"context"
	"errors"
	"slices"
	"time"

	"github.com/tenantry/tenantry/shared/fault"
	"github.com/tenantry/tenantry/shared/store/table"
)

// State is the state of the index of a space.
type State struct {
	// Generation is the number of the current build of the index. It is 0 if nothing has been
	// written yet.
	Generation int64
	// Rebuilding is when the unfinished rebuild began; it is zero if there is none. Built is how many
	// documents it has written.
	Rebuilding time.Time
	Built      int64
	// Indexed is the latest Changed of all documents put into the index, in microseconds since
	// 1970.
	Indexed int64
	// Documents is the number of documents.
	Documents int64
	// Fresh is the number of texts that are not packed yet and are searched one by one.
	Fresh int64
	// Obsolete is the number of former generations whose rows Clean has yet to remove.
	Obsolete int
}

// State returns the state of the index of a space. It takes one request.
func (x *Index) State(ctx context.Context, space string) (State, error) {
	stored, err := x.load(ctx, x.store, root{space: space})
	if err != nil {
		return State{}, err
	}
	state := State{
		Generation: stored.Generation,
		Indexed:    stored.Changed,
		Documents:  stored.Documents,
		Fresh:      stored.Fresh,
		Obsolete:   len(stored.Old),
	}
	if stored.Rebuild != nil {
		state.Rebuilding, state.Built = time.UnixMicro(stored.Rebuild.Since), stored.Rebuild.Documents
	}
	return state, nil
}

// state is the row that every change of a space updates, conditional on the version read. So the
// changes of a space are serialized, and the rows that a change has read are still current when it
// is written.
type state struct {
	Generation int64    `json:"generation"`
	Highest    int64    `json:"highest"` // of all generations started
	Documents  int64    `json:"documents"`
	Fresh      int64    `json:"fresh"`
	Changed    int64    `json:"changed"`
	Last       int64    `json:"last"` // highest number of a document, or more
	Orders     []string `json:"orders,omitempty"`
	Folding    int      `json:"folding,omitempty"` // form by which the texts are folded
	layout
	// Packing is when the lease of the current packer expires. It keeps others from doing the same
	// work.
	Packing int64    `json:"packing,omitempty"`
	Rebuild *rebuild `json:"rebuild,omitempty"`
	// Rebuilt is the request of the last rebuild that was completed or replaced by another one.
	Rebuilt string     `json:"rebuilt,omitempty"`
	Old     []obsolete `json:"old,omitempty"`

	version int64
	root
}

// layout is how many numbers the rows of a generation hold, and over how many partitions they are
// spread.
type layout struct {
	Terms int64 `json:"terms"` // numbers in a row of a term; small, because a new document writes many such rows
	Grams int64 `json:"grams"` // numbers in a block of an n-gram; a multiple of Terms, at most 65,536
	// Regions is how many numbers a region of an n-gram has: a multiple of Grams, at most 64 times
	// Grams.
	Regions int64 `json:"regions"`
	// Buckets is the number of partitions for the rows of terms, and for those of n-grams, so that
	// no partition exceeds the throughput that a store gives it.
	Buckets int `json:"buckets"`
}

// obsolete is a generation whose rows have to be removed.
type obsolete struct {
	Generation int64    `json:"generation"`
	Orders     []string `json:"orders,omitempty"`
	Buckets    int      `json:"buckets"`
}

func (s *state) generation() generation { return generation{s.space, s.Generation, s.Buckets} }

// addOrders adds the names of orders that are missing in names, so that their rows can be found
// when the generation is removed.
func addOrders(names []string, orders map[string]string) []string {
	for name := range orders {
		if !slices.Contains(names, name) {
			names = append(slices.Clone(names), name)
		}
	}
	return names
}

// Outdated returns the spaces whose texts are folded by an earlier form. They can still be
// searched, by that form, until Rebuild updates them.
func (x *Index) Outdated(ctx context.Context, spaces []string) ([]string, error) {
	var outdated []string
	for batch := range slices.Chunk(spaces, table.MaxBatch) {
		keys := make([]table.Key, len(batch))
		for i, space := range batch {
			keys[i] = root{space: space}.key()
		}
		items, err := x.store.BatchGet(ctx, keys)
		if err != nil {
			return nil, err
		}
		for i, item := range items {
			if item.Version == 0 {
				continue
			}
			stored, err := decode[state](item)
			if err != nil {
				return nil, err
			}
			if stored.Generation > 0 && stored.Folding < Form {
				outdated = append(outdated, batch[i])
			}
		}
	}
	return outdated, nil
}

// getter reads a row.
type getter interface {
	Get(ctx context.Context, key table.Key) (table.Item, error)
}

// load reads the state of a space. A space without one has generation 0.
func (x *Index) load(ctx context.Context, store getter, at root) (state, error) {
	item, err := store.Get(ctx, at.key())
	if errors.Is(err, table.ErrAbsent) {
		return state{root: at, layout: x.layout}, nil
	}
	if err != nil {
		return state{}, err
	}
	stored, err := decode[state](item)
	stored.version, stored.root = item.Version, at
	return stored, err
}

// write returns the write that replaces the state, conditional on the version read.
func (s *state) write() (table.Write, error) {
	data, err := encode(s)
	if err != nil {
		return table.Write{}, err
	}
	item := table.Item{Key: s.key(), Version: s.version, Data: data}
	if s.version == 0 {
		return table.Create(item), nil
	}
	return table.Update(item), nil
}

// change reads the state, lets edit modify it, and stores it in one transaction with the writes
// that edit returns. It starts over if another change comes first. If edit returns an error,
// nothing changes.
func (x *Index) change(ctx context.Context, at root, edit func(s *state) ([]table.Write, error)) (state, error) {
	for attempt := 0; ; attempt++ {
		stored, err := x.load(ctx, x.store, at)
		if err != nil {
			return state{}, err
		}
		writes, err := edit(&stored)
		if err != nil {
			return state{}, err
		}
		write, err := stored.write()
		if err != nil {
			return state{}, err
		}
		err = x.store.Transact(ctx, append([]table.Write{write}, writes...))
		if err == nil {
			stored.version++
			return stored, nil
		}
		if err := x.backOff(ctx, err, attempt); err != nil {
			return state{}, err
		}
	}
}

// backOff waits before the next attempt if err is a conflict. It returns an error if err is
// something else or there have been too many attempts.
func (x *Index) backOff(ctx context.Context, err error, attempt int) error {
	if _, conflict := errors.AsType[*table.ConflictError](err); !conflict {
		return err
	}
	if attempt >= x.maxAttempts {
		return fault.Wrap(err, fault.Unavailable, "Too many changes at once. Try again.")
	}
	return pause(ctx, attempt)
}
