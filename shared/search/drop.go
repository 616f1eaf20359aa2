package search

import "context"

// Drop removes all rows of a space, also those of removed documents and of an unfinished rebuild. It can
// be interrupted and repeated. The caller makes sure that nothing is put into the space any more.
func (x *Index) Drop(ctx context.Context, space string) error {
	var partitions []string
	for _, at := range []root{{space: space}, {space: space, next: true}} {
		stored, err := x.load(ctx, x.store, at)
		if err != nil {
			return err
		}
		if stored.Generation > 0 {
			partitions = append(partitions, stored.generation().partitions(stored.Orders)...)
		}
		for _, old := range stored.Old {
			partitions = append(partitions, generation{space, old.Generation, old.Buckets}.partitions(old.Orders)...)
		}
	}
	partitions = append(partitions, derivedGone(space), space+"#INDEX") // the state last, to find the rest by it
	endless := x.now().AddDate(1, 0, 0)
	for _, partition := range partitions {
		if _, err := x.deleteAll(ctx, partition, endless); err != nil {
			return err
		}
	}
	return nil
}

// derivedGone returns the partition of the rows of removed documents.
func derivedGone(space string) string { return tombstoneKey(space, 0).Partition }
