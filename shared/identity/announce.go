package identity

import (
	"context"
	"slices"

	"github.com/tenantry/tenantry/shared/store/queue"
)

// maxAnnounced is the maximum number of administrators who are told of a new one by mail; the others
// find it in the audit log.
const maxAnnounced = 40

// announce returns the messages that tell the administrators of a place, by mail, that a person got
// a role there, so that nobody gets in unnoticed.
func (a *Accounts) announce(ctx context.Context, place Place, person Person, role Role) ([]queue.Message, error) {
	highest := RolesAt(place.Scope)[0]
	told, err := a.PeopleAt(ctx, place, maxAnnounced, func(other Person) bool {
		return other.ID != person.ID && other.GetsMail() && slices.ContainsFunc(other.Privileges, func(p Privilege) bool {
			return p.at(place) && p.Role == highest
		})
	})
	if err != nil {
		return nil, err
	}
	messages := make([]queue.Message, len(told))
	for i, other := range told {
		messages[i], err = Notice{
			Kind: NoticeAdministrator, UserID: person.ID, RecipientID: other.ID, Role: role,
			Scope: place.Scope, ScopeID: place.ID(), PlaceName: place.Name,
		}.message("USER#" + other.ID)
		if err != nil {
			return nil, err
		}
	}
	return messages, nil
}
