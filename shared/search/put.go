package search

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/tenantry/tenantry/shared/fault"
	"github.com/tenantry/tenantry/shared/store/table"
)

// update is the removal of a document, or its new record and text.
type update struct {
	number, version, changed int64
	removed                  bool
	record                   record
	folded                   string
	text                     string // before folding
}

// foldedBy returns the update with its text folded by the form of an index.
func (u update) foldedBy(form int) update {
	if form != Form {
		u.folded = storable(foldBy(form, u.text))
		u.record.Text = hashOf(u.folded)
	}
	return u
}

// Put stores a document, replacing any older version. It returns a fault of code Unavailable while
// the space is being rebuilt or has too many concurrent writers; retry later.
func (x *Index) Put(ctx context.Context, space string, doc Document) error {
	return x.PutAll(ctx, space, []Document{doc})
}

// PutAll stores documents like Put, at a lower cost: as many as fit are written in one transaction.
// If it fails, some documents may have been stored.
func (x *Index) PutAll(ctx context.Context, space string, docs []Document) error {
	updates := make([]update, 0, len(docs))
	for _, doc := range docs {
		if err := doc.check(); err != nil {
			return err
		}
		record, folded := recordOf(doc)
		updates = append(updates, update{
			number:  doc.Number,
			version: doc.Version,
			changed: doc.Changed,
			record:  record,
			folded:  folded,
			text:    doc.Text,
		})
	}
	// Keep only the latest version of each document.
	slices.SortStableFunc(updates, func(a, b update) int {
		return cmp.Or(cmp.Compare(a.number, b.number), cmp.Compare(b.version, a.version))
	})
	updates = slices.CompactFunc(updates, func(a, b update) bool { return a.number == b.number })
	return x.apply(ctx, root{space: space}, updates)
}

// Remove removes a document unless the stored version is the same as the given one or newer. For 30
// days, a Put of an older version changes nothing. It returns the same errors as Put.
func (x *Index) Remove(ctx context.Context, space string, number, version int64) error {
	if number < 1 || version < 1 {
		return fmt.Errorf("%w: document %d of version %d", table.ErrBadRequest, number, version)
	}
	return x.apply(ctx, root{space: space}, []update{{number: number, version: version, removed: true}})
}

// errTooManyFresh says that fresh texts must be packed first.
var errTooManyFresh = errors.New("search: too many fresh texts")

// apply runs transactions until all updates are applied.
func (x *Index) apply(ctx context.Context, at root, updates []update) error {
	attempt := 0
	var fresh int64
	for len(updates) > 0 {
		applied, freshNow, err := x.takeTurn(ctx, at, updates)
		switch {
		case errors.Is(err, errTooManyFresh):
			packed, err := x.packFresh(ctx, at)
			if err != nil {
				return err
			}
			if attempt++; !packed || attempt > x.maxAttempts {
				return fault.New(fault.Unavailable, "Too many changes at once. Try again.")
			}
		case err != nil:
			if err := x.backOff(ctx, err, attempt); err != nil {
				return err
			}
			attempt++
		default:
			updates, fresh, attempt = updates[applied:], freshNow, 0
		}
	}
	if fresh < int64(x.packSize) {
		return nil
	}
	_, err := x.packFresh(ctx, at)
	return err
}

// takeTurn waits for the turn of the space and runs one transaction.
func (x *Index) takeTurn(ctx context.Context, at root, updates []update) (done int, fresh int64, err error) {
	end, err := x.turns.wait(ctx, at.space)
	if err != nil {
		return 0, 0, err
	}
	defer end()
	return x.transact(ctx, at, updates)
}

// maxDocuments is the maximum number of documents in a transaction.
const maxDocuments = 10

// transact applies the first updates in one transaction. It returns how many are done, which is
// none if the first needs several transactions, and how many fresh texts there were before.
func (x *Index) transact(ctx context.Context, at root, updates []update) (done int, fresh int64, err error) {
	stored, err := x.load(ctx, x.store, at)
	if err != nil {
		return 0, 0, err
	}
	if stored.Rebuild != nil && x.now().UnixMicro() < stored.Rebuild.Closing {
		return 0, 0, fault.New(fault.Unavailable, "The rebuilt search index is being completed. Try again soon.")
	}
	if stored.Fresh >= int64(x.maxFresh) {
		return 0, 0, errTooManyFresh
	}
	if stored.Generation == 0 {
		stored.Highest++
		stored.Generation, stored.Folding = stored.Highest, Form
	}
	p := newPlan(&stored, x.now())
	documents, err := x.existing(ctx, &stored, updates[:min(len(updates), maxDocuments)])
	if err != nil {
		return 0, 0, err
	}
	for done < len(documents) && p.add(updates[done].foldedBy(stored.Folding), documents[done]) {
		done++
	}
	if done == 0 {
		p.addPart(updates[0].foldedBy(stored.Folding), documents[0])
	}
	writes, err := p.allWrites(ctx, x.store)
	if err != nil || len(writes) == 0 {
		return done, stored.Fresh, err
	}
	return done, stored.Fresh, x.store.Transact(ctx, writes)
}

// existing is what is stored of a document.
type existing struct {
	row       table.Item // its Version is 0 if there is none
	record    record
	removedAt int64 // the version at which it was removed
	tombstone table.Item
	fresh     table.Item // the mark, if the text is fresh
	late      table.Item // the mark of a change that the generation being built may lack
}

// existing reads what is stored of the documents to update.
func (x *Index) existing(ctx context.Context, s *state, updates []update) ([]existing, error) {
	g, rows := s.generation(), 3
	if s.Rebuild != nil {
		rows++
	}
	keys := make([]table.Key, 0, rows*len(updates))
	for _, update := range updates {
		sort := ordered(update.number)
		keys = append(keys,
			derived(g.documents(), sort), tombstoneKey(g.space, update.number), derived(g.fresh(), sort))
		if s.Rebuild != nil {
			keys = append(keys, derived(s.building().late(), sort))
		}
	}
	items, err := x.store.BatchGet(ctx, keys)
	if err != nil {
		return nil, err
	}
	documents := make([]existing, len(updates))
	for i := range documents {
		read := items[rows*i:]
		old := existing{row: read[0], tombstone: read[1], fresh: read[2]}
		if s.Rebuild != nil {
			old.late = read[3]
		}
		if old.row.Version != 0 {
			if old.record, err = decode[record](old.row); err != nil {
				return nil, err
			}
		}
		if old.tombstone.Version != 0 {
			if old.removedAt, err = decode[int64](old.tombstone); err != nil {
				return nil, err
			}
		}
		documents[i] = old
	}
	return documents, nil
}
