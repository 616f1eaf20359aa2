package demo

import (
	"context"

	"github.com/tenantry/tenantry/shared/support/supportmail"
	"github.com/tenantry/tenantry/shared/tenant"
	"github.com/tenantry/tenantry/shared/tenant/bulk"
	"github.com/tenantry/tenantry/shared/tenant/profile"
)

// profiled is how many organizations of the first MSP have an operator profile.
const profiled = 4

// planProfiles has two operator profiles, one of which some organizations of the first MSP have, and a mail to
// the same organizations.
func (b *builder) planProfiles(context.Context) error {
	provider := b.msps[0]
	var ids []string
	for _, org := range b.orgs {
		if org.MSPID == provider.ID && len(ids) < profiled {
			ids = append(ids, org.ID)
		}
	}
	on := true
	b.at(b.ago(60*day), "the operator keeps profiles", func(ctx context.Context) error {
		stable, err := b.Services.Profiles.Create(ctx, b.operator, profile.Fields{
			Name: "Stable", Description: "For all customers but those who test.", Image: "edge-6.1.4",
		})
		if err != nil {
			return err
		}
		_, err = b.Services.Profiles.Create(ctx, b.operator, profile.Fields{
			Name: "Early", Description: "For customers who test.", Image: "edge-6.2.0", Heartbeat: 10,
		})
		if err != nil {
			return err
		}
		for _, request := range []bulk.Request{
			{Action: bulk.Action(tenant.ImageManagement), Enabled: &on},
			{Action: profile.AssignAction, ProfileID: stable.ID, Enabled: &on},
		} {
			request.OrgIDs = ids
			if _, err := b.Services.OrgJobs.Create(ctx, b.operator, "", request); err != nil {
				return err
			}
			if err := b.Settle(ctx); err != nil {
				return err
			}
		}
		return nil
	})
	b.at(b.ago(6*day), "an MSP writes to its customers", func(ctx context.Context) error {
		_, err := b.Services.OrgJobs.Create(ctx, provider.admin, provider.ID, bulk.Request{
			Action: supportmail.Action, OrgIDs: ids, Mail: &bulk.Mail{
				Subject: "Maintenance on Sunday at six",
				Text: "On Sunday from six to seven in the morning we exchange a router. Your sites stay online; a few " +
					"tunnels are built anew.\n\nAnswer this mail if that does not suit you.",
			},
		})
		return err
	})
	return nil
}
