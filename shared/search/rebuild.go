package search

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/tenantry/tenantry/shared/fault"
	"github.com/tenantry/tenantry/shared/store/table"
)

// Source provides the documents of a space to a rebuild.
type Source interface {
	// Numbers returns some of the numbers of all documents, in any order, and the cursor of the
	// rest, which is empty at the end. It may return a number more than once, and miss documents
	// that change in the meantime: these are Put anyway.
	Numbers(ctx context.Context, cursor string) (numbers []int64, next string, err error)
	// Documents returns those of the documents, at most MostDocuments, that exist now, in any order.
	Documents(ctx context.Context, numbers []int64) ([]Document, error)
}

// MostDocuments is the maximum number of documents that a rebuild asks a Source for at once.
const MostDocuments = 50

// rebuild is a generation that is being built. A worker holds a lease on it while it works, and
// others may go on after its end. The changes of documents since its beginning go to the current
// generation and are marked as late.
type rebuild struct {
	Generation int64  `json:"generation"`
	Request    string `json:"request"`
	Since      int64  `json:"since"`
	// Until is the end of the lease, and Claims counts the leases, so that a worker notices that
	// another one has taken over.
	Until  int64 `json:"until"`
	Claims int64 `json:"claims"`
	// Closing is until when changes are refused, so that the last late ones can be caught up with.
	Closing int64    `json:"closing,omitempty"`
	Late    int64    `json:"late,omitempty"` // marks of late changes
	Orders  []string `json:"orders,omitempty"`
	Buckets int      `json:"buckets"`
	Layout  layout   `json:"layout"`
	Folding int      `json:"folding"`
	// Cursor is where collecting the numbers continues, until they are Collected.
	Cursor    string `json:"cursor,omitempty"`
	Collected bool   `json:"collected,omitempty"`
	// Next is the first number that is not written yet. Dirty says that a worker began to write the
	// numbers from Next on and may have been interrupted.
	Next  int64 `json:"next"`
	Dirty bool  `json:"dirty,omitempty"`
	// Written says that all numbers are written. The totals are in the state of the generation from
	// then on.
	Written   bool  `json:"written,omitempty"`
	Documents int64 `json:"documents"`
	Changed   int64 `json:"changed"`
	Last      int64 `json:"last"`
}

// building returns the generation that is being built.
func (s *state) building() generation {
	return generation{s.space, s.Rebuild.Generation, s.Rebuild.Layout.Buckets}
}

// Rebuild builds the index of a space anew, as Advance does, without a time limit. It returns nil
// without doing anything if another worker is rebuilding the space.
func (x *Index) Rebuild(ctx context.Context, space string, source Source) error {
	stored, err := x.load(ctx, x.store, root{space: space})
	if err != nil {
		return err
	}
	request := fmt.Sprintf("%016d.%06d", x.now().UnixMicro(), stored.Highest)
	for {
		done, err := x.Advance(ctx, space, request, source, x.now().Add(time.Hour))
		if err != nil || done {
			return err
		}
	}
}

// Advance works on building the index of a space anew and removing the former one, until a time
// that it exceeds by seconds. It returns true when nothing is left to do; until then it has to be
// called again, by any process, and after an error as well: it continues after the last part that
// was completed.
//
// The request identifies the rebuild; a later request must be greater. If the rebuild of a
// request was completed, or there is a later one, Advance only removes rows that are no longer
// needed. If a worker is at the rebuild of an earlier request, that one counts for both; else the
// later request begins anew. If another worker is at the rebuild of this request, Advance returns a
// fault of code Unavailable.
//
// Until the new index is complete, searches use the former one, to which changes go as ever. Only
// at the end changes may be refused for some seconds.
func (x *Index) Advance(ctx context.Context, space, request string, source Source, until time.Time) (bool, error) {
	claimed, err := x.claim(ctx, space, request)
	if errors.Is(err, errSkip) {
		return x.Clean(ctx, space, until)
	}
	if err != nil {
		return false, err
	}
	r := &rebuilder{
		Index: x, generation: claimed.building(), at: root{space: space}, claim: claimed.Rebuild.Claims,
		renewed: x.now(), source: source, until: until,
	}
	switched, err := r.work(ctx, claimed)
	if err != nil || !switched {
		return false, errors.Join(err, r.leave(ctx))
	}
	if claimed.Generation > 0 { // there may be searches of the former generation
		if err := sleep(ctx, x.grace); err != nil {
			return false, err
		}
	}
	return x.Clean(ctx, space, until)
}

// claim takes the lease of the request's rebuild, or begins it. It returns errSkip if there is
// nothing to rebuild for the request.
func (x *Index) claim(ctx context.Context, space, request string) (state, error) {
	return x.change(ctx, root{space: space}, func(s *state) ([]table.Write, error) {
		now := x.now()
		if request <= s.Rebuilt || s.Rebuild != nil && request < s.Rebuild.Request {
			return nil, errSkip
		}
		leased := s.Rebuild != nil && now.UnixMicro() < s.Rebuild.Until
		if leased && request > s.Rebuild.Request {
			return nil, errSkip
		}
		if leased {
			return nil, fault.New(fault.Unavailable, "The search index is being rebuilt by another worker.")
		}
		var writes []table.Write
		if s.Rebuild == nil || s.Rebuild.Request != request || s.Rebuild.Folding != Form {
			var err error
			if writes, err = x.begin(ctx, s, request, now); err != nil {
				return nil, err
			}
		}
		s.Rebuild.Claims++
		s.Rebuild.Until = now.Add(x.lease).UnixMicro()
		return writes, nil
	})
}

// begin starts a new generation, and gives up one that was not completed. It returns the writes that
// remove the state of the latter.
func (x *Index) begin(ctx context.Context, s *state, request string, now time.Time) ([]table.Write, error) {
	s.retire()
	s.Highest++
	s.Rebuild = &rebuild{
		Generation: s.Highest, Request: request, Since: now.UnixMicro(),
		Buckets: x.Buckets, Layout: x.layout, Folding: Form, Next: 1,
	}
	next := root{s.space, true}
	item, err := x.store.Get(ctx, next.key())
	if errors.Is(err, table.ErrAbsent) {
		return nil, nil
	}
	return []table.Write{table.Delete(next.key(), item.Version)}, err
}

// retire moves a generation that was not completed to those to be removed.
func (s *state) retire() {
	if s.Rebuild != nil {
		s.Old = append(s.Old, obsolete{s.Rebuild.Generation, s.Rebuild.Orders, s.Rebuild.Layout.Buckets})
		s.Rebuild = nil
	}
}

// rebuilder is a worker that holds the lease of a rebuild.
type rebuilder struct {
	*Index
	generation
	at      root // of the space
	claim   int64
	renewed time.Time // when the lease was last renewed
	source  Source
	until   time.Time
}

// over reports whether the time of the worker is over.
func (r *rebuilder) over() bool { return !r.now().Before(r.until) }

// work does what is left of the rebuild until time is over, and reports whether the new generation
// is in use.
func (r *rebuilder) work(ctx context.Context, s state) (switched bool, err error) {
	if !s.Rebuild.Collected {
		if done, err := r.collectNumbers(ctx, s.Rebuild.Cursor); err != nil || !done {
			return false, err
		}
	}
	for err == nil && !s.Rebuild.Written {
		if s, err = r.part(ctx, s); err == nil && r.over() {
			return false, nil
		}
	}
	if err != nil {
		return false, err
	}
	return r.catchUp(ctx)
}

// saved changes the state of the space if the worker still holds the lease, which it renews.
func (r *rebuilder) saved(ctx context.Context, edit func(s *state) ([]table.Write, error)) (state, error) {
	stored, err := r.change(ctx, r.at, func(s *state) ([]table.Write, error) {
		if s.Rebuild == nil || s.Rebuild.Generation != r.number || s.Rebuild.Claims != r.claim {
			return nil, errLeaseLost()
		}
		s.Rebuild.Until = r.now().Add(r.lease).UnixMicro()
		return edit(s)
	})
	if err == nil {
		r.renewed = r.now()
	}
	return stored, err
}

// errLeaseLost returns the error of a worker that was presumed dead. What it writes could overwrite
// what another one wrote.
func errLeaseLost() error {
	return fault.New(fault.Unavailable, "The rebuild of the search index stalled, and another worker took over.")
}

// renew renews the lease if it is time. Every worker calls it at least once in the lease's time,
// before it writes.
func (r *rebuilder) renew(ctx context.Context) error {
	passed := r.now().Sub(r.renewed)
	if passed < r.lease/4 {
		return nil
	}
	return r.note(ctx, func(*rebuild) {})
}

// note changes what is stored of the rebuild, and renews the lease.
func (r *rebuilder) note(ctx context.Context, edit func(to *rebuild)) error {
	_, err := r.saved(ctx, func(s *state) ([]table.Write, error) {
		edit(s.Rebuild)
		return nil, nil
	})
	return err
}

// leave ends the lease, so that the next worker need not wait for it to expire.
func (r *rebuilder) leave(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), 10*time.Second)
	defer cancel()
	_, err := r.change(ctx, r.at, func(s *state) ([]table.Write, error) {
		if s.Rebuild == nil || s.Rebuild.Generation != r.number || s.Rebuild.Claims != r.claim {
			return nil, errSkip
		}
		s.Rebuild.Until, s.Rebuild.Closing = 0, 0
		return nil, nil
	})
	if errors.Is(err, errSkip) {
		return nil
	}
	return err
}

// sleep waits for the given time.
func sleep(ctx context.Context, length time.Duration) error {
	if length == 0 {
		return ctx.Err()
	}
	timer := time.NewTimer(length)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// Clean removes the rows of former generations, until a time that it exceeds by seconds. It returns
// true when none are left. It is idempotent.
func (x *Index) Clean(ctx context.Context, space string, until time.Time) (bool, error) {
	at := root{space: space}
	stored, err := x.load(ctx, x.store, at)
	if err != nil {
		return false, err
	}
	for _, old := range stored.Old {
		for _, partition := range (generation{space, old.Generation, old.Buckets}).partitions(old.Orders) {
			done, err := x.deleteAll(ctx, partition, until)
			if err != nil {
				return false, fmt.Errorf("search: delete generation %d: %w", old.Generation, err)
			}
			if !done {
				return false, nil
			}
		}
		_, err := x.change(ctx, at, func(s *state) ([]table.Write, error) {
			s.Old = slices.DeleteFunc(s.Old, func(o obsolete) bool { return o.Generation == old.Generation })
			return nil, nil
		})
		if err != nil {
			return false, err
		}
	}
	return true, nil
}

// deleteAll deletes all rows of a partition, and reports whether it came to the end in time.
func (x *Index) deleteAll(ctx context.Context, partition string, until time.Time) (bool, error) {
	for {
		page, err := x.store.Query(ctx, table.Query{Table: table.Derived, Partition: partition, Limit: table.MaxPuts})
		if err != nil || len(page.Items) == 0 {
			return true, err
		}
		for i := range page.Items {
			page.Items[i] = table.Item{Key: page.Items[i].Key}
		}
		if err := x.store.BatchPut(ctx, page.Items); err != nil {
			return false, err
		}
		if page.Next == "" {
			return true, nil
		}
		if !x.now().Before(until) {
			return false, nil
		}
	}
}
