package demo

import (
	"context"

	"github.com/tenantry/tenantry/shared/tenant"
)

// planBin has a customer that came for the summer and was deleted lately, so that the bin is not empty.
func (b *builder) planBin(context.Context) error {
	provider, name := b.msps[0], "Lido Beach Club"
	b.at(b.ago(40*day), "a customer for the summer", func(ctx context.Context) error {
		created, err := b.Services.Tenants.NewOrg(ctx, provider.admin, provider.ID, tenant.OrgChange{Name: &name})
		if err != nil {
			return err
		}
		b.at(b.ago(5*day), "the customer is deleted", func(ctx context.Context) error {
			_, err := b.Services.Life.Delete(ctx, provider.admin, created.ID)
			return err
		})
		return nil
	})
	return nil
}
