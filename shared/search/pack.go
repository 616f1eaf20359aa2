package search

import (
	"bytes"
	"context"
	"errors"
	"maps"
	"slices"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/tenantry/tenantry/shared/store/table"
)

const (
	// maxPackRows is the maximum number of rows that one packing changes, unless a single text has
	// more.
	maxPackRows = 30_000
	// packers is the maximum number of concurrent transactions of a packing.
	packers = 4
	// headsPerBatch is how many heads are read in one request. The rows below them stay well within
	// the size limit of a transaction.
	headsPerBatch = table.MaxBatch
)

// errSkip is returned by the edit function of Index.change if there is nothing to change.
var errSkip = errors.New("search: nothing to change")

// packFresh writes the n-grams of the oldest fresh texts and removes their marks. It returns false
// if another process is packing. It may be interrupted at any point: a text is searched directly
// until its mark is gone, and writing n-grams again changes nothing.
func (x *Index) packFresh(ctx context.Context, at root) (bool, error) {
	leased, err := x.change(ctx, at, func(s *state) ([]table.Write, error) {
		now := x.now()
		if now.UnixMicro() < s.Packing {
			return nil, errSkip
		}
		s.Packing = now.Add(x.lease).UnixMicro()
		return nil, nil
	})
	if errors.Is(err, errSkip) {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	marks, rows, err := x.collect(ctx, &leased)
	if err == nil {
		err = x.writeNgrams(ctx, &leased, rows)
	}
	if err != nil || len(marks) == 0 {
		return err == nil, errors.Join(err, x.release(ctx, at, leased.Packing))
	}
	return true, x.unmark(ctx, &leased, marks)
}

// release ends the lease of a packing that failed, so that others need not wait for it.
func (x *Index) release(ctx context.Context, at root, until int64) error {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), 10*time.Second)
	defer cancel()
	_, err := x.change(ctx, at, func(s *state) ([]table.Write, error) {
		if s.Packing != until {
			return nil, errSkip
		}
		s.Packing = 0
		return nil, nil
	})
	if errors.Is(err, errSkip) {
		return nil
	}
	return err
}

// regionNumbers maps regions to the numbers to add, by their place in the region.
type regionNumbers map[region][]uint32

// collect reads the oldest fresh texts. It returns their marks and the numbers to add for their
// n-grams.
func (x *Index) collect(ctx context.Context, s *state) ([]table.Item, regionNumbers, error) {
	g, rows := s.generation(), regionNumbers{}
	page, err := x.store.Query(ctx, table.Query{Table: table.Derived, Partition: g.fresh(), Limit: x.packSize})
	if err != nil {
		return nil, nil, err
	}
	for i, item := range page.Items {
		number, err := parseOrdered(item.Sort)
		if err != nil {
			return nil, nil, err
		}
		text, err := x.freshText(ctx, g, item)
		if err != nil {
			return nil, nil, err
		}
		seen := map[ngram]bool{}
		eachNgram(text, func(gram ngram) {
			if !seen[gram] {
				seen[gram] = true
				row := region{g.ngram(gram), number / s.Regions}
				rows[row] = append(rows[row], uint32(number%s.Regions))
			}
		})
		if len(rows) >= maxPackRows {
			return page.Items[:i+1], rows, nil
		}
	}
	return page.Items, rows, nil
}

// freshText returns the text of a mark, or an empty text if it has just been removed.
func (x *Index) freshText(ctx context.Context, g generation, item table.Item) (string, error) {
	fresh, err := decode[mark](item)
	if err != nil || fresh.Text != "" {
		return fresh.Text, err
	}
	row, err := x.store.Get(ctx, derived(g.texts(), item.Sort))
	if errors.Is(err, table.ErrAbsent) {
		return "", nil
	}
	if err != nil {
		return "", err
	}
	return decode[string](row)
}

// writeNgrams adds the numbers to the rows. Each write is conditional on the version read, so even
// two packers at the same time lose nothing.
func (x *Index) writeNgrams(ctx context.Context, s *state, rows regionNumbers) error {
	regions := slices.SortedFunc(maps.Keys(rows), compareRegions)
	writers, ctx := errgroup.WithContext(ctx)
	writers.SetLimit(packers)
	for batch := range slices.Chunk(regions, headsPerBatch) {
		writers.Go(func() error {
			for attempt := 0; ; attempt++ {
				err := x.addNumbers(ctx, s, batch, rows)
				if err == nil {
					return nil
				}
				if err := x.backOff(ctx, err, attempt); err != nil {
					return err
				}
			}
		})
	}
	return writers.Wait()
}

// unmark removes the marks of the texts that are still as they were packed, and ends the lease.
func (x *Index) unmark(ctx context.Context, packed *state, marks []table.Item) error {
	for batch := range slices.Chunk(marks, table.MaxWrites-1) {
		_, err := x.change(ctx, packed.root, func(s *state) ([]table.Write, error) {
			if s.Generation != packed.Generation {
				return nil, errSkip
			}
			if s.Packing == packed.Packing {
				s.Packing = 0
			}
			writes, err := x.unmarkSome(ctx, batch)
			s.Fresh -= int64(len(writes))
			return writes, err
		})
		if errors.Is(err, errSkip) {
			return nil // a rebuild has replaced the generation
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// unmarkSome returns the deletions of the marks that have not changed. The caller reads the state
// first, so a mark that changes later makes the transaction conflict, and it is tried again.
func (x *Index) unmarkSome(ctx context.Context, marks []table.Item) ([]table.Write, error) {
	keys := make([]table.Key, len(marks))
	for i, mark := range marks {
		keys[i] = mark.Key
	}
	items, err := x.store.BatchGet(ctx, keys)
	if err != nil {
		return nil, err
	}
	var writes []table.Write
	for i, item := range items {
		// A mark that was removed and set again may have the same version, but has another hash.
		if item.Version != 0 && item.Version == marks[i].Version && bytes.Equal(item.Data, marks[i].Data) {
			writes = append(writes, table.Delete(item.Key, item.Version))
		}
	}
	return writes, nil
}
