package lists

import (
	"context"
	"slices"

	"github.com/tenantry/tenantry/shared/fault"
	"github.com/tenantry/tenantry/shared/search"
	"github.com/tenantry/tenantry/shared/support"
)

// maxSubtracted is the maximum number of withheld organizations whose cases are subtracted from what
// is counted for an MSP: each is one request more.
const maxSubtracted = 50

// Without removes the cases of the organizations that are withheld.
func (a Admission) Without(lines []support.Summary) []support.Summary {
	if len(a.Withheld) == 0 && a.Only == nil {
		return lines
	}
	return slices.DeleteFunc(lines, func(line support.Summary) bool { return a.withholds(line.OrgID) })
}

// withholds reports whether an organization does not let its provider see its cases, or is out of the
// principal's reach.
func (a Admission) withholds(orgID string) bool {
	_, withheld := a.Withheld[orgID]
	return withheld || a.Only != nil && !a.Only[orgID]
}

// withoutWithheld removes from a page of an MSP what its organizations withhold, and subtracts their
// cases from the total. If there are too many of them, there is no total.
func (s *Service) withoutWithheld(
	ctx context.Context, query Query, admission Admission, page Page,
) (Page, error) {
	page.Lines = admission.Show(page.Lines)
	searched := query.Phrase == "" || search.CheckPhrase(query.Phrase) == nil // not for a number of one digit
	if len(admission.Withheld) == 0 || page.Total == 0 || !searched {
		return page, nil
	}
	if len(admission.Withheld) > maxSubtracted {
		page.Total, page.Exact = 0, false
		return page, nil
	}
	counted := s.SearchQuery(query)
	counted.Order, counted.Descending, counted.Limit, counted.After = "", false, 1, ""
	for orgID := range admission.Withheld {
		withheld, err := s.index.Find(ctx, orgSpace(orgID), counted)
		if err != nil {
			return Page{}, err
		}
		page.Total = max(page.Total-withheld.Total, int64(len(page.Lines)))
		page.Exact = page.Exact && withheld.Exact
	}
	return page, nil
}

// subtract removes the cases of withheld organizations from the counts of an MSP.
func (s *Service) subtract(ctx context.Context, admission Admission, field string, counts []Count) ([]Count, error) {
	if len(admission.Withheld) > maxSubtracted {
		return nil, fault.New(fault.Conflict,
			"More than %d organizations do not let their MSP see their cases: count those of one organization at a time.",
			maxSubtracted)
	}
	for orgID := range admission.Withheld {
		for after := ""; ; {
			page, next, err := s.index.Totals(ctx, orgSpace(orgID), field, search.MostHits, after)
			if err != nil {
				return nil, err
			}
			for _, withheld := range page {
				at := slices.IndexFunc(counts, func(c Count) bool { return c.Value == withheld.Value })
				if at >= 0 {
					counts[at].Count -= withheld.Count
				}
			}
			if after = next; next == "" {
				break
			}
		}
	}
	return slices.DeleteFunc(counts, func(c Count) bool { return c.Count <= 0 }), nil
}
