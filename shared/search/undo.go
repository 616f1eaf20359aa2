package search

import (
	"maps"
	"slices"

	"github.com/tenantry/tenantry/shared/store/table"
)

// undo removes what an interrupted worker has written of the part: for each of its documents the
// rows of orders and terms and the counts, then the text, and the document last. It may be
// interrupted as well. The n-grams stay: they may have superfluous numbers.
func (b *builder) undo() error {
	query := table.Query{
		Table: table.Derived, Partition: b.documents(), From: ordered(b.start), Limit: table.MaxBatch,
	}
	for {
		page, err := b.store.Query(b.ctx, query)
		if err != nil {
			return err
		}
		if err := b.undoPage(page.Items); err != nil {
			return err
		}
		if err := b.renew(b.ctx); err != nil {
			return err
		}
		if query.After = page.Next; page.Next == "" {
			return b.out.flush()
		}
	}
}

func (b *builder) undoPage(documents []table.Item) error {
	terms, rows := map[Term]bool{}, map[table.Key]bool{}
	for _, item := range documents {
		number, err := parseOrdered(item.Sort)
		if err != nil {
			return err
		}
		record, err := decode[record](item)
		if err != nil {
			return err
		}
		for name, value := range record.Orders {
			rows[derived(b.order(name), orderSort(value, number))] = true
		}
		for term, use := range record.uses() {
			terms[term] = true
			if use == filtered {
				rows[b.term(term).row(number/b.Terms)] = true
			}
		}
	}
	if err := b.removeRows(maps.Keys(rows)); err != nil {
		return err
	}
	if err := b.restoreCounters(slices.Collect(maps.Keys(terms))); err != nil {
		return err
	}
	if err := b.out.flush(); err != nil {
		return err
	}
	for _, item := range documents {
		for _, key := range []table.Key{derived(b.texts(), item.Sort), item.Key} {
			if err := b.out.add(table.Item{Key: key}); err != nil {
				return err
			}
		}
	}
	return nil
}

// removeRows removes rows, whether they are there or not.
func (b *builder) removeRows(keys func(yield func(table.Key) bool)) error {
	for key := range keys {
		if err := b.out.add(table.Item{Key: key}); err != nil {
			return err
		}
	}
	return nil
}

// restoreCounters gives the counters of terms back what they were before the part.
func (b *builder) restoreCounters(terms []Term) error {
	for batch := range slices.Chunk(terms, table.MaxBatch) {
		stored, err := b.counted(batch)
		if err != nil {
			return err
		}
		for i, term := range batch {
			switch was := stored[i]; {
			case was.Part != b.start:
			case was.Before == 0:
				err = b.out.add(table.Item{Key: b.counter(term)})
			default:
				err = b.put(b.counter(term), counter{Value: term.Value, Count: was.Before})
			}
			if err != nil {
				return err
			}
		}
	}
	return nil
}
