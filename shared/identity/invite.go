package identity

import (
	"cmp"
	"context"
	"encoding/base64"
	"errors"
	"fmt"
	"slices"

	"github.com/google/uuid"

	"golang.org/x/sync/errgroup"

	"github.com/tenantry/tenantry/shared/change"
	"github.com/tenantry/tenantry/shared/fault"
	"github.com/tenantry/tenantry/shared/store/queue"
	"github.com/tenantry/tenantry/shared/store/table"
)

const (
	// DefaultInviteHours is the default validity of an invitation; 1 to MaxInviteHours is allowed.
	DefaultInviteHours = 24
	// MaxInviteHours is a week.
	MaxInviteHours = 168
	// maxSendings is the maximum number of times that an invitation is mailed.
	maxSendings = 10
	// maxInvites is the maximum number of pending invitations at one place.
	maxInvites = 200
)

// Invite is a pending invitation to a place.
type Invite struct {
	ID        string `json:"id"`
	Email     string `json:"email"`
	FirstName string `json:"first_name,omitempty"`
	LastName  string `json:"last_name,omitempty"`
	// Role is that at the place itself; "" if only those of Below are offered.
	Role Role `json:"role,omitempty"`
	// Views are those of the privilege; see Privilege.
	Views string `json:"views,omitempty"`
	// Below are the privileges that are offered at labels and organizations of the MSP.
	Below []Privilege `json:"below,omitempty"`
	// Hours is how long it is valid after it was last sent; Expires is the end in epoch seconds.
	Hours   int   `json:"hours"`
	Expires int64 `json:"expire_time"`
	Created int64 `json:"created_time"`
	// InvitedBy and PlaceName are shown in the mail.
	InvitedBy string `json:"invited_by"`
	// InviterID is the person who last sent it. The invitation is void once that person may no
	// longer invite.
	InviterID string `json:"inviter_id"`
	// GivenBy is the part of the provider that the inviter belongs to, as in Privilege.
	GivenBy   Grantee `json:"given_by,omitempty"`
	PlaceName string  `json:"place_name"`
	MSPID     string  `json:"msp_id,omitempty"`
	OrgID     string  `json:"org_id,omitempty"`
	// Generation is incremented each time it is sent; only the link in the latest mail works.
	Generation int `json:"generation"`
	version    int64
}

// NewInvite is a request to invite somebody.
type NewInvite struct {
	Email, FirstName, LastName string
	// Role is that at the place itself; "" for none, if there are privileges below.
	Role  Role
	Views string
	// Below are privileges at labels and organizations of the MSP. With the role, there are 1 to MaxGiven.
	Below []Privilege
	Hours int
}

// checkRole returns a fault if a role does not exist at a place.
func checkRole(place Place, role Role) error {
	if !slices.Contains(RolesAt(place.Scope), role) {
		return fault.OneOf("privileges", RolesAt(place.Scope))
	}
	return nil
}

func checkHours(hours int) error {
	if hours < 1 || hours > MaxInviteHours {
		return fault.InField("hours", "must be 1 to %d", MaxInviteHours)
	}
	return nil
}

// check completes a request, and returns a fault of code Invalid if it breaks a rule.
func (r *NewInvite) check(place Place) error {
	if r.Hours == 0 {
		r.Hours = DefaultInviteHours
	}
	return errors.Join(CheckEmail("email", r.Email), checkOffer(place, r.Role, r.Below), checkHours(r.Hours),
		CheckName("first_name", r.FirstName, 0, 64), CheckName("last_name", r.LastName, 0, 64))
}

// checkOffer returns a fault unless an invitation to a place may offer a role there ("" for none) and
// privileges below.
func checkOffer(place Place, role Role, below []Privilege) error {
	if role == "" && len(below) > 0 {
		return checkGiven(place, below, 0)
	}
	return cmp.Or(checkRole(place, role), checkGiven(place, below, 1))
}

// newInvite returns an invitation that was not sent yet.
func (a *Accounts) newInvite(by Principal, place Place, request NewInvite) Invite {
	return Invite{
		ID: a.journal.NewID(), Email: NormalEmail(request.Email), FirstName: request.FirstName, LastName: request.LastName,
		Created: a.journal.Now().Unix(), InvitedBy: by.Name(), PlaceName: place.Name, MSPID: place.MSPID, OrgID: place.OrgID,
	}
}

// CreateInvite invites somebody to a place. The principal needs ChangeAdministrators there, which
// only the highest role has, so nobody can grant what they lack.
func (a *Accounts) CreateInvite(ctx context.Context, by Principal, place Place, request NewInvite) (Invite, error) {
	if err := by.Check(ChangeAdministrators, place); err != nil {
		return Invite{}, err
	}
	if err := request.check(place); err != nil {
		return Invite{}, err
	}
	email := NormalEmail(request.Email)
	var pending []Invite
	group, groupCtx := errgroup.WithContext(ctx)
	group.Go(func() (err error) {
		pending, err = a.pendingInvites(groupCtx, place)
		return err
	})
	group.Go(func() error { return a.checkNotLower(groupCtx, place, email, request.Role) })
	group.Go(func() (err error) {
		request.Below, err = a.offering(groupCtx, by, place, request.Below)
		return err
	})
	if err := group.Wait(); err != nil {
		return Invite{}, err
	}
	if email == by.Email {
		return Invite{}, errOwnInvite()
	}
	for _, other := range pending {
		if other.Email == email {
			return Invite{}, fault.New(
				fault.Conflict,
				"%s is already invited. Change that invitation to send it again.",
				email,
			)
		}
	}
	if len(pending) >= maxInvites {
		return Invite{}, fault.New(
			fault.Conflict,
			"%d invitations are pending here, which is the maximum. Revoke some first.",
			maxInvites,
		)
	}
	return a.sendInvite(ctx, by, place, a.newInvite(by, place, request), request, "create_invite", "Invited "+email)
}

// sendInvite stores an invitation with a new expiry and generation, and enqueues its mail.
func (a *Accounts) sendInvite(
	ctx context.Context,
	by Principal,
	place Place,
	invite Invite,
	request NewInvite,
	action, message string,
) (Invite, error) {
	before := invite
	sending, err := a.sending(by, place, invite, request)
	if err != nil {
		return Invite{}, err
	}
	invite = sending.Invite
	record := change.Record{
		Action: place.action(action), Message: message + invite.as(),
		Target: "invite:" + invite.ID, OrgID: place.OrgID, MSPID: place.MSPID, After: invite,
		Writes: sending.Writes, Messages: []queue.Message{sending.Message},
	}
	if invite.version > 0 {
		record.Before = before
	}
	err = a.journal.Commit(ctx, by.Actor(), record)
	if table.ConflictAt(err, inviteKey(place, invite.ID)) {
		return Invite{}, fault.New(fault.Conflict, "The invitation was changed or accepted in the meantime.")
	}
	return invite, a.tooManyInvites(err, place, invite.Email)
}

// offering returns privileges below an MSP as an invitation of a principal keeps them, or a fault if the
// principal may not give them.
func (a *Accounts) offering(ctx context.Context, by Principal, msp Place, below []Privilege) ([]Privilege, error) {
	aims, err := a.aims(ctx, by, msp, below)
	if err != nil || len(aims) == 0 {
		return nil, err
	}
	return privilegesOf(aims), checkRoom(aims)
}

// Offered returns the privileges that an invitation to a place offers.
func (i Invite) Offered(place Place) []Privilege {
	if i.Role == "" {
		return i.Below
	}
	return append([]Privilege{{
		Scope: place.Scope, Role: i.Role, MSPID: place.MSPID, OrgID: place.OrgID, GivenBy: i.GivenBy, Views: i.Views,
	}}, i.Below...)
}

// as says as what somebody is invited, for the audit log.
func (i Invite) as() string {
	switch {
	case len(i.Below) == 0:
		return " as " + string(i.Role)
	case i.Role == "":
		return fmt.Sprintf(" with %d roles below", len(i.Below))
	}
	return fmt.Sprintf(" as %s, with %d roles below", i.Role, len(i.Below))
}

// action returns the name of an operation on a place's administrators, such as
// "orgs.create_invite".
func (p Place) action(name string) string {
	switch p.Scope {
	case MSPScope:
		return "msps." + name
	case OrgScope:
		return "orgs." + name
	default:
		return "platform." + name
	}
}

func (a *Accounts) pendingInvites(ctx context.Context, place Place) ([]Invite, error) {
	page, err := a.journal.Query(ctx, table.WithPrefix(table.Core, place.Partition(), inviteSort))
	if err != nil {
		return nil, err
	}
	invites := make([]Invite, 0, len(page.Items))
	for _, item := range page.Items {
		var invite Invite
		if err := change.Decode(item, &invite); err != nil {
			return nil, err
		}
		invites = append(invites, invite)
	}
	return invites, nil
}

// Invite reads a pending invitation; a fault of code NotFound if there is none.
func (a *Accounts) Invite(ctx context.Context, place Place, inviteID string) (Invite, error) {
	var invite Invite
	version, err := a.journal.Get(ctx, inviteKey(place, inviteID), &invite)
	if errors.Is(err, table.ErrAbsent) {
		return Invite{}, fault.Missing()
	}
	invite.version = version
	return invite, err
}

// InviteChange is a request to change an invitation; zero fields stay as they are.
type InviteChange struct {
	// Role comes with the views of the privilege. With Below, it is all that is offered from then on.
	Role  Role
	Views string
	Below []Privilege
	Hours int
}

// ChangeInvite changes an invitation and sends it again; the link of the earlier mail stops
// working.
func (a *Accounts) ChangeInvite(
	ctx context.Context,
	by Principal,
	place Place,
	inviteID string,
	request InviteChange,
) (Invite, error) {
	if err := by.Check(ChangeAdministrators, place); err != nil {
		return Invite{}, err
	}
	invite, err := a.Invite(ctx, place, inviteID)
	if err != nil {
		return Invite{}, err
	}
	again := NewInvite{Role: invite.Role, Views: invite.Views, Below: invite.Below, Hours: invite.Hours}
	if request.Role != "" || len(request.Below) > 0 {
		if err := checkOffer(place, request.Role, request.Below); err != nil {
			return Invite{}, err
		}
		if err := a.checkNotLower(ctx, place, invite.Email, request.Role); err != nil {
			return Invite{}, err
		}
		again.Role, again.Views, again.Below = request.Role, request.Views, request.Below
	}
	if again.Below, err = a.offering(ctx, by, place, again.Below); err != nil {
		return Invite{}, err
	}
	if request.Hours != 0 {
		if err := checkHours(request.Hours); err != nil {
			return Invite{}, err
		}
		again.Hours = request.Hours
	}
	sent, err := a.sendInvite(
		ctx,
		by,
		place,
		invite,
		again,
		"change_invite",
		"Changed and resent the invitation of "+invite.Email,
	)
	return sent.seenBy(by, place), err
}

// RevokeInvite revokes an invitation.
func (a *Accounts) RevokeInvite(ctx context.Context, by Principal, place Place, inviteID string) error {
	if err := by.Check(ChangeAdministrators, place); err != nil {
		return err
	}
	invite, err := a.Invite(ctx, place, inviteID)
	if err != nil {
		return err
	}
	key := inviteKey(place, inviteID)
	err = a.journal.Commit(ctx, by.Actor(), change.Record{
		Action: place.action(
			"revoke_invite",
		),
		Message: "Revoked the invitation of " + invite.Email,
		Target:  "invite:" + invite.ID,
		OrgID:   place.OrgID,
		MSPID:   place.MSPID,
		Before:  invite,
		Writes:  []table.Write{table.Delete(key, invite.version)},
	})
	if table.ConflictAt(err, key) {
		return fault.New(fault.Conflict, "The invitation was changed or accepted in the meantime.")
	}
	return err
}

// scopeByte and scopeOf convert a scope to and from the byte that encodes it in an invitation's
// link.
func scopeByte(scope ScopeKind) byte { return string(scope)[0] }

func scopeOf(b byte) (ScopeKind, bool) {
	for _, scope := range []ScopeKind{PlatformScope, MSPScope, OrgScope} {
		if scopeByte(scope) == b {
			return scope, true
		}
	}
	return "", false
}

func signInvite(place Place, invite Invite) []string {
	return []string{string(place.Scope), place.ID(), invite.ID, fmt.Sprint(invite.Generation)}
}

// InviteToken returns the token of an invitation's link. It is derived, so that no queue or table
// holds it.
func (a *Accounts) InviteToken(place Place, invite Invite) string {
	id, placeID := uuid.MustParse(invite.ID), uuid.Nil
	if place.ID() != "" {
		placeID = uuid.MustParse(place.ID())
	}
	data := append(append([]byte{scopeByte(place.Scope)}, placeID[:]...), id[:]...)
	return base64.RawURLEncoding.EncodeToString(
		append(data, a.keyring.Sign("invite", signInvite(place, invite)...)[:24]...),
	)
}

// offer is an invitation as its link leads to it.
type offer struct {
	Invite
	place Place
	// org is the organization of scope org.
	org organization
	// below are the privileges offered at labels, and after them those at organizations.
	below []aim
}

// privilege returns what the invitation offers.
func (o offer) privilege() Privilege {
	return Privilege{
		Scope: o.place.Scope, Role: o.Role, MSPID: o.place.MSPID, OrgID: o.place.OrgID, GivenBy: o.GivenBy,
		Views: o.Views,
	}
}

// readInvite returns the invitation of a link's token.
func (a *Accounts) readInvite(ctx context.Context, token string) (offer, error) {
	data, err := base64.RawURLEncoding.DecodeString(token)
	if err != nil || len(data) != 1+16+16+24 {
		return offer{}, fault.Missing()
	}
	scope, ok := scopeOf(data[0])
	if !ok {
		return offer{}, fault.Missing()
	}
	place := NoticePlace(scope, uuid.UUID(data[1:17]).String())
	invite, err := a.Invite(ctx, place, uuid.UUID(data[17:33]).String())
	if err != nil {
		return offer{}, err
	}
	if !a.keyring.Signed(data[33:], "invite", signInvite(place, invite)...) {
		return offer{}, fault.Missing()
	}
	place.MSPID, place.OrgID, place.Name = invite.MSPID, invite.OrgID, invite.PlaceName
	read := offer{Invite: invite, place: place}
	if scope == OrgScope {
		if read.org, err = a.organization(ctx, place.OrgID); err != nil {
			return offer{}, err
		}
		read.place = read.org.place(a.journal.Now().Unix())
	}
	inviter, err := a.Person(ctx, invite.InviterID)
	if err != nil {
		return offer{}, err
	}
	by := inviter.Principal("", "")
	if !by.May(ChangeAdministrators, read.place) {
		return offer{}, fault.Missing() // the inviter may no longer invite
	}
	if read.below, err = a.aims(ctx, by, read.place, read.Below); err != nil {
		if fault.Is(err, fault.Invalid) || fault.Is(err, fault.Forbidden) {
			return offer{}, fault.Missing() // a label or organization is gone, or the inviter may no longer give it
		}
		return offer{}, err
	}
	if read.GivenBy == "" {
		read.GivenBy = by.giver(read.place) // sent before this was stored, or by somebody who since works for the provider
	}
	return read, nil
}

// NoticePlace returns the place of a scope and ID, to look up an invitation there.
func NoticePlace(scope ScopeKind, id string) Place {
	place := Place{Scope: scope}
	switch scope {
	case MSPScope:
		place.MSPID = id
	case OrgScope:
		place.OrgID = id
	}
	return place
}
