package search

import (
	"slices"

	"github.com/tenantry/tenantry/shared/store/table"
)

// gathering is a gram's numbers in the builder's region.
type pendingNgram struct {
	head
	block []uint16 // the places in the present block
}

// regions writes the grams of a generation, in the order of the documents.
type regions struct {
	*builder
	grams map[ngram]*pendingNgram
	// postings is how many numbers the blocks have, and kept how many the heads.
	postings, inHeads int
	number            int64 // of the region
	block             int64 // within it
	// partly says that rows of the present block were written before.
	blockWritten bool
}

// moveTo writes what is complete before a number.
func (r *regions) moveTo(number int64) error {
	region, block := number/r.Regions, number%r.Regions/r.Grams
	switch {
	case region != r.number:
		if err := r.end(); err != nil {
			return err
		}
	case block != r.block || r.postings >= r.x.maxPostings:
		if err := r.endBlock(); err != nil {
			return err
		}
		r.blockWritten = block == r.block
	}
	r.number, r.block = region, block
	return nil
}

func (r *regions) collect(number int64, folded string) {
	place := uint16(number % r.Grams)
	eachNgram(folded, func(one ngram) {
		g := r.grams[one]
		if g == nil {
			g = new(pendingNgram)
			r.grams[one] = g
		}
		if len(g.block) == 0 || g.block[len(g.block)-1] != place {
			g.block = append(g.block, place)
			r.postings++
		}
	})
}

// endBlock writes the rows of the common grams and keeps the others' numbers. Where too many
// are kept, only those of the rarest stay.
func (r *regions) endBlock() error {
	most := maxCompacted
	if r.inHeads >= r.x.maxPostings {
		most = 32
	}
	r.inHeads = 0
	var common []regionNgram
	for one, g := range r.grams {
		switch {
		case g.compaction == split && len(g.block) > 0 || g.compaction != split && len(g.recent)+len(g.block) > most:
			common = append(common, regionNgram{r.region(one), g})
		default:
			r.keep(g)
			r.inHeads += len(g.recent)
		}
	}
	slices.SortFunc(common, compareRegionNgrams)
	if r.blockWritten {
		if err := r.out.flush(); err != nil {
			return err
		}
	}
	for _, one := range common {
		if err := r.writeCommon(one); err != nil {
			return err
		}
	}
	r.postings = 0
	return nil
}

// placed is a gathering with the region that it becomes.
type regionNgram struct {
	region
	*pendingNgram
}

// comparePlaced returns the order of the keys, in which rows are written fastest.
func compareRegionNgrams(a, b regionNgram) int { return compareRegions(a.region, b.region) }

func (r *regions) region(one ngram) region { return region{r.ngram(one), r.number} }

// keep moves the numbers of the block to those of the region.
func (r *regions) keep(g *pendingNgram) {
	for _, place := range g.block {
		g.recent = append(g.recent, uint32(r.block*r.Grams+int64(place)))
	}
	g.block = nil
}

// writeCommon adds the numbers of a common gram to the rows of their blocks.
func (r *regions) writeCommon(one regionNgram) error {
	g, region := one.pendingNgram, one.region
	r.keep(g)
	written := g.compaction == split && r.blockWritten
	g.compaction = split
	keys := g.rowsBelow(region, r.layout)
	stored := make([]table.Item, len(keys))
	if written {
		var err error
		if stored, err = r.x.readAll(r.ctx, keys); err != nil {
			return err
		}
	}
	for i, key := range keys {
		stored[i].Key = key
	}
	rows, err := g.split(r.layout, stored)
	if err != nil {
		return err
	}
	return r.putRows(rows)
}

func (r *regions) putRows(rows []table.Item) error {
	for _, row := range rows {
		row.Version = 1
		if err := r.out.add(row); err != nil {
			return err
		}
	}
	return nil
}

// end writes all that is left of a region.
func (r *regions) end() error {
	if err := r.endBlock(); err != nil {
		return err
	}
	all := make([]regionNgram, 0, len(r.grams))
	for one, g := range r.grams {
		all = append(all, regionNgram{r.region(one), g})
	}
	slices.SortFunc(all, compareRegionNgrams)
	for _, one := range all {
		g, region := one.pendingNgram, one.region
		var rows []table.Item
		if g.full() { // and not split, as it was kept
			var err error
			if rows, err = g.compact(region, r.layout, nil); err != nil {
				return err
			}
		}
		if err := r.putRows(append(rows, table.Item{Key: region.head(), Data: g.encode()})); err != nil {
			return err
		}
	}
	clear(r.grams)
	r.inHeads, r.blockWritten = 0, false
	return nil
}
