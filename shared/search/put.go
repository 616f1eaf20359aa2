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

// wish is what a document shall become: a record with its text, or gone.
type update struct {
	number, version, changed int64
	removed                  bool
	record                   record
	folded                   string
	text                     string // before it was folded
}

// by returns the wish with its text folded by the form of an index.
func (u update) foldedBy(form int) update {
	if form != Form {
		u.folded = storable(foldBy(form, u.text))
		u.record.Text = hashOf(u.folded)
	}
	return u
}

// Put stores a document, in the place of an older version. It returns a fault of code Unavailable
// while the space is being rebuilt or has too many concurrent writers; retry later.
func (x *Index) Put(ctx context.Context, space string, doc Document) error {
	return x.PutAll(ctx, space, []Document{doc})
}

// PutAll stores documents as Put does, for less than one by one: as many as fit are written
// in one transaction, and share what they change. After an error some may be stored.
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
	// Of one document's versions only the last counts.
	slices.SortStableFunc(updates, func(a, b update) int {
		return cmp.Or(cmp.Compare(a.number, b.number), cmp.Compare(b.version, a.version))
	})
	updates = slices.CompactFunc(updates, func(a, b update) bool { return a.number == b.number })
	return x.apply(ctx, space, updates)
}

// Remove takes a document out, unless the version that is stored is as new as the one given
// or newer. An older Put that comes later, within 30 days, changes nothing. Its errors are those
// of Put.
func (x *Index) Remove(ctx context.Context, space string, number, version int64) error {
	if number < 1 || version < 1 {
		return fmt.Errorf("%w: document %d of version %d", table.ErrBadRequest, number, version)
	}
	return x.apply(ctx, space, []update{{number: number, version: version, removed: true}})
}

// errCrowded says that too many texts are fresh.
var errTooManyFresh = errors.New("search: too many fresh texts")

// fulfil does one transaction after the other until nothing is left to do.
func (x *Index) apply(ctx context.Context, space string, updates []update) error {
	attempt := 0
	var fresh int64
	for len(updates) > 0 {
		applied, freshNow, err := x.takeTurn(ctx, space, updates)
		switch {
		case errors.Is(err, errTooManyFresh):
			packed, err := x.packFresh(ctx, space)
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
	_, err := x.packFresh(ctx, space)
	return err
}

func (x *Index) takeTurn(ctx context.Context, space string, updates []update) (done int, fresh int64, err error) {
	end, err := x.turn(ctx, space)
	if err != nil {
		return 0, 0, err
	}
	defer end()
	return x.transact(ctx, space, updates)
}

// together is how many documents are tried in one transaction.
const maxDocuments = 10

// transact brings the first wishes closer in one transaction, and tells how many are
// fulfilled: none where the first is too large for one.
func (x *Index) transact(ctx context.Context, space string, updates []update) (done int, fresh int64, err error) {
	stored, err := x.load(ctx, x.store, space)
	if err != nil {
		return 0, 0, err
	}
	if stored.beingRebuilt(x.now()) {
		return 0, 0, fault.New(fault.Unavailable, "The search index is being rebuilt. Try again later.")
	}
	if stored.Fresh >= int64(x.maxFresh) {
		return 0, 0, errTooManyFresh
	}
	if stored.Generation == 0 {
		stored.Highest++
		stored.Generation, stored.Folding = stored.Highest, Form
	}
	stored.retire()
	p := newPlan(&stored, x.now())
	existing, err := x.existing(ctx, p.generation, updates[:min(len(updates), maxDocuments)])
	if err != nil {
		return 0, 0, err
	}
	for done < len(existing) && p.add(updates[done].foldedBy(stored.Folding), existing[done]) {
		done++
	}
	if done == 0 {
		p.addPart(updates[0].foldedBy(stored.Folding), existing[0])
	}
	writes, err := p.allWrites(ctx, x.store)
	if err != nil || len(writes) == 0 {
		return done, stored.Fresh, err
	}
	return done, stored.Fresh, x.store.Transact(ctx, writes)
}

// retire puts a dead builder's generation among those to be removed, so that the builder cannot
// continue: its generation lacks the changes made from now on.
func (s *state) retire() {
	if s.Rebuild != nil {
		s.Old = append(s.Old, obsolete{s.Rebuild.Generation, s.Rebuild.Orders, s.Rebuild.Buckets})
		s.Rebuild = nil
	}
}

// present is what is stored of a document.
type existing struct {
	row       table.Item // Version 0 where there is none
	record    record
	removedAt int64 // the version at which it was removed
	tombstone table.Item
	fresh     table.Item
}

func (x *Index) existing(ctx context.Context, g generation, updates []update) ([]existing, error) {
	keys := make([]table.Key, 0, 3*len(updates))
	for _, update := range updates {
		sort := ordered(update.number)
		keys = append(keys, derived(g.documents(), sort), tombstoneKey(g.space, update.number), derived(g.fresh(), sort))
	}
	items, err := x.store.BatchGet(ctx, keys)
	if err != nil {
		return nil, err
	}
	all := make([]existing, len(updates))
	for i := range all {
		old := existing{row: items[3*i], tombstone: items[3*i+1], fresh: items[3*i+2]}
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
		all[i] = old
	}
	return all, nil
}
