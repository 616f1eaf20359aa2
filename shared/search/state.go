package search

import (
	"context"
	"errors"
	"slices"
	"time"

	"github.com/tenantry/tenantry/shared/fault"
	"github.com/tenantry/tenantry/shared/store/table"
)

// State says how a space's index is.
type State struct {
	// Generation counts how often it was built; 0 means never, then nothing is found.
	Generation int64
	// Rebuilding is since when it is being built anew; zero if it is not.
	Rebuilding time.Time
	// Indexed is the latest Changed of the documents put into it, in microseconds.
	Indexed int64
	// Documents is how many there are.
	Documents int64
	// Fresh is how many of their texts are still searched one by one.
	Fresh int64
	// Obsolete is how many former generations have rows that Clean has yet to remove.
	Obsolete int
}

// State reads how a space's index is, in one request.
func (x *Index) State(ctx context.Context, space string) (State, error) {
	stored, err := x.load(ctx, x.store, space)
	if err != nil {
		return State{}, err
	}
	state := State{
		Generation: stored.Generation, Indexed: stored.Changed, Documents: stored.Documents,
		Fresh: stored.Fresh, Obsolete: len(stored.Old),
	}
	if stored.beingRebuilt(x.now()) {
		state.Rebuilding = time.UnixMicro(stored.Rebuild.Since)
	}
	return state, nil
}

// state is the one row that every writer of a space changes, on the version that it has
// read. So all changes of a space stand in one row, and what else a change has read is
// still so when it is written.
type state struct {
	Generation int64    `json:"generation"`
	Highest    int64    `json:"highest"` // of all generations ever begun
	Documents  int64    `json:"documents"`
	Fresh      int64    `json:"fresh"`
	Changed    int64    `json:"changed"`
	Last       int64    `json:"last"` // no document has a higher number
	Orders     []string `json:"orders,omitempty"`
	Folding    int      `json:"folding,omitempty"` // by which form the texts were folded
	layout
	// Packing is until when somebody packs fresh texts, so that not two do the same work.
	Packing int64      `json:"packing,omitempty"`
	Rebuild *rebuild   `json:"rebuild,omitempty"`
	Old     []obsolete `json:"old,omitempty"`

	version int64
	space   string
}

// layout is how a generation's rows are cut: how many numbers they hold, and where they are.
type layout struct {
	Terms int64 `json:"terms"` // of a term; many rows are written for one new document
	Grams int64 `json:"grams"` // of a gram; a multiple of Terms, and 65,536 at the most
	// Regions is how many numbers a region of a gram has; a multiple of Grams, by 64 at the most.
	Regions int64 `json:"regions"`
	// Buckets is over how many partitions the rows of terms, and those of grams, are
	// spread, so that no partition gets more reads and writes than a store gives to one.
	Buckets int `json:"buckets"`
}

// rebuild is a generation that is being built. Until is when its builder is held for
// dead, unless it has put that off.
type rebuild struct {
	Generation int64    `json:"generation"`
	Since      int64    `json:"since"`
	Until      int64    `json:"until"`
	Orders     []string `json:"orders,omitempty"`
	Buckets    int      `json:"buckets"`
}

// obsolete is a generation whose rows are to be removed.
type obsolete struct {
	Generation int64    `json:"generation"`
	Orders     []string `json:"orders,omitempty"`
	Buckets    int      `json:"buckets"`
}

func (s *state) beingRebuilt(now time.Time) bool {
	return s.Rebuild != nil && now.UnixMicro() < s.Rebuild.Until
}

func (s *state) generation() generation { return generation{s.space, s.Generation, s.Buckets} }

// addOrders enters names, so that the rows of their orders can be found to be removed.
func addOrders(to []string, orders map[string]string) []string {
	for name := range orders {
		if !slices.Contains(to, name) {
			to = append(slices.Clone(to), name)
		}
	}
	return to
}

// Outdated returns those of some spaces whose texts were folded by an earlier form: they are searched
// as they were made, and Rebuild makes them anew.
func (x *Index) Outdated(ctx context.Context, spaces []string) ([]string, error) {
	var outdated []string
	for batch := range slices.Chunk(spaces, table.MaxBatch) {
		keys := make([]table.Key, len(batch))
		for i, space := range batch {
			keys[i] = stateKey(space)
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

// getter is what can read a row.
type getter interface {
	Get(ctx context.Context, key table.Key) (table.Item, error)
}

// load reads the state; a space that has none has generation 0.
func (x *Index) load(ctx context.Context, store getter, space string) (state, error) {
	item, err := store.Get(ctx, stateKey(space))
	if errors.Is(err, table.ErrAbsent) {
		return state{space: space, layout: x.layout}, nil
	}
	if err != nil {
		return state{}, err
	}
	stored, err := decode[state](item)
	stored.version, stored.space = item.Version, space
	return stored, err
}

// write returns the write that stores the state in place of the one that was read.
func (s *state) write() (table.Write, error) {
	data, err := encode(s)
	if err != nil {
		return table.Write{}, err
	}
	item := table.Item{Key: stateKey(s.space), Version: s.version, Data: data}
	if s.version == 0 {
		return table.Create(item), nil
	}
	return table.Update(item), nil
}

// change reads the state, lets edit change it, and stores it, again and again while
// others do the same. Edit returns an error to leave it as it is. The writes it gives
// are done in the same transaction.
func (x *Index) change(ctx context.Context, space string, edit func(s *state) ([]table.Write, error)) (state, error) {
	for attempt := 0; ; attempt++ {
		stored, err := x.load(ctx, x.store, space)
		if err != nil {
			return state{}, err
		}
		more, err := edit(&stored)
		if err != nil {
			return state{}, err
		}
		write, err := stored.write()
		if err != nil {
			return state{}, err
		}
		err = x.store.Transact(ctx, append([]table.Write{write}, more...))
		if err == nil {
			stored.version++
			return stored, nil
		}
		if err := x.backOff(ctx, err, attempt); err != nil {
			return state{}, err
		}
	}
}

// again waits before another attempt where err is a conflict with somebody else, and
// returns the error where there is none to make.
func (x *Index) backOff(ctx context.Context, err error, attempt int) error {
	if _, conflict := errors.AsType[*table.ConflictError](err); !conflict {
		return err
	}
	if attempt >= x.maxAttempts {
		return fault.Wrap(err, fault.Unavailable, "Too many changes at once. Try again.")
	}
	return pause(ctx, attempt)
}
