package lists

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/google/uuid"
	"golang.org/x/sync/errgroup"

	"github.com/tenantry/tenantry/shared/change"
	"github.com/tenantry/tenantry/shared/fault"
	"github.com/tenantry/tenantry/shared/identity"
	"github.com/tenantry/tenantry/shared/store/table"
	"github.com/tenantry/tenantry/shared/support"
)

// MaxChanged is the maximum number of cases that Changed reads of one list.
const MaxChanged = 10_000

// Changed returns the cases of an organization, or of all organizations of an MSP if orgID is
// empty, whose last change is within a range of time, latest change first, including archived
// cases. It reads at most `most` cases of each list; if there are more and the caller needs all, it
// returns a fault of code Invalid.
func (s *Service) Changed(
	ctx context.Context,
	by identity.Principal,
	orgID, mspID string,
	from, to time.Time,
	most int,
	whole bool,
) ([]support.Summary, error) {
	if orgID == "" && mspID == "" {
		return nil, fault.Missing()
	}
	scope := Scope{OrgID: orgID, MSPID: mspID}
	admission, err := s.admit(ctx, by, scope, "")
	if err != nil {
		return nil, err
	}
	lists := []string{support.OpenName, support.ClosedName, support.ArchivedName}
	summaries := make([][]support.Summary, len(lists))
	group, groupCtx := errgroup.WithContext(ctx)
	for i, list := range lists {
		group.Go(func() (err error) {
			summaries[i], err = s.changedIn(groupCtx, scope.Space()+"#CASES#"+list, from, to, most, whole)
			return err
		})
	}
	if err := group.Wait(); err != nil {
		return nil, err
	}
	lines := admission.Show(slices.Concat(summaries...))
	slices.SortStableFunc(lines, func(a, b support.Summary) int { return cmp.Compare(b.Updated, a.Updated) })
	return lines, nil
}

func (s *Service) changedIn(
	ctx context.Context,
	partition string,
	from, to time.Time,
	most int,
	whole bool,
) ([]support.Summary, error) {
	bounds := func(t time.Time) string { return fmt.Sprintf("%016d", max(t.UnixMicro(), 0)) }
	query := table.Query{Partition: partition, From: bounds(from), To: bounds(to), Descending: true}
	if query.From >= query.To {
		return nil, fault.InField("query.start", "must be before end")
	}
	var lines []support.Summary
	for {
		query.Limit = min(most-len(lines), table.MaxPage)
		page, err := s.journal.Query(ctx, query)
		if err != nil {
			return nil, err
		}
		for _, item := range page.Items {
			var line support.Summary
			if err := change.Decode(item, &line); err != nil {
				return nil, err
			}
			lines = append(lines, line)
		}
		if page.Next == "" {
			return lines, nil
		}
		if query.After = page.Next; len(lines) >= most {
			if whole {
				return nil, fault.InField("query.duration", "covers more than %d cases; ask for a shorter time", most)
			}
			return lines, nil
		}
	}
}

// OwnCases returns the latest cases that a person opened, in all organizations where they may still
// see them, latest change first; at most limit of each list.
func (s *Service) OwnCases(ctx context.Context, by identity.Principal, limit int) ([]support.Summary, error) {
	var lines []support.Summary
	for _, list := range []string{support.OpenName, support.ClosedName} {
		page, err := s.journal.Query(
			ctx,
			table.Query{Partition: support.OwnPartition(by.UserID, list), Descending: true, Limit: limit},
		)
		if err != nil {
			return nil, err
		}
		for _, item := range page.Items {
			var line support.Summary
			if err := change.Decode(item, &line); err != nil {
				return nil, err
			}
			lines = append(lines, line)
		}
	}
	lines, _, err := s.visible(ctx, by, lines)
	if err != nil {
		return nil, err
	}
	slices.SortStableFunc(lines, func(a, b support.Summary) int { return cmp.Compare(b.Updated, a.Updated) })
	return lines[:min(len(lines), limit)], nil
}

// visible removes the cases of organizations that the principal may not see, and returns the others as
// the principal sees them, and whether people on any of them are masked.
func (s *Service) visible(
	ctx context.Context,
	by identity.Principal,
	lines []support.Summary,
) (shown []support.Summary, masked bool, err error) {
	seen := map[string]bool{}
	var ids []string
	for _, line := range lines {
		if !seen[line.OrgID] && uuid.Validate(line.OrgID) == nil {
			seen[line.OrgID] = true
			ids = append(ids, line.OrgID)
		}
	}
	orgs, err := s.tenants.LoadOrgs(ctx, ids)
	if err != nil {
		return nil, false, err
	}
	readers := map[string]support.Reader{}
	for _, org := range orgs {
		if by.May(identity.SeeCases, org.Place()) {
			readers[org.ID] = support.ReaderOf(by, org.Place())
		}
	}
	for _, line := range lines {
		if reader, visible := readers[line.OrgID]; visible {
			shown, masked = append(shown, reader.Summary(line)), masked || reader.Masked
		}
	}
	return shown, masked, nil
}
