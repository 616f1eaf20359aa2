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
	offered, err := a.readInvite(ctx, token)
	if err != nil {
		return Invitation{}, err
	}
	_, err = a.profileByEmail(ctx, offered.Email)
	if err != nil && !fault.Is(err, fault.NotFound) {
		return Invitation{}, err
	}
	return Invitation{Invite: offered.Invite, Scope: offered.place.Scope, HasAccount: err == nil}, nil
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
	offered, err := a.readInvite(ctx, token)
	if err != nil {
		return Person{}, err
	}
	if by != nil {
		if by.Email != offered.Email {
			return Person{}, fault.Missing()
		}
		return a.grant(ctx, by.Actor(), by.UserID, offered)
	}
	if _, err := a.profileByEmail(ctx, offered.Email); err == nil {
		return Person{}, fault.New(
			fault.Unauthenticated,
			"This address already has an account. Log in with it, then open the invitation again.",
		)
	} else if !fault.Is(err, fault.NotFound) {
		return Person{}, err
	}
	created, err := a.newProfile(ctx, offered.Email, with.FirstName, with.LastName, with.Password, rulesOf(offered.org))
	if err != nil {
		return Person{}, err
	}
	// The entries of the lists are those of createWrites.
	_, owning, err := a.take(ctx, &created, offered)
	if err != nil {
		return Person{}, err
	}
	writes, err := createWrites(created)
	if err != nil {
		return Person{}, err
	}
	record, err := a.accepted(ctx, offered, created.Person)
	if err != nil {
		return Person{}, err
	}
	record.Writes = slices.Concat(record.Writes, writes, owning)
	err = a.journal.Commit(ctx, created.Principal("api", source).Actor(), record)
	if table.ConflictAt(err, emailKey(created.Email)) {
		return Person{}, inviteChanged()
	}
	return created.Person, offered.conflict(err)
}

// conflict returns the fault for an invitation or an organization that changed before the acceptance
// was written.
func (o offer) conflict(err error) error {
	if table.ConflictAt(err, inviteKey(o.place, o.ID)) ||
		o.place.Scope == OrgScope && table.ConflictAt(err, orgKey(o.place.OrgID)) {
		return inviteChanged()
	}
	for _, m := range o.below {
		if table.ConflictAt(err, m.org.item.Key) || table.ConflictAt(err, m.label.Key) {
			return inviteChanged()
		}
	}
	return err
}

func inviteChanged() error {
	return fault.New(fault.Conflict, "The invitation was changed or accepted in the meantime. Open it again.")
}

// accepted returns the record of an acceptance, which removes the invitation and announces the
// person. The record requires that the organization's consents are still those that were checked.
func (a *Accounts) accepted(ctx context.Context, o offer, person Person) (change.Record, error) {
	record := change.Record{
		Action:  "accounts.accept_invite",
		Message: describe(person) + " accepted the invitation",
		OrgID:   o.place.OrgID,
		MSPID:   o.place.MSPID,
		UserLog: person.ID,
		Target:  "user:" + person.ID,
		Writes:  []table.Write{table.Delete(inviteKey(o.place, o.ID), o.version)},
	}
	after := privilegesOf(o.below)
	if o.Role != "" {
		record.Message += " as " + string(o.Role)
		announcements, err := a.announce(ctx, o.place, person, o.Role)
		if err != nil {
			return change.Record{}, err
		}
		record.Messages = announcements
		at := slices.IndexFunc(person.Privileges, func(p Privilege) bool { return p.at(o.place) })
		if record.After = o.privilege(); at >= 0 {
			record.After = person.Privileges[at]
			after = append(after, person.Privileges[at])
		}
	}
	if len(o.below) == 0 {
		return record, nil
	}
	record.After = after
	record.Asides = asides(o.below, person, describe(person)+" accepted an invitation of the MSP as ")
	told, err := a.announceBelow(ctx, o.place, person, o.below)
	atPlace := record.Messages[:min(len(record.Messages), max(0, maxAnnouncedBelow-len(told)))]
	record.Messages = append(told, atPlace...)
	return record, err
}

// asides returns what the logs of organizations say of roles that a person gets in them with others.
func asides(given []aim, person Person, message string) []change.Aside {
	var asides []change.Aside
	for _, m := range given {
		if m.Scope == OrgScope {
			asides = append(asides, change.Aside{
				OrgID: m.OrgID, Message: message + string(m.Role), Target: "user:" + person.ID, After: m.Privilege,
			})
		}
	}
	return asides
}

// take gives a person what an invitation offers. It returns the writes for the lists of administrators
// and those for the places.
func (a *Accounts) take(ctx context.Context, p *profile, o offer) (entries, owning []table.Write, err error) {
	if o.Role != "" {
		privilege, writes, err := a.own(ctx, o.org, o.privilege(), p.Privileges)
		if err != nil {
			return nil, nil, err
		}
		listed, err := replacePrivilege(p, p.indexAt(o.place), &privilege)
		if err != nil {
			return nil, nil, err
		}
		entries, owning = append(entries, listed...), append(owning, writes...)
	}
	for _, m := range o.below {
		listed, writes, err := a.give(ctx, p, m, p.Privileges)
		if err != nil {
			return nil, nil, err
		}
		entries, owning = append(entries, listed...), append(owning, writes...)
	}
	return entries, owning, nil
}

// own returns a privilege that is being given, marked as the organization's own if it makes the first
// own administrator, and the writes to the organization, which at least require that its consents
// are still those that were read. to are the privileges that the person has.
func (a *Accounts) own(
	ctx context.Context, org organization, privilege Privilege, to []Privilege,
) (Privilege, []table.Write, error) {
	if privilege.Scope != OrgScope {
		return privilege, nil, nil
	}
	if privilege.GivenBy != "" {
		first, err := a.firstOwn(ctx, org, privilege, to)
		if err != nil {
			return Privilege{}, nil, err
		}
		if first {
			privilege.GivenBy = ""
		}
	}
	if privilege.own() && org.FirstOwnAdmin == 0 {
		writes, err := a.owned(ctx, org, true)
		return privilege, writes, err
	}
	return privilege, []table.Write{table.Require(org.item.Key, org.item.Version)}, nil
}

// adding returns the offer without what would take a permission away from a person; invitations only
// add. stays is the role at the place that the person keeps.
func (o offer) adding(person Person) (added offer, stays Role) {
	if has := person.roleAt(o.place); o.Role != "" && has != "" && lowers(o.place.Scope, has, o.Role) {
		stays, o.Role = has, ""
	}
	o.below = slices.DeleteFunc(slices.Clone(o.below), func(m aim) bool {
		return slices.ContainsFunc(person.Privileges, func(held Privilege) bool {
			return held.sameScope(m.Privilege) && lowers(m.Scope, held.Role, m.Role)
		})
	})
	return o, stays
}

// grant adds the privileges of an invitation to a person with an account, and replaces those at the same
// scopes. If that would take a permission away, the present privilege stays.
func (a *Accounts) grant(ctx context.Context, by change.Actor, userID string, offered offer) (Person, error) {
	place := offered.place
	person, err := a.changePerson(ctx, by, userID, func(p *profile) (change.Record, error) {
		if place.Scope == PlatformScope && offered.Role != Operator && p.Principal("", "").May(RunPlatform, place) {
			return change.Record{}, fault.New(
				fault.Conflict,
				"You are an operator. Another operator must change that first, so that one always remains.",
			)
		}
		if err := checkMember(p.Privileges, place); err != nil {
			return change.Record{}, err
		}
		taken, stays := offered.adding(p.Person)
		entries, owning, err := a.take(ctx, p, taken)
		if err != nil {
			return change.Record{}, err
		}
		record, err := a.accepted(ctx, taken, p.Person)
		if err != nil {
			return change.Record{}, err
		}
		if stays != "" {
			record.Message += " as " + string(offered.Role) + ", and stays " + string(stays)
		}
		record.Writes = slices.Concat(record.Writes, entries, owning)
		return record, nil
	})
	return person, offered.conflict(err)
}

// indexAt returns the index of the privilege that p has at exactly this place; -1 for none.
func (p *profile) indexAt(place Place) int {
	return slices.IndexFunc(p.Privileges, func(old Privilege) bool { return old.at(place) })
}

// indexOf returns the index of the privilege that p has at the same scope as another; -1 for none.
func (p *profile) indexOf(other Privilege) int {
	return slices.IndexFunc(p.Privileges, other.sameScope)
}

// replacePrivilege replaces the privilege of p with an index, or removes it (nil), and returns the
// writes for the lists of administrators. It adds the privilege if the index is -1. An entry whose key
// does not change needs no write: the role is stored with the person.
func replacePrivilege(p *profile, had int, privilege *Privilege) ([]table.Write, error) {
	switch {
	case had >= 0 && privilege != nil:
		if p.Privileges[had].Role == privilege.Role && p.Privileges[had].GivenBy != privilege.GivenBy &&
			privilege.GivenBy != "" {
			return nil, nil // a provider that gives the same again takes nothing from it
		}
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
