package demo

import (
	"context"
	"time"

	"github.com/tenantry/tenantry/shared/tenant/bulk"
)

// moved is the index of the organization that gets another provider: one of the second MSP.
const moved = 5

// planMoves puts a transfer on the timeline: at the very end, so that the former MSP's agents
// worked on the organization's cases before.
func (b *builder) planMoves(context.Context) error {
	from, to := b.orgs[moved], b.msps[0]
	b.at(b.ago(time.Minute), "the operator transfers an organization", func(ctx context.Context) error {
		_, err := b.Services.OrgJobs.Create(ctx, b.operator, "", bulk.Request{
			Action: bulk.Transfer, MSPID: to.ID, OrgIDs: []string{from.ID},
		})
		if err != nil {
			return err
		}
		if err := b.Settle(ctx); err != nil {
			return err
		}
		b.estate.Orgs[moved], err = b.Services.Tenants.LoadOrg(ctx, from.ID)
		return err
	})
	return nil
}
