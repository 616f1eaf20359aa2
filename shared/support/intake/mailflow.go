package intake

import (
	"context"

	"github.com/tenantry/tenantry/shared/fault"
	"github.com/tenantry/tenantry/shared/identity"
	"github.com/tenantry/tenantry/shared/mail/flow"
)

// MailFlow returns how many mails there were on each of the last days, for operators.
func (s *Service) MailFlow(ctx context.Context, by identity.Principal, days int) ([]flow.Day, error) {
	if err := by.Check(identity.RunPlatform, identity.ThePlatform()); err != nil {
		return nil, err
	}
	if days < 1 || days > flow.MaxDays {
		return nil, fault.InField("days", "must be from 1 to %d", flow.MaxDays)
	}
	return flow.Days(ctx, s.journal.Query, s.journal.Now(), days)
}
