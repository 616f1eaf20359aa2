package audit

import (
	"cmp"
	"context"
	"slices"

	"github.com/tenantry/tenantry/shared/change"
	"github.com/tenantry/tenantry/shared/identity"
)

// Count is the number of entries with a value.
type Count struct {
	Value string
	Count int
}

// Counts are the numbers of entries by their values, the most frequent first.
type Counts struct {
	Values []Count
	// AtLeast is set if there are more entries than one call reads: the oldest are not counted.
	AtLeast bool
}

// CountAt counts the entries of a search in the log of an MSP or organization by what value returns
// for them. It ignores the limit and the page of the search.
func (l *Log) CountAt(
	ctx context.Context,
	by identity.Principal,
	place identity.Place,
	search Search,
	value func(change.Entry) string,
) (Counts, error) {
	if err := by.Check(identity.SeeAudit, place); err != nil {
		return Counts{}, err
	}
	if err := search.check(l.journal.Now()); err != nil {
		return Counts{}, err
	}
	if search.SiteID != "" {
		return Counts{}, nil // nothing concerns a site yet
	}
	search, err := l.seenBy(ctx, search, by, place)
	if err != nil {
		return Counts{}, err
	}
	return l.count(ctx, []string{place.Partition()}, search, value)
}

// CountPlatform counts the entries of a search in the platform's log, for operators, like CountAt.
func (l *Log) CountPlatform(
	ctx context.Context, by identity.Principal, search Search, value func(change.Entry) string,
) (Counts, error) {
	if err := by.Check(identity.RunPlatform, identity.ThePlatform()); err != nil {
		return Counts{}, err
	}
	if err := search.check(l.journal.Now()); err != nil {
		return Counts{}, err
	}
	if search.SiteID != "" {
		return Counts{}, nil // nothing concerns a site yet
	}
	search.by, search.perOrg, search.After = by, true, ""
	partitions, err := months(search)
	if err != nil {
		return Counts{}, err
	}
	return l.count(ctx, partitions, search, value)
}

func (l *Log) count(
	ctx context.Context, partitions []string, search Search, value func(change.Entry) string,
) (Counts, error) {
	counts := map[string]int{}
	var result Counts
	_, err := l.each(ctx, partitions, search, "",
		func(entry change.Entry, _ string) bool {
			counts[value(entry)]++
			return false
		},
		func(looked int, at string) (bool, error) {
			if looked < l.readAtMost {
				return false, nil
			}
			if result.AtLeast = true; len(counts) == 0 {
				r := reading{Search: search, most: l.readAtMost}
				return true, r.tooMuch(at)
			}
			return true, nil
		})
	if err != nil {
		return Counts{}, err
	}
	for name, count := range counts {
		result.Values = append(result.Values, Count{Value: name, Count: count})
	}
	slices.SortFunc(result.Values, func(x, y Count) int {
		return cmp.Or(cmp.Compare(y.Count, x.Count), cmp.Compare(x.Value, y.Value))
	})
	return result, nil
}
