package life

import (
	"context"
	"errors"

	"github.com/tenantry/tenantry/shared/change"
	"github.com/tenantry/tenantry/shared/fault"
	"github.com/tenantry/tenantry/shared/identity"
	"github.com/tenantry/tenantry/shared/store/queue"
	"github.com/tenantry/tenantry/shared/store/table"
)

// tellOfEnds tells those who are responsible for an organization which of its consents end soon, or have
// just ended, and makes the next notice due. Of an organization in the bin nobody is told.
func (s *Service) tellOfEnds(ctx context.Context, task Task) error {
	org, err := s.Tenants.LoadStored(ctx, task.OrgID)
	if fault.Is(err, fault.NotFound) { // purged by a former version, which does not know the notices
		return s.dropNotice(ctx, task)
	}
	if err != nil {
		return err
	}
	ending, writes, err := identity.EndingConsents(ctx, s.Journal, org.ID, org.Consents)
	if err != nil || len(writes) == 0 {
		return err
	}
	record := change.Record{
		Action: "orgs.tell_of_ends", Message: "Told of consents that end", Internal: true, OrgID: org.ID, Writes: writes,
	}
	if org.Deleted == nil && len(ending) > 0 {
		message, err := identity.SecurityMessage(identity.ConsentEnds, identity.Notice{
			Scope: identity.OrgScope, ScopeID: org.ID, PlaceName: org.Name, Ending: ending,
		})
		if err != nil {
			return err
		}
		record.Messages = []queue.Message{message}
	}
	return s.Journal.Commit(ctx, change.ByPlatform(), record)
}

// dropNotice removes the due time of a notice about an organization that is gone.
func (s *Service) dropNotice(ctx context.Context, task Task) error {
	err := s.Journal.Commit(ctx, change.ByPlatform(), change.Record{
		Action: "orgs.tell_of_ends", Message: "Dropped a notice about an organization that is gone", Internal: true,
		Writes: []table.Write{identity.DropConsentEnd(task.OrgID, task.Due)},
	})
	if _, gone := errors.AsType[*table.ConflictError](err); gone {
		return nil
	}
	return err
}
