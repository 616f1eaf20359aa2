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
	// mostGrams is how many rows one packing changes, unless a single text has more.
	maxPackRows = 30_000
	// packers is how many transactions of a packing are on their way at once.
	packers = 4
	// headsTogether is how many heads are read together. Of the rows below them, some more
	// than a transaction takes are well below its limit of bytes.
	headsPerBatch = table.MaxBatch
)

// errHeld says that somebody else packs already.
var errSkip = errors.New("search: somebody else packs")

// packFresh writes the grams of the oldest fresh texts and takes their marks away. It
// reports false where somebody else is doing so. It may stop anywhere: until a mark is gone
// its text is searched as it is, and grams written twice are written once.
func (x *Index) packFresh(ctx context.Context, space string) (bool, error) {
	held, err := x.change(ctx, space, func(s *state) ([]table.Write, error) {
		now := x.now()
		if s.beingRebuilt(now) || now.UnixMicro() < s.Packing {
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
	marks, rows, err := x.collect(ctx, &held)
	if err == nil {
		err = x.writeNgrams(ctx, &held, rows)
	}
	if err != nil || len(marks) == 0 {
		return err == nil, errors.Join(err, x.release(ctx, space, held.Packing))
	}
	return true, x.unmark(ctx, &held, marks)
}

// release lets others pack at once after a failure.
func (x *Index) release(ctx context.Context, space string, until int64) error {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), 10*time.Second)
	defer cancel()
	_, err := x.change(ctx, space, func(s *state) ([]table.Write, error) {
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

// gathered is the numbers that a region is to have, by their places in it.
type regionNumbers map[region][]uint32

// collect reads fresh texts and their grams.
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
		eachNgram(text, func(one ngram) {
			if !seen[one] {
				seen[one] = true
				row := region{g.ngram(one), number / s.Regions}
				rows[row] = append(rows[row], uint32(number%s.Regions))
			}
		})
		if len(rows) >= maxPackRows {
			return page.Items[:i+1], rows, nil
		}
	}
	return page.Items, rows, nil
}

// freshText returns the text that a mark stands for, and none where it has just gone.
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

// writeNgrams adds the numbers to the rows, each on the version read: two packers, one of
// them held for dead too early, take nothing from each other.
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

// unmark takes away the marks of texts that are still those packed, and lets others pack.
func (x *Index) unmark(ctx context.Context, packed *state, marks []table.Item) error {
	for batch := range slices.Chunk(marks, table.MaxWrites-1) {
		_, err := x.change(ctx, packed.space, func(s *state) ([]table.Write, error) {
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
			return nil // a rebuild has packed everything
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// unmarkSome returns the deletions of marks that are as they were. It is asked after the state was
// read; where one changes after that, so does the state, and this is asked again.
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
		// A mark that was taken away and set again has the same version, but not the same hash.
		if item.Version != 0 && item.Version == marks[i].Version && bytes.Equal(item.Data, marks[i].Data) {
			writes = append(writes, table.Delete(item.Key, item.Version))
		}
	}
	return writes, nil
}
