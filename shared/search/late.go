package search

import (
	"bytes"
	"context"
	"time"

	"github.com/tenantry/tenantry/shared/store/table"
)

const (
	// fewLate is how many late changes may be left when changes begin to be refused, and mostRounds
	// how often the worker catches up before it refuses changes whatever is left.
	fewLate    = 2 * maxDocuments
	mostRounds = 1000
	// closingTime is for how long changes are refused, unless there is more to do.
	closingTime = 10 * time.Second
)

// catchUp applies the late changes to the generation that has been built, until there are none, and
// then makes it the current one. It returns false if time is over.
func (r *rebuilder) catchUp(ctx context.Context) (switched bool, err error) {
	for round := 0; !r.over() || round == 0; round++ {
		s, err := r.load(ctx, r.store, r.at)
		if err != nil {
			return false, err
		}
		if s.Rebuild == nil || s.Rebuild.Claims != r.claim {
			return false, errLeaseLost()
		}
		switch late := s.Rebuild.Late; {
		case late == 0:
			if switched, err = r.switchTo(ctx); err != nil || switched {
				return switched, err
			}
			continue
		case late <= fewLate || round >= mostRounds:
			if err := r.close(ctx); err != nil {
				return false, err
			}
		}
		if err := r.renew(ctx); err != nil {
			return false, err
		}
		if err := r.applyLate(ctx); err != nil {
			return false, err
		}
	}
	return false, nil
}

// close makes changes be refused for some seconds.
func (r *rebuilder) close(ctx context.Context) error {
	return r.note(ctx, func(to *rebuild) { to.Closing = r.now().Add(closingTime).UnixMicro() })
}

// applyLate applies the first late changes.
func (r *rebuilder) applyLate(ctx context.Context) error {
	page, err := r.store.Query(ctx, table.Query{Table: table.Derived, Partition: r.late(), Limit: maxDocuments})
	if err != nil {
		return err
	}
	updates := make([]update, len(page.Items))
	numbers := make([]int64, len(page.Items))
	for i, item := range page.Items {
		version, err := decode[int64](item)
		if err == nil {
			numbers[i], err = parseOrdered(item.Sort)
		}
		if err != nil {
			return err
		}
		// Unless the source has the document, it was removed.
		updates[i] = update{number: numbers[i], version: version, removed: true}
	}
	if len(numbers) > 0 {
		docs, err := r.source.Documents(ctx, numbers)
		if err != nil {
			return err
		}
		for _, doc := range docs {
			if err := doc.check(); err != nil {
				return err
			}
			record, folded := recordOf(doc)
			updates[position(numbers, doc.Number)] = update{
				number: doc.Number, version: doc.Version, changed: doc.Changed, record: record, folded: folded, text: doc.Text,
			}
		}
		if err := r.apply(ctx, root{r.space, true}, updates); err != nil {
			return err
		}
	}
	return r.unmarkLate(ctx, page)
}

// unmarkLate removes the marks of late changes that have not changed again.
func (r *rebuilder) unmarkLate(ctx context.Context, page table.Page) error {
	keys := make([]table.Key, len(page.Items))
	for i, item := range page.Items {
		keys[i] = item.Key
	}
	_, err := r.saved(ctx, func(s *state) ([]table.Write, error) {
		if len(keys) == 0 {
			s.Rebuild.Late = 0
			return nil, nil
		}
		stored, err := r.store.BatchGet(ctx, keys)
		if err != nil {
			return nil, err
		}
		var writes []table.Write
		for i, item := range stored {
			if item.Version == page.Items[i].Version && bytes.Equal(item.Data, page.Items[i].Data) {
				writes = append(writes, table.Delete(item.Key, item.Version))
			}
		}
		s.Rebuild.Late -= int64(len(writes))
		return writes, nil
	})
	return err
}

// switchTo makes the new generation the current one. It returns false if another late change came.
func (r *rebuilder) switchTo(ctx context.Context) (switched bool, err error) {
	_, err = r.saved(ctx, func(s *state) ([]table.Write, error) {
		if switched = s.Rebuild.Late == 0; !switched {
			return nil, nil
		}
		next, err := r.load(ctx, r.store, root{r.space, true})
		if err != nil {
			return nil, err
		}
		if s.Generation != 0 {
			s.Old = append(s.Old, obsolete{s.Generation, s.Orders, s.Buckets})
		}
		next.Highest, next.Old, next.Rebuilt = s.Highest, s.Old, s.Rebuild.Request
		next.Changed, next.Last = max(next.Changed, s.Changed), max(next.Last, s.Last)
		write := table.Delete(next.key(), next.version)
		next.version, next.root = s.version, s.root
		*s = next
		return []table.Write{write}, nil
	})
	return switched, err
}
