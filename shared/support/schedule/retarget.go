package schedule

import (
	"context"
	"fmt"

	"github.com/tenantry/tenantry/shared/change"
	"github.com/tenantry/tenantry/shared/fault"
	"github.com/tenantry/tenantry/shared/store/table"
	"github.com/tenantry/tenantry/shared/support"
	"github.com/tenantry/tenantry/shared/tenant"
)

// Retarget applies the provider's present service level to one case. It is idempotent.
func (s *Service) Retarget(ctx context.Context, ref support.Reference) error {
	for attempt := 0; ; attempt++ {
		err := s.retarget(ctx, ref)
		if !support.Again(ctx, err, attempt) {
			return err
		}
	}
}

func (s *Service) retarget(ctx context.Context, ref support.Reference) error {
	items, err := s.journal.BatchGet(ctx, []table.Key{
		support.CaseKey(ref.OrgID, ref.CaseID, support.CaseSort), tenant.OrgKey(ref.OrgID),
	})
	if err != nil {
		return err
	}
	before, org, err := s.withOrg(items[0], items[1])
	if err != nil || before.Clock == nil || before.Deleted > 0 || before.Binned > 0 {
		return err
	}
	present, _, err := s.desk.Policies(ctx, before.MSPID, *before.Clock)
	if err != nil || present == nil || present.Sets(*before.Clock) {
		return err
	}
	_, err = s.cases.CommitAll(ctx, support.PlatformPrincipal(), change.Record{
		Action:   "cases.retarget",
		Message:  fmt.Sprintf("Applied the present service levels to case %d", before.Number),
		Internal: true,
	}, support.Update{Before: &before, After: before, Org: org, Retarget: true})
	return err
}

// withOrg decodes a case together with its organization; nil if that is gone.
func (s *Service) withOrg(item, orgItem table.Item) (support.Case, *tenant.Org, error) {
	c, err := support.DecodeCase(item)
	if err != nil {
		return support.Case{}, nil, err
	}
	org, err := tenant.DecodeOrg(orgItem, s.journal.Now())
	if fault.Is(err, fault.NotFound) {
		return c, nil, nil
	}
	return c, &org, err
}
