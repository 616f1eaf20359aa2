package life

import (
	"context"

	"github.com/tenantry/tenantry/shared/store/table"
)

// emptyJobs deletes some jobs of a place, named by its partition, with their results, and returns how many
// items. Their files were removed a day after they were made. remove commits the deletions.
func (s *Service) emptyJobs(
	ctx context.Context, place string, remove func(context.Context, []table.Write) error,
) (int, error) {
	page, err := s.Journal.Query(ctx, table.Query{Partition: place + "#JOBS", Limit: 1})
	if err != nil || len(page.Items) == 0 {
		return 0, err
	}
	removed, err := s.emptyPartition(ctx, place+"#JOB#"+page.Items[0].Sort, nil, remove)
	if err != nil || removed > 0 {
		return removed, err
	}
	return 1, remove(ctx, []table.Write{table.Delete(page.Items[0].Key, page.Items[0].Version)})
}

// emptyPartition deletes some items of a partition but those that are kept, and returns how many. kept is nil
// to keep none; remove commits the deletions.
func (s *Service) emptyPartition(
	ctx context.Context, partition string, kept func(table.Key) bool, remove func(context.Context, []table.Write) error,
) (int, error) {
	page, err := s.Journal.Query(ctx, table.Query{Partition: partition, Limit: purgedAtOnce})
	if err != nil {
		return 0, err
	}
	var writes []table.Write
	for _, item := range page.Items {
		if kept == nil || !kept(item.Key) {
			writes = append(writes, table.Delete(item.Key, item.Version))
		}
	}
	if len(writes) == 0 {
		return 0, nil
	}
	return len(writes), remove(ctx, writes)
}
