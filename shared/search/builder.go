package search

import (
	"cmp"
	"context"
	"fmt"
	"iter"
	"maps"
	"slices"
	"time"

	"github.com/tenantry/tenantry/shared/store/table"
)

// builder writes a generation, block by block.
type builder struct {
	generation
	layout
	x   *Index
	ctx context.Context
	out *bulk

	count, changed int64 // documents so far, and their latest Changed
	last           int64 // number of the last document
	orders         []string
	renewedAt      time.Time

	terms    map[Term]numbers
	regions  *regions
	counters map[Term]int64
	// countersWritten says that some counters have been written, so that later ones must be added
	// to them.
	countersWritten bool
}

func newBuilder(ctx context.Context, x *Index, s *state) *builder {
	b := &builder{
		generation: generation{s.space, s.Rebuild.Generation, x.Buckets},
		layout:     x.layout,
		x:          x,
		ctx:        ctx,
		out:        newBulk(ctx, x.store),
		renewedAt:  x.now(),
		terms:      map[Term]numbers{},
		counters:   map[Term]int64{},
	}
	b.regions = &regions{builder: b, grams: map[ngram]*pendingNgram{}}
	return b
}

// all writes all documents.
func (b *builder) all(docs iter.Seq2[Document, error]) error {
	err := b.each(docs)
	if err == nil {
		err = cmp.Or(b.endTerms(), b.regions.end(), b.endCounters())
	}
	return cmp.Or(b.out.close(), err)
}

func (b *builder) each(docs iter.Seq2[Document, error]) error {
	for doc, err := range docs {
		if err == nil {
			err = doc.check()
		}
		if err == nil && doc.Number <= b.last {
			err = fmt.Errorf("%w: document %d comes after document %d", table.ErrBadRequest, doc.Number, b.last)
		}
		if err == nil {
			err = b.add(doc)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

func (b *builder) add(doc Document) error {
	if err := b.moveTo(doc.Number); err != nil {
		return err
	}
	record, folded := recordOf(doc)
	if err := b.renewLease(record.Orders); err != nil {
		return err
	}
	sort := ordered(doc.Number)
	if folded != "" {
		record.TextVersion = 1
		if err := b.put(derived(b.texts(), sort), folded); err != nil {
			return err
		}
	}
	if err := b.put(derived(b.documents(), sort), record); err != nil {
		return err
	}
	for name, value := range record.Orders {
		if err := b.put(derived(b.order(name), orderSort(value, doc.Number)), 0); err != nil {
			return err
		}
	}
	b.count++
	b.changed = max(b.changed, doc.Changed)
	b.collect(doc.Number, &record, folded)
	return nil
}

// moveTo writes the rows that are complete before the given number.
func (b *builder) moveTo(number int64) (err error) {
	if number/b.Terms != b.last/b.Terms {
		err = b.endTerms()
	}
	err = cmp.Or(err, b.regions.moveTo(number))
	if len(b.counters) >= b.x.maxCounters {
		err = cmp.Or(err, b.endCounters())
	}
	b.last = number
	return err
}

// renewLease reports from time to time that the builder is alive, and records each new order.
func (b *builder) renewLease(orders map[string]string) error {
	known := addOrders(b.orders, orders)
	now := b.x.now()
	if len(known) == len(b.orders) && now.Sub(b.renewedAt) < b.x.lease/4 {
		return nil
	}
	b.orders, b.renewedAt = known, now
	return b.x.renew(b.ctx, b.space, b.number, known)
}

func (b *builder) put(key table.Key, value any) error {
	data, err := encode(value)
	if err != nil {
		return err
	}
	return b.out.add(table.Item{Key: key, Version: 1, Data: data})
}

func (b *builder) collect(number int64, record *record, folded string) {
	for term, use := range record.uses() {
		b.counters[term]++
		if use != filtered {
			continue
		}
		if b.terms[term] == nil {
			b.terms[term] = newNumbers(b.Terms)
		}
		b.terms[term].add(int(number % b.Terms))
	}
	b.regions.collect(number, folded)
}

func (b *builder) endTerms() error {
	for _, term := range slices.SortedFunc(maps.Keys(b.terms), compareTerms) {
		row := b.term(term).row(b.last / b.Terms)
		if err := b.out.add(table.Item{Key: row, Version: 1, Data: b.terms[term].encode()}); err != nil {
			return err
		}
	}
	clear(b.terms)
	return nil
}

// read reads rows, or returns empty ones if they have not been written yet.
func (b *builder) read(keys []table.Key, written bool) ([]table.Item, error) {
	if !written {
		return make([]table.Item, len(keys)), nil
	}
	return b.x.store.BatchGet(b.ctx, keys)
}

func (b *builder) endCounters() error {
	if b.countersWritten {
		if err := b.out.flush(); err != nil {
			return err
		}
	}
	for batch := range slices.Chunk(slices.SortedFunc(maps.Keys(b.counters), compareTerms), table.MaxBatch) {
		keys := make([]table.Key, len(batch))
		for i, term := range batch {
			keys[i] = b.counter(term)
		}
		stored, err := b.read(keys, b.countersWritten)
		if err != nil {
			return err
		}
		for i, term := range batch {
			total := counter{Value: term.Value}
			if stored[i].Version != 0 {
				if total, err = decode[counter](stored[i]); err != nil {
					return err
				}
			}
			total.Count += b.counters[term]
			if err := b.put(keys[i], total); err != nil {
				return err
			}
		}
	}
	clear(b.counters)
	b.countersWritten = true
	return nil
}
