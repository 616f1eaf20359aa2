package identity

import (
	"context"
	"slices"

	"github.com/tenantry/tenantry/shared/change"
	"github.com/tenantry/tenantry/shared/fault"
	"github.com/tenantry/tenantry/shared/store/table"
)

// WriteAdministrator changes the privileges of a person at a place; at an MSP, see changeGiven.
//
// Elsewhere it changes the role at exactly this place to that of the privilege there, if the list has
// one. The other privileges of the list must be those that the person has in the place's tree, as
// Administrator returns them: they are changed where they are. A privilege that is given back with
// who gave it changes nothing; one without is given by the principal.
func (a *Accounts) WriteAdministrator(
	ctx context.Context,
	by Principal,
	place Place,
	userID string,
	privileges []Privilege,
) (Administrator, error) {
	if err := by.Check(ChangeAdministrators, place); err != nil {
		return Administrator{}, err
	}
	if place.Scope == MSPScope {
		return a.changeGiven(ctx, by, place, userID, privileges)
	}
	at := slices.IndexFunc(privileges, func(p Privilege) bool { return p.at(place) })
	asRead := at >= 0 && privileges[at].GivenBy != ""
	if at >= 0 && len(privileges) == 1 && !asRead {
		return a.ChangeAdministrator(ctx, by, place, userID, privileges[0].Role, privileges[0].Views)
	}
	present, err := a.Administrator(ctx, by, place, userID)
	if err != nil {
		return Administrator{}, err
	}
	for i, given := range privileges {
		held := slices.ContainsFunc(present.Privileges, func(p Privilege) bool {
			return p.Scope == given.Scope && p.OrgID == given.OrgID && p.Role == given.Role && p.Views == given.Views
		})
		if i != at && !held {
			return Administrator{}, fault.InField("privileges",
				"must have one privilege at the scope of the path; the others must be as they are: change them at their own scope")
		}
	}
	if at < 0 || asRead && slices.Contains(present.Privileges, privileges[at]) {
		return present, nil
	}
	if asRead && !slices.ContainsFunc(present.Privileges, func(p Privilege) bool {
		return p.at(place) && p.GivenBy == privileges[at].GivenBy
	}) {
		return Administrator{}, fault.InField("privileges",
			"has a given_by other than the present one: read the administrator again, or leave it out to give the role")
	}
	return a.changeAdministrator(ctx, by, place, userID, privileges[at].Role, asRead, privileges[at].Views)
}

// ChangeAdministrator changes the role of a person at exactly this place, and the views if given. It
// writes nothing if nothing changes.
func (a *Accounts) ChangeAdministrator(
	ctx context.Context,
	by Principal,
	place Place,
	userID string,
	role Role,
	views ...string,
) (Administrator, error) {
	return a.changeAdministrator(ctx, by, place, userID, role, false, views...)
}

// changeAdministrator is ChangeAdministrator; asRead keeps who gave the privilege, unless the role
// changes: other views do not confirm a role.
func (a *Accounts) changeAdministrator(
	ctx context.Context, by Principal, place Place, userID string, role Role, asRead bool, views ...string,
) (Administrator, error) {
	if err := by.Check(ChangeAdministrators, place); err != nil {
		return Administrator{}, err
	}
	if err := checkRole(place, role); err != nil {
		return Administrator{}, err
	}
	if err := a.keepOne(by, place, userID, role); err != nil {
		return Administrator{}, err
	}
	person, err := a.changePerson(ctx, by.Actor(), userID, func(p *profile) (change.Record, error) {
		before := slices.Clone(within(p.Person, place, nil).Privileges)
		had := slices.IndexFunc(before, func(old Privilege) bool { return old.at(place) })
		if had < 0 {
			return change.Record{}, fault.Missing()
		}
		privilege, owning := before[had], []table.Write(nil)
		// A provider that gives the same role again takes nothing from what the organization gave.
		keeps := asRead || before[had].GivenBy == "" && by.giver(place) != ""
		if !keeps || role != before[had].Role {
			var err error
			if privilege, owning, err = a.changed(ctx, by, place, p, before[had], role); err != nil {
				return change.Record{}, err
			}
		}
		privilege.Views = before[had].Views
		if len(views) > 0 {
			privilege.Views = views[0]
		}
		if privilege == before[had] {
			return change.Record{}, errUnchanged
		}
		writes, err := replacePrivilege(p, p.indexAt(place), &privilege)
		if err != nil {
			return change.Record{}, err
		}
		still, err := a.stillOne(ctx, by, place, userID)
		if err != nil {
			return change.Record{}, err
		}
		messages, err := accessEndedMessages(place, p.ID)
		if err != nil {
			return change.Record{}, err
		}
		if privilege.Role != before[had].Role && privilege.Role == RolesAt(place.Scope)[0] {
			announcements, err := a.announce(ctx, place, p.Person, role)
			if err != nil {
				return change.Record{}, err
			}
			messages = append(messages, announcements...)
		}
		return change.Record{
			Action: place.action("change_administrator"), Message: "Made " + describe(p.Person) + " " + string(role),
			OrgID: place.OrgID, MSPID: place.MSPID, UserLog: p.ID, Target: "user:" + p.ID,
			Before: before, After: within(p.Person, place, nil).Privileges,
			Writes: slices.Concat(writes, still, owning), Messages: messages,
		}, nil
	})
	if err != nil {
		return Administrator{}, err
	}
	_, mask, err := a.sight(ctx, by, place)
	if err != nil {
		return Administrator{}, err
	}
	return mask(within(person, place, nil), person.Privileges), nil
}

// changed returns the privilege with a new role, and the writes to the organization that belong to
// it. A role that the provider gives is the provider's, unless it makes the first own administrator;
// the organization's own administrators confirm a role by giving it again.
func (a *Accounts) changed(
	ctx context.Context, by Principal, place Place, p *profile, old Privilege, role Role,
) (Privilege, []table.Write, error) {
	privilege := Privilege{
		Scope: place.Scope, Role: role, MSPID: old.MSPID, OrgID: place.OrgID, GivenBy: by.giver(place),
	}
	if place.Scope != OrgScope {
		return privilege, nil, nil
	}
	if lowers(place.Scope, role, old.Role) { // the new role has more permissions
		if err := checkMember(p.Privileges, place); err != nil {
			return Privilege{}, nil, err
		}
	}
	if old.own() && (role != Admin || privilege.GivenBy == "") {
		writes, err := a.noteOwners(ctx, []Privilege{old})
		return privilege, writes, err
	}
	if role != Admin {
		return privilege, nil, nil
	}
	org, err := a.organization(ctx, place.OrgID)
	if err != nil {
		return Privilege{}, nil, err
	}
	return a.own(ctx, org, privilege, p.Privileges)
}

// keepOne refuses a change by which people take from themselves what nobody could give them back: the
// last operator would leave the platform without one, and the last own administrator the organization
// without anybody who can decide on its consents. Operators and own administrators can remove the role
// of others, but not their own.
func (a *Accounts) keepOne(by Principal, place Place, userID string, role Role) error {
	switch {
	case userID != by.UserID:
	case place.Scope == PlatformScope && role != Operator:
		return fault.New(
			fault.Conflict,
			"You cannot remove your own operator role: another operator must do it, so that one always remains.",
		)
	case by.OwnAdministrator(place) && role != Admin:
		return fault.New(
			fault.Conflict,
			"You cannot give up your own administrator role: another administrator of the organization must take it "+
				"from you, so that one always remains who can decide what the provider may do.",
		)
	}
	return nil
}

// stillOne returns the condition that the person who changes operators or the administrators of an
// organization is still one of them at commit, so that two who remove each other at the same time
// cannot both succeed.
func (a *Accounts) stillOne(ctx context.Context, by Principal, place Place, userID string) ([]table.Write, error) {
	oneOfThem := place.Scope == PlatformScope || place.Scope == OrgScope && slices.ContainsFunc(by.Privileges,
		func(held Privilege) bool { return held.at(place) })
	if userID == by.UserID || !oneOfThem {
		return nil, nil
	}
	acting, err := a.loadProfile(ctx, by.UserID)
	if err != nil {
		return nil, err
	}
	if err := acting.Principal("", "").Check(ChangeAdministrators, place); err != nil {
		return nil, err
	}
	return []table.Write{table.Require(profileKey(by.UserID), acting.version)}, nil
}

// RemoveAdministrator removes a person's privileges at a place and in its tree; the account stays.
func (a *Accounts) RemoveAdministrator(ctx context.Context, by Principal, place Place, userID string) error {
	if err := by.Check(ChangeAdministrators, place); err != nil {
		return err
	}
	if err := a.keepOne(by, place, userID, ""); err != nil {
		return err
	}
	withheld, err := a.withheld(ctx, by, place, ChangeAdministrators)
	if err != nil {
		return err
	}
	for first := true; ; first = false {
		left, err := a.removePart(ctx, by, place, userID, withheld)
		if fault.Is(err, fault.NotFound) && !first {
			return nil // the rest was removed in the meantime
		}
		if err != nil || left == 0 {
			return err
		}
	}
}

// removedAtOnce is the maximum number of privileges removed in one transaction: each has two list
// entries, and may be the first end of an own administrator in its organization.
const removedAtOnce = 30

// removePart removes as many of a person's privileges in a place's tree as fit in one transaction,
// and returns how many remain there.
func (a *Accounts) removePart(
	ctx context.Context, by Principal, place Place, userID string, withheld map[string]int64,
) (int, error) {
	person, err := a.changePerson(ctx, by.Actor(), userID, func(p *profile) (change.Record, error) {
		before := within(p.Person, place, withheld).Privileges
		if len(before) == 0 {
			return change.Record{}, fault.Missing()
		}
		writes, err := a.stillOne(ctx, by, place, userID)
		if err != nil {
			return change.Record{}, err
		}
		ending := before[:min(len(before), removedAtOnce)]
		owners, err := a.noteOwners(ctx, ending)
		if err != nil {
			return change.Record{}, err
		}
		writes = append(writes, owners...)
		for _, privilege := range ending {
			writes = append(writes, dropEntries(p.ID, privilege)...)
			p.Privileges = slices.DeleteFunc(p.Privileges, func(other Privilege) bool { return other == privilege })
		}
		if len(p.Privileges) == 0 {
			p.endCredentials() // the person has no privilege left
		}
		messages, err := accessEndedMessages(place, p.ID)
		if err != nil {
			return change.Record{}, err
		}
		return change.Record{
			Action: place.action("remove_administrator"), Message: "Removed " + describe(p.Person),
			OrgID: place.OrgID, MSPID: place.MSPID, UserLog: p.ID, Target: "user:" + p.ID,
			Before: before, After: within(p.Person, place, withheld).Privileges, Writes: writes, Messages: messages,
		}, nil
	})
	return len(within(person, place, withheld).Privileges), err
}
