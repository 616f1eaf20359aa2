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
type wish struct {
	number, version, changed int64
	gone                     bool
	record                   record
	folded                   string
	text                     string // before it was folded
}

// by returns the wish with its text folded by the form of an index.
func (w wish) by(form int) wish {
	if form != Form {
		w.folded = storable(foldBy(form, w.text))
		w.record.Text = hashOf(w.folded)
	}
	return w
}

// Put stores a document, in the place of an older version. It returns a fault of code Unavailable
// while the space is being rebuilt or has too many concurrent writers; retry later.
func (x *Index) Put(ctx context.Context, space string, doc Document) error {
	return x.PutAll(ctx, space, []Document{doc})
}

// PutAll stores documents as Put does, for less than one by one: as many as fit are written
// in one transaction, and share what they change. After an error some may be stored.
func (x *Index) PutAll(ctx context.Context, space string, docs []Document) error {
	wishes := make([]wish, 0, len(docs))
	for _, doc := range docs {
		if err := doc.check(); err != nil {
			return err
		}
		record, folded := recordOf(doc)
		wishes = append(
			wishes,
			wish{
				number: doc.Number, version: doc.Version, changed: doc.Changed, record: record, folded: folded,
				text: doc.Text,
			},
		)
	}
	// Of one document's versions only the last counts.
	slices.SortStableFunc(wishes, func(a, b wish) int {
		return cmp.Or(cmp.Compare(a.number, b.number), cmp.Compare(b.version, a.version))
	})
	wishes = slices.CompactFunc(wishes, func(a, b wish) bool { return a.number == b.number })
	return x.fulfil(ctx, space, wishes)
}

// Remove takes a document out, unless the version that is stored is as new as the one given
// or newer. An older Put that comes later, within 30 days, changes nothing. Its errors are those
// of Put.
func (x *Index) Remove(ctx context.Context, space string, number, version int64) error {
	if number < 1 || version < 1 {
		return fmt.Errorf("%w: document %d of version %d", table.ErrBadRequest, number, version)
	}
	return x.fulfil(ctx, space, []wish{{number: number, version: version, gone: true}})
}

// errCrowded says that too many texts are fresh.
var errCrowded = errors.New("index: too many fresh texts")

// fulfil does one transaction after the other until nothing is left to do.
func (x *Index) fulfil(ctx context.Context, space string, wishes []wish) error {
	attempt := 0
	var fresh int64
	for len(wishes) > 0 {
		done, now, err := x.takeTurn(ctx, space, wishes)
		switch {
		case errors.Is(err, errCrowded):
			packed, err := x.packFresh(ctx, space)
			if err != nil {
				return err
			}
			if attempt++; !packed || attempt > x.attempts {
				return fault.New(fault.Unavailable, "Too many changes at once. Try again.")
			}
		case err != nil:
			if err := x.again(ctx, err, attempt); err != nil {
				return err
			}
			attempt++
		default:
			wishes, fresh, attempt = wishes[done:], now, 0
		}
	}
	if fresh < int64(x.pack) {
		return nil
	}
	_, err := x.packFresh(ctx, space)
	return err
}

func (x *Index) takeTurn(ctx context.Context, space string, wishes []wish) (done int, fresh int64, err error) {
	end, err := x.turn(ctx, space)
	if err != nil {
		return 0, 0, err
	}
	defer end()
	return x.transact(ctx, space, wishes)
}

// together is how many documents are tried in one transaction.
const together = 10

// transact brings the first wishes closer in one transaction, and tells how many are
// fulfilled: none where the first is too large for one.
func (x *Index) transact(ctx context.Context, space string, wishes []wish) (done int, fresh int64, err error) {
	stored, err := x.load(ctx, x.store, space)
	if err != nil {
		return 0, 0, err
	}
	if stored.beingRebuilt(x.now()) {
		return 0, 0, fault.New(fault.Unavailable, "The search index is being rebuilt. Try again later.")
	}
	if stored.Fresh >= int64(x.most) {
		return 0, 0, errCrowded
	}
	if stored.Generation == 0 {
		stored.Highest++
		stored.Generation, stored.Folding = stored.Highest, Form
	}
	stored.retire()
	p := newPlan(&stored, x.now())
	presents, err := x.presents(ctx, p.generation, wishes[:min(len(wishes), together)])
	if err != nil {
		return 0, 0, err
	}
	for done < len(presents) && p.take(wishes[done].by(stored.Folding), presents[done]) {
		done++
	}
	if done == 0 {
		p.takePart(wishes[0].by(stored.Folding), presents[0])
	}
	writes, err := p.writesAll(ctx, x.store)
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
type present struct {
	row    table.Item // Version 0 where there is none
	record record
	gone   int64 // the version at which it was removed
	grave  table.Item
	fresh  table.Item
}

func (x *Index) presents(ctx context.Context, g generation, wishes []wish) ([]present, error) {
	keys := make([]table.Key, 0, 3*len(wishes))
	for _, wish := range wishes {
		sort := ordered(wish.number)
		keys = append(keys, derived(g.documents(), sort), goneKey(g.space, wish.number), derived(g.fresh(), sort))
	}
	items, err := x.store.BatchGet(ctx, keys)
	if err != nil {
		return nil, err
	}
	all := make([]present, len(wishes))
	for i := range all {
		now := present{row: items[3*i], grave: items[3*i+1], fresh: items[3*i+2]}
		if now.row.Version != 0 {
			if now.record, err = decode[record](now.row); err != nil {
				return nil, err
			}
		}
		if now.grave.Version != 0 {
			if now.gone, err = decode[int64](now.grave); err != nil {
				return nil, err
			}
		}
		all[i] = now
	}
	return all, nil
}
