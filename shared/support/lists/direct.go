package lists

import (
	"context"
	"slices"

	"github.com/tenantry/tenantry/shared/fault"
	"github.com/tenantry/tenantry/shared/identity"
	"github.com/tenantry/tenantry/shared/search"
	"github.com/tenantry/tenantry/shared/support"
	"github.com/tenantry/tenantry/shared/tenant"
)

// CheckDirect returns a fault of code Forbidden unless the principal has a permission on the cases
// of direct customers that allow support access.
func CheckDirect(by identity.Principal, permission identity.Permission) error {
	if by.May(permission, identity.AnyDirect()) {
		return nil
	}
	return by.Check(identity.AnswerCases, identity.ThePlatform())
}

// Permitted returns the lines that the principal may see, as the principal sees them: those of
// organizations that let them.
func (s *Service) Permitted(
	ctx context.Context, by identity.Principal, scope Scope, admission Admission, lines []support.Summary,
) ([]support.Summary, error) {
	if scope == (Scope{}) {
		shown, _, err := s.visible(ctx, by, lines)
		return shown, err
	}
	return admission.Show(lines), nil
}

// WithheldAt is tenant.Tenants.WithheldAt, at the platform for its direct customers that have cases.
func (s *Service) WithheldAt(
	ctx context.Context, by identity.Principal, place identity.Place, permissions ...identity.Permission,
) ([]map[string]int64, error) {
	if place.Scope != identity.PlatformScope {
		return s.tenants.WithheldAt(ctx, by, place, permissions...)
	}
	seen, withheld, err := s.directOrgs(ctx, by)
	since, now := make([]map[string]int64, len(permissions)), s.journal.Now().Unix()
	for i, permission := range permissions {
		since[i] = map[string]int64{}
		for _, org := range slices.Concat(seen, withheld) {
			if !by.May(permission, org.Place()) {
				since[i][org.ID] = org.Consents.Ended(now)
			}
		}
	}
	return since, err
}

// directOrgs returns the direct customers that have cases: those whose cases the principal may see,
// and the others.
func (s *Service) directOrgs(ctx context.Context, by identity.Principal) (seen, withheld []tenant.Org, err error) {
	counts, err := s.totals(ctx, Scope{}.Space(), allCases+byOrg)
	if err != nil {
		return nil, nil, err
	}
	if len(counts) >= maxCounts {
		return nil, nil, fault.New(fault.Conflict, "There are too many direct customers: count those of one at a time.")
	}
	ids := make([]string, len(counts))
	for i, count := range counts {
		ids[i] = count.Value
	}
	orgs, err := s.tenants.LoadOrgs(ctx, ids)
	if err != nil {
		return nil, nil, err
	}
	known := make(map[string]bool, len(orgs))
	for _, org := range orgs {
		known[org.ID] = true
		if by.May(identity.SeeCases, org.Place()) {
			seen = append(seen, org)
		} else {
			withheld = append(withheld, org)
		}
	}
	for _, id := range ids {
		if !known[id] { // just deleted: its cases are still in the index
			withheld = append(withheld, tenant.Org{ID: id})
		}
	}
	return seen, withheld, nil
}

// countDirect counts the cases of the direct customers that let the principal see them: by adding up
// theirs or by subtracting those of the others, whichever are fewer.
func (s *Service) countDirect(ctx context.Context, by identity.Principal, field string) ([]Count, error) {
	seen, withheld, err := s.directOrgs(ctx, by)
	if err != nil {
		return nil, err
	}
	if len(seen) < len(withheld) {
		if len(seen) > maxSubtracted {
			return nil, fault.New(fault.Conflict, "Too many direct customers do not let you see their cases: "+
				"count those of one organization at a time.")
		}
		var sum []Count
		for _, org := range seen {
			counts, err := s.totals(ctx, orgSpace(org.ID), field)
			if err != nil {
				return nil, err
			}
			sum = added(sum, counts)
		}
		return sum, nil
	}
	counts, err := s.totals(ctx, Scope{}.Space(), field)
	if err != nil {
		return nil, err
	}
	admission := Admission{Withheld: map[string]int64{}}
	for _, org := range withheld {
		admission.Withheld[org.ID] = 0
	}
	return s.subtract(ctx, admission, field, counts)
}

// added returns the sums of counts by value, in the order of the values.
func added(sum, counts []Count) []Count {
	for _, count := range counts {
		at, found := slices.BinarySearchFunc(sum, count.Value, func(c Count, value string) int {
			switch {
			case c.Value < value:
				return -1
			case c.Value > value:
				return 1
			}
			return 0
		})
		if found {
			sum[at].Count += count.Count
		} else {
			sum = slices.Insert(sum, at, count)
		}
	}
	return sum
}

// totals returns the counts of the values of a field in a space, at most about maxCounts.
func (s *Service) totals(ctx context.Context, space, field string) ([]Count, error) {
	var counts []Count
	for after := ""; ; {
		page, next, err := s.index.Totals(ctx, space, field, search.MostHits, after)
		if err != nil {
			return nil, err
		}
		for _, count := range page {
			counts = append(counts, Count{Value: count.Value, Count: count.Count})
		}
		if next == "" || len(counts) >= maxCounts {
			return counts, nil
		}
		after = next
	}
}
