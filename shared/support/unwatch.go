package support

import (
	"context"
	"slices"

	"github.com/tenantry/tenantry/shared/identity"
)

// StopWatching removes the principal from the watchers of a case. Nobody is notified. It changes nothing
// if the principal does not watch the case.
func (s *Service) StopWatching(ctx context.Context, by identity.Principal, orgID, caseID string) error {
	_, err := s.alter(ctx, by, orgID, caseID, alteration{
		action: "cases.unwatch", message: "Stopped watching case %d", permission: identity.SeeCases, quiet: true,
		edit: func(opened Opened, after *Case) error {
			mine := func(p Party) bool { return p.ID == by.UserID }
			after.Watchers = slices.DeleteFunc(slices.Clone(opened.Watchers), mine)
			if len(after.Watchers) == len(opened.Watchers) {
				after.Watchers = opened.Watchers
			} else if len(after.Watchers) == 0 {
				after.Watchers = nil // as a case without watchers is stored
			}
			return nil
		},
	})
	return err
}
