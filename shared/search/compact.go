package search

import (
	"math/bits"

	"github.com/tenantry/tenantry/shared/store/table"
)

// rowsBelow returns the keys of the rows that compact adds to and that must be read first.
func (h *head) rowsBelow(r region, layout layout) []table.Key {
	switch h.compaction {
	case compacted:
		return []table.Key{r.rest()}
	case split:
		var keys []table.Key
		for blocks := blocksOf(h.recent, layout); blocks != 0; blocks &= blocks - 1 {
			keys = append(keys, r.block(layout, bits.TrailingZeros64(blocks)))
		}
		return keys
	case headOnly:
	}
	return nil
}

// blocksOf returns the set of the blocks that places of a region are in.
func blocksOf(places []uint32, layout layout) (blocks uint64) {
	for _, place := range places {
		blocks |= 1 << (int64(place) / layout.Grams)
	}
	return blocks
}

// compact moves the recent numbers to the rows below. It takes the stored rows that rowsBelow
// names, returns the rows to write, and updates the head.
func (h *head) compact(r region, layout layout, stored []table.Item) ([]table.Item, error) {
	rest := table.Item{Key: r.rest()}
	if h.compaction == compacted {
		rest = stored[0]
		before, err := parsePlaces(rest.Data)
		if err != nil {
			return nil, err
		}
		h.recent = merge(before, h.recent)
	}
	if h.compaction != split && len(h.recent) <= maxCompacted {
		rest.Data = quote(appendSteps(nil, h.recent))
		h.compaction, h.below, h.recent = compacted, len(h.recent), nil
		return []table.Item{rest}, nil
	}
	if h.compaction != split { // the rows do not exist yet
		h.compaction, h.below = split, 0
		stored = nil
		for _, key := range h.rowsBelow(r, layout) {
			stored = append(stored, table.Item{Key: key})
		}
	}
	return h.split(layout, stored)
}

// split adds the recent numbers to the rows of their blocks.
func (h *head) split(layout layout, stored []table.Item) ([]table.Item, error) {
	places := h.recent
	for i, row := range stored {
		set := newNumbers(layout.Grams)
		if row.Version != 0 {
			if err := set.decode(row.Data, 0); err != nil {
				return nil, err
			}
		}
		block := int64(places[0]) / layout.Grams
		for len(places) > 0 && int64(places[0])/layout.Grams == block {
			set.add(int(int64(places[0]) % layout.Grams))
			places = places[1:]
		}
		stored[i].Data = set.encode()
	}
	h.blocks |= blocksOf(h.recent, layout)
	h.below += len(h.recent)
	h.recent = nil
	return stored, nil
}
