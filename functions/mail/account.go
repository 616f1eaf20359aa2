package mail

import (
	"cmp"
	"context"
	"encoding/json"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/tenantry/tenantry/shared/fault"
	"github.com/tenantry/tenantry/shared/identity"
	"github.com/tenantry/tenantry/shared/mail/outgoing"
	"github.com/tenantry/tenantry/shared/mail/wording"
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

// languageOf returns the language of the mails to a person.
func languageOf(person identity.Person) wording.Language {
	return wording.Language(person.Preferences.Language)
}

func (s SendServices) recovery(ctx context.Context, message queue.Message, notice identity.Notice) (composed, error) {
	person, token, err := s.Accounts.StartRecovery(ctx, message.ID, notice.Email)
	if err != nil {
		return composed{}, err
	}
	out, l := s.base(message, person), languageOf(person)
	out.Subject = l.T("Set a new password")
	out, err = withBody(ctx, out, outgoing.Recovery(
		l, s.link("/verify/recover", token), s.BaseURL, int(identity.RecoveryLife/time.Minute)))
	return composed{message: out}, err
}

func (s SendServices) invite(ctx context.Context, message queue.Message, notice identity.Notice) (composed, error) {
	if _, err := s.orgOf(ctx, notice); err != nil {
		return composed{}, err
	}
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
	zone, l := invited.Preferences.Zone(), languageOf(invited) // UTC and English without an account
	out := s.base(message, identity.Person{Email: invite.Email, FirstName: invite.FirstName, LastName: invite.LastName})
	out.Subject = l.T("%[1]s invites you to %[2]s", outgoing.Name(invite.InvitedBy), outgoing.Name(invite.PlaceName))
	provider := ""
	if place.Scope == identity.OrgScope && invite.MSPID != "" {
		names, err := s.Tenants.Names(ctx, []string{invite.MSPID}, nil)
		if err != nil {
			return composed{}, err
		}
		provider = names[invite.MSPID]
	}
	roles, err := s.offered(ctx, place, invite)
	if err != nil {
		return composed{}, err
	}
	if out.FromName, err = s.invitingName(ctx, l, place, invite, provider); err != nil {
		return composed{}, err
	}
	out.Logo = s.logo(ctx, invite.MSPID)
	out, err = withBody(ctx, out, outgoing.Invite{
		Language: l, Logo: out.Logo,
		Inviter: invite.InvitedBy, Place: invite.PlaceName, Role: roles,
		Provider: provider, Portal: s.BaseURL,
		Link:    s.link("/verify/invite", s.Accounts.InviteToken(place, invite)),
		Expires: time.Unix(invite.Expires, 0).In(zone),
	})
	return composed{message: out}, err
}

// offered returns the roles that an invitation offers, with the labels and organizations where they are.
func (s SendServices) offered(ctx context.Context, place identity.Place, invite identity.Invite) (string, error) {
	names, err := s.Tenants.ScopeNames(ctx, invite.Below)
	if err != nil {
		return "", err
	}
	var words []string
	for _, one := range invite.Offered(place) {
		word := one.Role.NameAt(one.Scope)
		if name := cmp.Or(names[one.LabelID], names[one.OrgID]); name != "" {
			word += " (" + outgoing.Name(name) + ")"
		}
		words = append(words, word)
	}
	return strings.Join(words, ", "), nil
}

// portalName is the name of the portal as the sender of mails.
const portalName = "Tenantry"

// invitingName returns the name of the sender of an invitation: on whose behalf its inviter acts, be it
// the place itself or the MSP that manages it, and the portal. Operators of the platform invite in the
// portal's name.
func (s SendServices) invitingName(
	ctx context.Context, l wording.Language, place identity.Place, invite identity.Invite, provider string,
) (string, error) {
	inviter, err := s.Accounts.Person(ctx, invite.InviterID)
	if fault.Is(err, fault.NotFound) {
		return portalName, nil
	}
	if err != nil {
		return "", err
	}
	place.MSPID = invite.MSPID
	by := ""
	switch works := inviter.Principal("mail", "").WorksFor(place); {
	case place.Scope == identity.OrgScope && works == identity.ToMSP:
		by = provider
	case place.Scope == identity.OrgScope && works == "",
		place.Scope == identity.MSPScope && worksAt(inviter, place.MSPID):
		by = invite.PlaceName
	}
	if by = outgoing.Name(by); by == "" {
		return portalName, nil
	}
	return l.T("%[1]s via %[2]s", by, portalName), nil
}

// worksAt reports whether a person has a role at an MSP itself.
func worksAt(person identity.Person, mspID string) bool {
	return slices.ContainsFunc(person.Privileges, func(p identity.Privilege) bool {
		return p.Scope == identity.MSPScope && p.MSPID == mspID
	})
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
	out, l := s.base(message, person), languageOf(person)
	out.Subject = l.T("Your password was changed")
	at := time.Unix(person.PasswordModified, 0).In(person.Preferences.Zone())
	out, err = withBody(ctx, out, outgoing.PasswordChanged(l, at, s.BaseURL+"/recover", s.BaseURL))
	return composed{message: out}, err
}

func (s SendServices) tokenCreated(
	ctx context.Context, message queue.Message, notice identity.Notice,
) (composed, error) {
	person, err := s.Accounts.Person(ctx, notice.UserID)
	if err != nil {
		return composed{}, err
	}
	out, l := s.base(message, person), languageOf(person)
	out.Subject = l.T("A new API token for your account")
	out, err = withBody(ctx, out, outgoing.TokenCreated(
		l, notice.Token, notice.Source, s.BaseURL+"/recover", s.BaseURL))
	return composed{message: out}, err
}

func (s SendServices) link(path, token string) string {
	return s.BaseURL + path + "?token=" + url.QueryEscape(token)
}

// The sections of one's account where mails are chosen.
const (
	mailsSection    = "mails"
	securitySection = "security_notices"
)

// setting returns the address of a section of one's account. Who is not logged in gets there by the
// log-in page, which a fragment alone would not survive.
func (s SendServices) setting(section string) string {
	return s.BaseURL + "/login?next=" + url.QueryEscape("/account#"+section)
}
