package support

import (
	"context"
	"math"
	"slices"

	"golang.org/x/sync/errgroup"

	"github.com/tenantry/tenantry/shared/change"
	"github.com/tenantry/tenantry/shared/fault"
	"github.com/tenantry/tenantry/shared/identity"
	"github.com/tenantry/tenantry/shared/store/table"
)

const (
	// maxMerged is the maximum number of merged cases shown with a case; its links lead to the
	// others.
	maxMerged = 10
	// mergedBytes limits the size of the comments of each merged case, as detailBytes does for the
	// case.
	mergedBytes = detailBytes / maxMerged
)

// mergedInto reads the cases that were merged into an opened one, in the order of the merges. It
// makes no request if there are none.
func (s *Service) mergedInto(ctx context.Context, by identity.Principal, opened Opened) ([]Detail, error) {
	var merged []Detail
	known := map[string]bool{opened.ID: true}
	for level := mergedLinks(opened.Case); len(level) > 0 && len(merged) < maxMerged; {
		var keys []table.Key
		for _, link := range level {
			if !known[link.CaseID] && len(merged)+len(keys)/2 < maxMerged {
				known[link.CaseID] = true
				keys = append(keys,
					CaseKey(opened.OrgID, link.CaseID, CaseSort), CaseKey(opened.OrgID, link.CaseID, DescriptionSort))
			}
		}
		level = nil
		if len(keys) == 0 {
			break
		}
		items, err := s.journal.BatchGet(ctx, keys)
		if err != nil {
			return nil, err
		}
		for pair := range slices.Chunk(items, 2) {
			c, err := DecodeCase(pair[0])
			if fault.Is(err, fault.NotFound) || err == nil && (c.Deleted > 0 || c.MergedInto == nil) {
				continue
			}
			if err != nil {
				return nil, err
			}
			detail := Detail{Case: View(by, opened.Place, c)}
			if pair[1].Version > 0 {
				var first Description
				if err := change.Decode(pair[1], &first); err != nil {
					return nil, err
				}
				detail.Description = first.Text
			}
			merged = append(merged, detail)
			level = append(level, mergedLinks(c)...)
		}
	}
	group, groupCtx := errgroup.WithContext(ctx)
	for i := range merged {
		group.Go(func() error { return s.readMerged(groupCtx, &merged[i], opened.Reader) })
	}
	return merged, group.Wait()
}

// mergedLinks returns the links to the cases that were merged into a case.
func mergedLinks(c Case) []Link {
	return slices.DeleteFunc(slices.Clone(c.Links), func(l Link) bool { return l.Kind != Merged })
}

// readMerged reads the latest comments and files of a merged case.
func (s *Service) readMerged(ctx context.Context, detail *Detail, reader Reader) error {
	reading := func(prefix string) (table.Query, table.Page, error) {
		query := table.WithPrefix(table.Core, CasePartition(detail.OrgID, detail.ID), prefix)
		query.Limit, query.Descending = DetailPage+1, true
		page, err := s.journal.Query(ctx, query)
		return query, page, err
	}
	var next string
	query, page, err := reading(CommentSort)
	if err == nil {
		detail.Comments, next, err = visible(ctx, s, query, page, room{DetailPage, mergedBytes}, reader.comment)
	}
	if err != nil {
		return err
	}
	if query, page, err = reading(FileSort); err == nil {
		detail.Files, _, err = visible(ctx, s, query, page, room{DetailPage, math.MaxInt}, reader.file)
	}
	detail.MoreComments = next != ""
	slices.Reverse(detail.Comments)
	slices.Reverse(detail.Files)
	return err
}
