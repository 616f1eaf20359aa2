package search

import (
	"cmp"
	"context"
	"fmt"
	"slices"

	"github.com/tenantry/tenantry/shared/store/table"
)

// Removal is a document to remove, and the version from which it is no longer in the space.
type Removal struct{ Number, Version int64 }

// RemoveAll removes documents like Remove, at a lower cost: as many as fit are removed in one
// transaction. If it fails, some documents may have been removed.
func (x *Index) RemoveAll(ctx context.Context, space string, removals []Removal) error {
	updates := make([]update, 0, len(removals))
	for _, removal := range removals {
		if removal.Number < 1 || removal.Version < 1 {
			return fmt.Errorf("%w: document %d of version %d", table.ErrBadRequest, removal.Number, removal.Version)
		}
		updates = append(updates, update{number: removal.Number, version: removal.Version, removed: true})
	}
	slices.SortStableFunc(updates, func(a, b update) int {
		return cmp.Or(cmp.Compare(a.number, b.number), cmp.Compare(b.version, a.version))
	})
	updates = slices.CompactFunc(updates, func(a, b update) bool { return a.number == b.number })
	return x.apply(ctx, root{space: space}, updates)
}
