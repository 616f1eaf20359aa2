package search

import (
	"slices"

	"github.com/tenantry/tenantry/shared/store/table"
)

// pendingNgram is an n-gram in the region that is being built.
type pendingNgram struct {
	head
	block []uint16 // places in the current block
}

// regions writes the n-grams of a generation, in the order of the documents.
type regions struct {
	*builder
	grams    map[ngram]*pendingNgram
	postings int   // numbers held in blocks
	inHeads  int   // numbers held in heads
	number   int64 // of the region
	block    int64 // in the region
	// blockWritten says that some rows of the current block have been written.
	blockWritten bool
}

// moveTo writes the rows that are complete before the given number.
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

// collect adds a document to the n-grams of its text.
func (r *regions) collect(number int64, folded string) {
	place := uint16(number % r.Grams)
	eachNgram(folded, func(gram ngram) {
		g := r.grams[gram]
		if g == nil {
			g = new(pendingNgram)
			r.grams[gram] = g
		}
		if len(g.block) == 0 || g.block[len(g.block)-1] != place {
			g.block = append(g.block, place)
			r.postings++
		}
	})
}

// endBlock writes the rows of the common n-grams and keeps the numbers of the others. If memory is
// short, it keeps only those of the rarest.
func (r *regions) endBlock() error {
	limit := maxCompacted
	if r.inHeads >= r.x.maxPostings {
		limit = 32
	}
	r.inHeads = 0
	var common []regionNgram
	for gram, g := range r.grams {
		switch {
		case g.compaction == split && len(g.block) > 0,
			g.compaction != split && len(g.recent)+len(g.block) > limit:
			common = append(common, regionNgram{r.region(gram), g})
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
	for _, gram := range common {
		if err := r.writeCommon(gram); err != nil {
			return err
		}
	}
	r.postings = 0
	return nil
}

// regionNgram is a pending n-gram with the keys of its region.
type regionNgram struct {
	region
	*pendingNgram
}

// compareRegionNgrams compares keys. Rows are written fastest in their order.
func compareRegionNgrams(a, b regionNgram) int { return compareRegions(a.region, b.region) }

func (r *regions) region(gram ngram) region { return region{r.ngram(gram), r.number} }

// keep moves the numbers of the current block to the head.
func (r *regions) keep(g *pendingNgram) {
	for _, place := range g.block {
		g.recent = append(g.recent, uint32(r.block*r.Grams+int64(place)))
	}
	g.block = nil
}

// writeCommon adds the numbers of a common n-gram to the rows of their blocks.
func (r *regions) writeCommon(gram regionNgram) error {
	g, region := gram.pendingNgram, gram.region
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

// end writes the rest of the region.
func (r *regions) end() error {
	if err := r.endBlock(); err != nil {
		return err
	}
	pending := make([]regionNgram, 0, len(r.grams))
	for gram, g := range r.grams {
		pending = append(pending, regionNgram{r.region(gram), g})
	}
	slices.SortFunc(pending, compareRegionNgrams)
	for _, gram := range pending {
		g, region := gram.pendingNgram, gram.region
		var rows []table.Item
		if g.full() { // endBlock has emptied the heads of split regions
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
