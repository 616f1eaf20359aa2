package identity

import (
	"context"
	"slices"
	"strings"

	"github.com/tenantry/tenantry/shared/store/queue"
)

// maxAnnounced is the maximum number of administrators who are told of a new one by mail; the others
// find it in the audit log.
const maxAnnounced = 40

// announce returns the messages that tell the administrators of a place, by mail, that a person got
// a role there, so that nobody gets in unnoticed.
func (a *Accounts) announce(ctx context.Context, place Place, person Person, role Role) ([]queue.Message, error) {
	return a.announceTo(ctx, maxAnnounced, place, person, role)
}

// maxAnnouncedBelow is the maximum number of administrators who are told of roles at labels and
// organizations by mail, in all: the change is one transaction.
const maxAnnouncedBelow = 10

// announceBelow is like announce for roles at labels and organizations of an MSP. Of a label, the super
// users of the MSP are told.
func (a *Accounts) announceBelow(ctx context.Context, msp Place, person Person, given []aim) ([]queue.Message, error) {
	type announced struct {
		place Place
		role  Role
	}
	var all []announced
	labels := map[Role]string{} // one notice for all labels at which the role is the same
	for _, m := range given {
		if m.Scope == OrgScope {
			all = append(all, announced{m.org.place(a.journal.Now().Unix()), m.Role})
		} else {
			labels[m.Role] = strings.TrimPrefix(labels[m.Role]+", "+m.name, ", ")
		}
	}
	for _, role := range RolesAt(LabelScope) {
		if labels[role] != "" {
			place := msp
			place.Name += " · " + labels[role]
			all = append(all, announced{place, role})
		}
	}
	var messages []queue.Message
	each := max(1, maxAnnouncedBelow/max(1, len(all)))
	for _, one := range all {
		told, err := a.announceTo(ctx, min(each, maxAnnouncedBelow-len(messages)), one.place, person, one.role)
		if err != nil {
			return nil, err
		}
		messages = append(messages, told...)
	}
	return messages, nil
}

// announceTo is announce for at most some administrators.
func (a *Accounts) announceTo(
	ctx context.Context, most int, place Place, person Person, role Role,
) ([]queue.Message, error) {
	if most <= 0 {
		return nil, nil
	}
	highest := RolesAt(place.Scope)[0]
	told, err := a.PeopleAt(ctx, place, most, func(other Person) bool {
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
