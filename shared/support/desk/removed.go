package desk

import (
	"context"
	"slices"
	"strconv"

	"github.com/tenantry/tenantry/shared/fault"
	"github.com/tenantry/tenantry/shared/search"
)

// inUse reports whether cases of a provider have a value of a list.
func (s *Service) inUse(ctx context.Context, mspID, field, value string) (bool, error) {
	page, err := s.index.Find(
		ctx,
		Partition(mspID),
		search.Query{Where: []search.Condition{{Field: field, Values: []string{value}}}, Limit: 1},
	)
	return page.Total > 0, err
}

// checkRemoved returns a fault if a value that cases have was removed from a list.
func (s *Service) checkRemoved(ctx context.Context, mspID string, before, after Setting) error {
	lists := after.Lists()
	for i, l := range before.Lists() {
		for _, choice := range l.choices {
			if slices.ContainsFunc(lists[i].choices, func(c Choice) bool { return c.Value == choice.Value }) {
				continue
			}
			used, err := s.inUse(ctx, mspID, l.Field, choice.Value)
			if err != nil {
				return err
			}
			if used {
				return fault.InField(
					l.Field+"s",
					"cases have %s: retire it instead of removing it",
					strconv.Quote(choice.Value),
				)
			}
		}
	}
	return nil
}
