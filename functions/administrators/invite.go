package administrators

import (
	"context"

	"github.com/tenantry/tenantry/functions/endpoint"
	"github.com/tenantry/tenantry/functions/grant"
	"github.com/tenantry/tenantry/shared/identity"
)

type inviteInput interface {
	scoped
	body() InviteBody
}

// createInvite invites somebody to a scope.
func createInvite[In inviteInput](s Services) endpoint.Endpoint {
	scope, path := (*new(In)).at()
	return endpoint.Post("administrators.create_invite_"+scope, path+"/invites", "Invite an administrator by mail",
		func(ctx context.Context, in *In) (*personOutput, error) {
			place, err := (*in).place(ctx, s)
			if err != nil {
				return nil, err
			}
			b := (*in).body().Body
			role, views, below, err := offerOf(place, b.Privileges)
			if err != nil {
				return nil, err
			}
			first, last := b.names()
			created, err := s.Accounts.CreateInvite(ctx, endpoint.Principal(ctx), place, identity.NewInvite{
				Email: b.Email, FirstName: first, LastName: last, Role: role, Views: views, Below: below,
				Hours: b.Hours,
			})
			if err != nil {
				return nil, err
			}
			return s.invited(ctx, place, created)
		}).NeedsFresh(endpoint.FreshSession).
		Using(belowMSP(scope), grant.On(grant.Core, grant.Count, grant.Query, grant.Put), grant.On(grant.Audit, grant.Put))
}

type invitationInput interface {
	scoped
	inviteID() string
}

type changeInviteInput interface {
	invitationInput
	body() ChangeBody
}

// changeInvite changes an invitation and sends it again.
func changeInvite[In changeInviteInput](s Services) endpoint.Endpoint {
	scope, path := (*new(In)).at()
	return endpoint.Put("administrators.change_invite_"+scope, path+"/invites/{invite_id}", "Change an invitation and send it again",
		func(ctx context.Context, in *In) (*personOutput, error) {
			place, err := (*in).place(ctx, s)
			if err != nil {
				return nil, err
			}
			b := (*in).body().Body
			role, views, below, err := offerOf(place, b.Privileges)
			if err != nil {
				return nil, err
			}
			changed, err := s.Accounts.ChangeInvite(ctx, endpoint.Principal(ctx), place, (*in).inviteID(),
				identity.InviteChange{Role: role, Views: views, Below: below, Hours: b.Hours})
			if err != nil {
				return nil, err
			}
			return s.invited(ctx, place, changed)
		}).NeedsFresh(endpoint.FreshSession).
		Using(grant.On(grant.Core, grant.Count, grant.Get, grant.Put), grant.On(grant.Audit, grant.Put))
}

// belowMSP are the grants to read the labels and organizations that an invitation to an MSP is for.
func belowMSP(scope string) grant.Grants {
	if scope != "msp" {
		return nil
	}
	return grant.On(grant.Core, grant.Get)
}

// deleteInvite revokes an invitation.
func deleteInvite[In invitationInput](s Services) endpoint.Endpoint {
	scope, path := (*new(In)).at()
	return endpoint.Delete("administrators.delete_invite_"+scope, path+"/invites/{invite_id}", "Revoke an invitation",
		func(ctx context.Context, in *In) (*endpoint.Empty, error) {
			place, err := (*in).place(ctx, s)
			if err != nil {
				return nil, err
			}
			return &endpoint.Empty{}, s.Accounts.RevokeInvite(ctx, endpoint.Principal(ctx), place, (*in).inviteID())
		}).Using(grant.On(grant.Core, grant.Get, grant.Delete), grant.On(grant.Audit, grant.Put))
}
