package identity

import (
	"context"
	"slices"

	"github.com/tenantry/tenantry/shared/change"
	"github.com/tenantry/tenantry/shared/fault"
	"github.com/tenantry/tenantry/shared/store/table"
)

// Acceptance is what a person without an account provides to accept an invitation.
type Acceptance struct {
	Password, FirstName, LastName string
}

// Invitation is what the link of an invitation shows.
type Invitation struct {
	Invite
	Scope ScopeKind
	// HasAccount is set if the invited address has an account.
	HasAccount bool
}

// ReadInvitation reads the invitation of a link's token; a fault of code NotFound if the link is
// not valid: forged, from an earlier mail, revoked, expired or accepted.
func (a *Accounts) ReadInvitation(ctx context.Context, token string) (Invitation, error) {
	place, invite, err := a.readInvite(ctx, token)
	if err != nil {
		return Invitation{}, err
	}
	_, err = a.profileByEmail(ctx, invite.Email)
	if err != nil && !fault.Is(err, fault.NotFound) {
		return Invitation{}, err
	}
	return Invitation{Invite: invite, Scope: place.Scope, HasAccount: err == nil}, nil
}

// AcceptInvite grants the privilege of an invitation. by is the logged-in person, or nil. The
// Acceptance creates an account for a person without one; a person with an account must be logged
// in with the invited address. The token works once.
func (a *Accounts) AcceptInvite(
	ctx context.Context,
	by *Principal,
	token string,
	with Acceptance,
	source string,
) (Person, error) {
	place, invite, err := a.readInvite(ctx, token)
	if err != nil {
		return Person{}, err
	}
	privilege := invite.privilege(place)
	if by != nil {
		if by.Email != invite.Email {
			return Person{}, fault.Missing()
		}
		return a.grant(ctx, by.Actor(), by.UserID, place, privilege, invite)
	}
	if _, err := a.profileByEmail(ctx, invite.Email); err == nil {
		return Person{}, fault.New(
			fault.Unauthenticated,
			"This address already has an account. Log in with it, then open the invitation again.",
		)
	} else if !fault.Is(err, fault.NotFound) {
		return Person{}, err
	}
	created, err := a.newProfile(ctx, invite.Email, with.FirstName, with.LastName, with.Password)
	if err != nil {
		return Person{}, err
	}
	created.Privileges = []Privilege{privilege}
	writes, err := createWrites(created)
	if err != nil {
		return Person{}, err
	}
	record := accepted(place, invite, created.Person)
	record.Writes = append(writes, table.Delete(inviteKey(place, invite.ID), invite.version))
	err = a.journal.Commit(ctx, created.Principal("api", source).Actor(), record)
	if table.ConflictAt(err, inviteKey(place, invite.ID)) || table.ConflictAt(err, emailKey(created.Email)) {
		return Person{}, fault.New(
			fault.Conflict,
			"The invitation was changed or accepted in the meantime. Open it again.",
		)
	}
	return created.Person, err
}

func accepted(place Place, invite Invite, person Person) change.Record {
	return change.Record{
		Action:  "accounts.accept_invite",
		Message: describe(person) + " accepted the invitation as " + string(invite.Role),
		OrgID:   place.OrgID,
		MSPID:   place.MSPID,
		UserLog: person.ID,
		Target:  "user:" + person.ID,
		After:   invite.privilege(place),
	}
}

// privilege returns what the invitation to a place grants.
func (i Invite) privilege(place Place) Privilege {
	return Privilege{Scope: place.Scope, Role: i.Role, MSPID: place.MSPID, OrgID: place.OrgID, Views: i.Views}
}

// grant adds a privilege to a person with an account, and replaces the one at the same place. If
// that would take a permission away, the present privilege stays.
func (a *Accounts) grant(
	ctx context.Context,
	by change.Actor,
	userID string,
	place Place,
	privilege Privilege,
	invite Invite,
) (Person, error) {
	person, err := a.changePerson(ctx, by, userID, func(p *profile) (change.Record, error) {
		if place.Scope == PlatformScope && invite.Role != Operator && p.Principal("", "").May(RunPlatform, place) {
			return change.Record{}, fault.New(
				fault.Conflict,
				"You are an operator. Another operator must change that first, so that one always remains.",
			)
		}
		record := accepted(place, invite, p.Person)
		record.Writes = append(record.Writes, table.Delete(inviteKey(place, invite.ID), invite.version))
		if has := p.roleAt(place); has != "" && lowers(place.Scope, has, invite.Role) {
			record.Message += ", and stays " + string(has)
			record.After = nil
			return record, nil
		}
		entries, err := replacePrivilege(p, place, &privilege)
		if err != nil {
			return change.Record{}, err
		}
		record.Writes = append(record.Writes, entries...)
		return record, nil
	})
	if table.ConflictAt(err, inviteKey(place, invite.ID)) {
		return Person{}, fault.New(
			fault.Conflict,
			"The invitation was changed or accepted in the meantime. Open it again.",
		)
	}
	return person, err
}

// replacePrivilege replaces the privilege that p has at exactly this place, or removes it (nil),
// and returns the writes for the lists of administrators. An entry whose key does not change needs
// no write: the role is stored with the person.
func replacePrivilege(p *profile, place Place, privilege *Privilege) ([]table.Write, error) {
	had := slices.IndexFunc(p.Privileges, func(old Privilege) bool { return old.at(place) })
	switch {
	case had >= 0 && privilege != nil:
		p.Privileges[had] = *privilege
		return nil, nil
	case had >= 0:
		writes := dropEntries(p.ID, p.Privileges[had])
		p.Privileges = slices.Delete(p.Privileges, had, had+1)
		return writes, nil
	case privilege == nil:
		return nil, fault.Missing()
	case len(p.Privileges) >= MaxPrivileges:
		return nil, fault.New(fault.Conflict, "This person has %d privileges, which is the maximum.", MaxPrivileges)
	}
	p.Privileges = append(p.Privileges, *privilege)
	return createEntries(p.ID, *privilege)
}
