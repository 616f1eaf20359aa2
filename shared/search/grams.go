package search

import (
	"maps"
	"slices"

	"github.com/tenantry/tenantry/shared/store/table"
)

// collect adds a document to the n-grams of its text.
func (b *builder) collect(number int64, folded string) {
	region, place := number/b.Regions, uint32(number%b.Regions)
	grams := b.grams[region]
	if grams == nil {
		grams = map[ngram][]uint32{}
		b.grams[region] = grams
	}
	eachNgram(folded, func(gram ngram) {
		places := grams[gram]
		if len(places) == 0 || places[len(places)-1] != place {
			grams[gram] = append(places, place)
			b.postings++
		}
	})
}

// endNgrams adds the collected numbers to the rows of their n-grams.
func (b *builder) endNgrams() error {
	if err := b.out.flush(); err != nil { // the rows may be read again
		return err
	}
	for _, number := range slices.Sorted(maps.Keys(b.grams)) {
		// The rows of a region that begins in this part need not be read.
		fresh := !b.again && number*b.Regions >= b.start-1
		regions, rows := make([]region, 0, len(b.grams[number])), regionNumbers{}
		for gram, places := range b.grams[number] {
			at := region{b.ngram(gram), number}
			regions, rows[at] = append(regions, at), places
		}
		slices.SortFunc(regions, compareRegions) // rows are written fastest in their order
		for batch := range slices.Chunk(regions, headsPerBatch) {
			if err := b.addNgrams(batch, rows, fresh); err != nil {
				return err
			}
		}
		delete(b.grams, number)
	}
	b.postings, b.again = 0, true
	return nil
}

func (b *builder) addNgrams(regions []region, rows regionNumbers, fresh bool) error {
	if err := b.renew(b.ctx); err != nil {
		return err
	}
	changed, err := b.changedRows(b.ctx, b.layout, regions, rows, fresh)
	if err != nil {
		return err
	}
	for _, items := range changed {
		for _, item := range items {
			if err := b.out.add(table.Item{Key: item.Key, Version: item.Version + 1, Data: item.Data}); err != nil {
				return err
			}
		}
	}
	return nil
}
