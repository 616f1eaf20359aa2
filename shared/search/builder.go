package search

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"slices"

	"github.com/tenantry/tenantry/shared/store/table"
)

// builder writes a part of a generation: the documents from a number on. Its rows are written
// without conditions, so that a row costs one request in 500 and one write unit. That is safe
// because nobody else writes them, and because an interrupted part is undone before it is begun
// again. The rows of the documents are written before those that are found by them, so that they
// tell what has to be undone.
type builder struct {
	*rebuilder
	layout
	ctx   context.Context
	out   *bulk
	start int64 // first number of the part
	next  int64 // first number after the part

	count, changed, last int64
	orders               []string

	terms    map[Term]numbers
	counters map[Term]int64
	// grams are the places of the documents that have an n-gram, by region.
	grams    map[int64]map[ngram][]uint32
	postings int
	// again says that rows of n-grams may have been written in this part.
	again bool
}

// part writes the next documents and returns the state of the space.
func (r *rebuilder) part(ctx context.Context, s state) (state, error) {
	from := s.Rebuild
	b := &builder{
		rebuilder: r, layout: from.Layout, ctx: ctx, out: newBulk(ctx, r.store), start: from.Next, next: from.Next,
		changed: from.Changed, last: from.Last, orders: from.Orders, again: from.Dirty,
		terms: map[Term]numbers{}, counters: map[Term]int64{}, grams: map[int64]map[ngram][]uint32{},
	}
	if from.Dirty {
		if err := b.undo(); err != nil {
			return state{}, err
		}
	} else if err := r.note(ctx, func(to *rebuild) { to.Dirty = true }); err != nil {
		return state{}, err
	}
	ended, err := r.eachBlock(ctx, b.start, b.block)
	if err == nil {
		err = cmp.Or(b.endNgrams(), b.endCounters())
	}
	if err := cmp.Or(b.out.close(), err); err != nil {
		return state{}, err
	}
	return r.saved(ctx, func(s *state) ([]table.Write, error) { return b.save(s.Rebuild, ended) })
}

// save notes that the part is written. At the end of the last one, the generation gets a state of
// its own.
func (b *builder) save(to *rebuild, ended bool) ([]table.Write, error) {
	to.Next, to.Dirty, to.Written = b.next, false, ended
	to.Documents, to.Changed, to.Last, to.Orders = to.Documents+b.count, b.changed, b.last, b.orders
	if !ended {
		return nil, nil
	}
	next := state{
		Generation: to.Generation, Highest: to.Generation, Documents: to.Documents, Changed: to.Changed, Last: to.Last,
		Orders: to.Orders, Folding: to.Folding, layout: to.Layout, root: root{b.space, true},
	}
	write, err := next.write()
	return []table.Write{write}, err
}

// written is a document whose row is written.
type written struct {
	number int64
	record record // without its data
}

// block writes the documents with the numbers of a block, and reports whether the part goes on.
func (b *builder) block(block int64, numbers []int64) (bool, error) {
	var found []written
	for batch := range slices.Chunk(numbers, MostDocuments) {
		docs, err := b.source.Documents(b.ctx, batch)
		if err != nil {
			return false, err
		}
		for _, doc := range docs {
			if err := doc.check(); err != nil {
				return false, err
			}
			if _, asked := slices.BinarySearch(batch, doc.Number); !asked {
				return false, fmt.Errorf("%w: document %d was not asked for", table.ErrBadRequest, doc.Number)
			}
			record, err := b.document(doc)
			if err != nil {
				return false, err
			}
			found = append(found, written{doc.Number, record})
		}
		if err := b.renew(b.ctx); err != nil {
			return false, err
		}
	}
	if err := cmp.Or(b.nameOrders(found), b.out.flush()); err != nil {
		return false, err
	}
	for _, doc := range found {
		if err := b.list(doc); err != nil {
			return false, err
		}
	}
	if err := b.endTerms(block); err != nil {
		return false, err
	}
	b.next = (block + 1) * b.Terms
	if len(b.counters) >= b.maxCounters {
		if err := b.endCounters(); err != nil {
			return false, err
		}
	}
	return b.count < b.partSize && !b.over(), nil
}

// document writes the row of a document and its text, and collects the text's n-grams.
func (b *builder) document(doc Document) (record, error) {
	made, folded := recordOf(doc)
	sort := ordered(doc.Number)
	if folded != "" {
		made.TextVersion = 1
		if err := b.put(derived(b.texts(), sort), folded); err != nil {
			return record{}, err
		}
	}
	if err := b.put(derived(b.documents(), sort), made); err != nil {
		return record{}, err
	}
	made.Data = nil
	b.count++
	b.changed, b.last = max(b.changed, doc.Changed), max(b.last, doc.Number)
	b.collect(doc.Number, folded)
	if b.postings < b.maxPostings {
		return made, nil
	}
	return made, b.endNgrams()
}

// nameOrders stores the names of orders before their rows are written, so that these can be found
// when the generation is removed.
func (b *builder) nameOrders(docs []written) error {
	known := b.orders
	for _, doc := range docs {
		known = addOrders(known, doc.record.Orders)
	}
	if len(known) == len(b.orders) {
		return nil
	}
	b.orders = known
	return b.note(b.ctx, func(to *rebuild) { to.Orders = known })
}

// list writes the rows of a document's orders, and collects its terms.
func (b *builder) list(doc written) error {
	for name, value := range doc.record.Orders {
		if err := b.put(derived(b.order(name), orderSort(value, doc.number)), 0); err != nil {
			return err
		}
	}
	for term, use := range doc.record.uses() {
		b.counters[term]++
		if use != filtered {
			continue
		}
		if b.terms[term] == nil {
			b.terms[term] = newNumbers(b.Terms)
		}
		b.terms[term].add(int(doc.number % b.Terms))
	}
	return nil
}

func (b *builder) put(key table.Key, value any) error {
	data, err := encode(value)
	if err != nil {
		return err
	}
	return b.out.add(table.Item{Key: key, Version: 1, Data: data})
}

// endTerms writes the sets of a block.
func (b *builder) endTerms(block int64) error {
	for _, term := range slices.SortedFunc(maps.Keys(b.terms), compareTerms) {
		row := b.term(term).row(block)
		if err := b.out.add(table.Item{Key: row, Version: 1, Data: b.terms[term].encode()}); err != nil {
			return err
		}
	}
	clear(b.terms)
	return nil
}

// endCounters adds the counts to the counters. Each counter notes what it was before the part.
func (b *builder) endCounters() error {
	if err := b.out.flush(); err != nil { // the documents first, and earlier counts of the part
		return err
	}
	for batch := range slices.Chunk(slices.SortedFunc(maps.Keys(b.counters), compareTerms), table.MaxBatch) {
		stored, err := b.counted(batch)
		if err != nil {
			return err
		}
		for i, term := range batch {
			total := stored[i]
			if total.Part != b.start {
				total = counter{Value: term.Value, Count: total.Count, Part: b.start, Before: total.Count}
			}
			total.Count += b.counters[term]
			if err := b.put(b.counter(term), total); err != nil {
				return err
			}
		}
	}
	clear(b.counters)
	return nil
}

// counted returns the counters of terms.
func (b *builder) counted(terms []Term) ([]counter, error) {
	keys := make([]table.Key, len(terms))
	for i, term := range terms {
		keys[i] = b.counter(term)
	}
	items, err := b.store.BatchGet(b.ctx, keys)
	if err != nil {
		return nil, err
	}
	counters := make([]counter, len(items))
	for i, item := range items {
		if item.Version == 0 {
			continue
		}
		if counters[i], err = decode[counter](item); err != nil {
			return nil, err
		}
	}
	return counters, nil
}
