package mail

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"net/url"
	"time"

	"github.com/tenantry/tenantry/shared/fault"
	"github.com/tenantry/tenantry/shared/identity"
	"github.com/tenantry/tenantry/shared/mail/outgoing"
	"github.com/tenantry/tenantry/shared/store/queue"
)

// accountMail writes a mail about somebody's account.
func (s SendServices) accountMail(ctx context.Context, message queue.Message) (composed, error) {
	var notice identity.Notice
	if err := json.Unmarshal(message.Body, &notice); err != nil {
		return composed{}, unreadable(err)
	}
	switch notice.Kind {
	case identity.NoticeRecovery:
		return s.recovery(ctx, message, notice)
	case identity.NoticeInvite:
		return s.invite(ctx, message, notice)
	case identity.NoticePassword:
		return s.passwordChanged(ctx, message, notice)
	case identity.NoticeToken:
		return s.tokenCreated(ctx, message, notice)
	}
	if write := notices()[notice.Kind]; write != nil {
		return s.accountNotice(ctx, message, notice, write)
	}
	return composed{}, fault.New(fault.Invalid, "The message is of the unknown kind %q.", notice.Kind)
}

func (s SendServices) recovery(ctx context.Context, message queue.Message, notice identity.Notice) (composed, error) {
	person, token, err := s.Accounts.StartRecovery(ctx, message.ID, notice.Email)
	if err != nil {
		return composed{}, err
	}
	out := s.base(message, person)
	out.Subject = "Set a new password"
	out, err = withBody(ctx, out, outgoing.Recovery{
		Link: s.link("/verify/recover", token), Minutes: int(identity.RecoveryLife / time.Minute),
	})
	return composed{message: out}, err
}

func (s SendServices) invite(ctx context.Context, message queue.Message, notice identity.Notice) (composed, error) {
	place := identity.NoticePlace(notice.Scope, notice.ScopeID)
	invite, err := s.Accounts.Invite(ctx, place, notice.InviteID)
	if err != nil {
		return composed{}, err
	}
	if invite.Generation != notice.Generation {
		return composed{}, fault.Missing() // the invitation changed: the mail of that change is sent instead
	}
	invited, err := s.Accounts.PersonByEmail(ctx, invite.Email)
	if err != nil && !fault.Is(err, fault.NotFound) {
		return composed{}, err
	}
	zone := invited.Preferences.Zone() // UTC without an account
	out := s.base(message, identity.Person{Email: invite.Email, FirstName: invite.FirstName, LastName: invite.LastName})
	out.Subject = fmt.Sprintf("%s invites you to %s", outgoing.Name(invite.InvitedBy), outgoing.Name(invite.PlaceName))
	provider := ""
	if place.Scope == identity.OrgScope && invite.MSPID != "" {
		names, err := s.Tenants.Names(ctx, []string{invite.MSPID}, nil)
		if err != nil {
			return composed{}, err
		}
		provider = names[invite.MSPID]
	}
	out.FromName = invite.InvitedBy
	if by := cmp.Or(provider, invite.PlaceName); by != invite.InvitedBy {
		out.FromName = fmt.Sprintf("%s (%s)", invite.InvitedBy, by)
	}
	out, err = withBody(ctx, out, outgoing.Invite{
		Inviter: invite.InvitedBy, Place: invite.PlaceName, Role: invite.Role.NameAt(place.Scope),
		Provider: provider, Portal: s.BaseURL,
		Link:    s.link("/verify/invite", s.Accounts.InviteToken(place, invite)),
		Expires: time.Unix(invite.Expires, 0).In(zone),
	})
	return composed{message: out}, err
}

func (s SendServices) passwordChanged(
	ctx context.Context,
	message queue.Message,
	notice identity.Notice,
) (composed, error) {
	person, err := s.Accounts.Person(ctx, notice.UserID)
	if err != nil {
		return composed{}, err
	}
	out := s.base(message, person)
	out.Subject = "Your password was changed"
	out, err = withBody(ctx, out, outgoing.PasswordChanged{
		At: time.Unix(person.PasswordModified, 0).In(person.Preferences.Zone()), Link: s.BaseURL + "/recover",
	})
	return composed{message: out}, err
}

func (s SendServices) tokenCreated(
	ctx context.Context, message queue.Message, notice identity.Notice,
) (composed, error) {
	person, err := s.Accounts.Person(ctx, notice.UserID)
	if err != nil {
		return composed{}, err
	}
	out := s.base(message, person)
	out.Subject = "A new API token for your account"
	out, err = withBody(ctx, out, outgoing.TokenCreated{
		Name: notice.Token, Source: notice.Source, Link: s.BaseURL + "/recover",
	})
	return composed{message: out}, err
}

func (s SendServices) link(path, token string) string {
	return s.BaseURL + path + "?token=" + url.QueryEscape(token)
}
