package identity

import (
	"time"

	"github.com/tenantry/tenantry/shared/change"
	"github.com/tenantry/tenantry/shared/fault"
	"github.com/tenantry/tenantry/shared/store/queue"
	"github.com/tenantry/tenantry/shared/store/table"
)

// Sending is an invitation with what its transaction writes, and the message that mails it.
type Sending struct {
	Invite  Invite
	Writes  []table.Write
	Message queue.Message
}

// Prepare returns the invitation of the first administrator of a place that is created in the same
// transaction. The principal needs a fresh session, and ChangeAdministrators there.
func (a *Accounts) Prepare(by Principal, place Place, request NewInvite) (Sending, error) {
	if err := by.Check(ChangeAdministrators, place); err != nil {
		return Sending{}, err
	}
	if err := by.CheckFresh(a.journal.Now()); err != nil {
		return Sending{}, err
	}
	if err := request.check(place); err != nil {
		return Sending{}, err
	}
	if NormalEmail(request.Email) == by.Email {
		return Sending{}, errOwnInvite()
	}
	return a.sending(by, place, a.newInvite(by, place, request), request)
}

// errOwnInvite is the fault of people who invite themselves.
func errOwnInvite() error {
	return fault.New(fault.Forbidden, "You cannot invite yourself: somebody else must grant you a privilege.")
}

// sending returns an invitation with a new expiry and generation, and what sends it.
func (a *Accounts) sending(by Principal, place Place, invite Invite, request NewInvite) (Sending, error) {
	invite.Role, invite.Hours, invite.Expires = request.Role, request.Hours, a.in(time.Duration(request.Hours)*time.Hour)
	invite.Views, invite.InviterID, invite.GivenBy = request.Views, by.UserID, by.giver(place)
	invite.Below = request.Below
	invite.Generation++
	if invite.Generation > maxSendings {
		return Sending{}, fault.New(fault.Conflict,
			"This invitation was sent %d times. Revoke it, and find another way to reach the person.", maxSendings)
	}
	item, err := change.Encode(inviteKey(place, invite.ID), invite)
	if err != nil {
		return Sending{}, err
	}
	item.Expires = invite.Expires
	write := table.Create(item)
	if invite.version > 0 {
		item.Version = invite.version
		write = table.Update(item)
	}
	message, err := Notice{
		Kind: NoticeInvite, Scope: place.Scope, ScopeID: place.ID(), InviteID: invite.ID, Generation: invite.Generation,
	}.message(place.Partition())
	return Sending{
		Invite: invite, Writes: append([]table.Write{write}, a.inviteCounts(place, invite.Email)...), Message: message,
	}, err
}
