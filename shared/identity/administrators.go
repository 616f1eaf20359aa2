package identity

import (
	"context"
	"slices"

	"github.com/tenantry/tenantry/shared/change"
	"github.com/tenantry/tenantry/shared/fault"
	"github.com/tenantry/tenantry/shared/store/table"
)

// Administrator is a person with a privilege at a place or, for an MSP, at one of its
// organizations. Privileges lists only those.
type Administrator struct {
	Person
}

// Administrators lists the people and the pending invitations of a place, ordered by address. For
// an MSP it returns everybody with a privilege in the MSP's tree.
func (a *Accounts) Administrators(ctx context.Context, by Principal, place Place) ([]Administrator, []Invite, error) {
	if err := by.Check(SeeAdministrators, place); err != nil {
		return nil, nil, err
	}
	withheld, err := a.withheld(ctx, by, place, SeeAdministrators)
	if err != nil {
		return nil, nil, err
	}
	ids, err := a.administratorIDs(ctx, place)
	if err != nil {
		return nil, nil, err
	}
	var administrators []Administrator
	for batch := range slices.Chunk(ids, table.MaxBatch) {
		people, err := a.People(ctx, batch)
		if err != nil {
			return nil, nil, err
		}
		for _, person := range people {
			if shown := within(person, place, withheld); len(shown.Privileges) > 0 {
				administrators = append(administrators, shown)
			}
		}
	}
	slices.SortFunc(administrators, func(x, y Administrator) int { return compareText(x.Email, y.Email) })
	invites, err := a.pendingInvites(ctx, place)
	if err != nil {
		return nil, nil, err
	}
	slices.SortFunc(invites, func(x, y Invite) int { return compareText(x.Email, y.Email) })
	return administrators, invites, nil
}

func compareText(x, y string) int {
	switch {
	case x < y:
		return -1
	case x > y:
		return 1
	}
	return 0
}

// maxAdministrators limits the list of one place: at five times the size of the largest support
// desks known to us it still fits in one response.
const maxAdministrators = 5000

func (a *Accounts) administratorIDs(ctx context.Context, place Place) ([]string, error) {
	query := table.WithPrefix(table.Core, place.Partition(), adminSort)
	var ids []string
	for {
		page, err := a.journal.Query(ctx, query)
		if err != nil {
			return nil, err
		}
		for _, item := range page.Items {
			var entry administrator
			if err := change.Decode(item, &entry); err != nil {
				return nil, err
			}
			// The entries of a person are adjacent, because their keys begin with the person's ID.
			if len(ids) == 0 || ids[len(ids)-1] != entry.UserID {
				ids = append(ids, entry.UserID)
			}
		}
		if query.After = page.Next; page.Next == "" || len(ids) >= maxAdministrators {
			return ids, nil
		}
	}
}

// within returns a person with only the privileges in a place's tree, without those in the
// organizations that are withheld.
func within(person Person, place Place, withheld map[string]int64) Administrator {
	person.Privileges = slices.DeleteFunc(
		slices.Clone(person.Privileges),
		func(p Privilege) bool {
			_, hidden := withheld[p.OrgID]
			return !p.inTree(place) || hidden && p.Scope == OrgScope
		},
	)
	return Administrator{Person: person}
}

// withheld returns the organizations in a place's tree where the principal lacks a permission for
// want of consent. The place itself is checked by the caller.
func (a *Accounts) withheld(ctx context.Context, by Principal, place Place, need Permission) (map[string]int64, error) {
	if place.Scope != MSPScope {
		return nil, nil
	}
	return Withheld(ctx, a.journal, by, place.MSPID, need)
}

// inTree reports whether a privilege is at the place or, for an MSP, at one of its organizations.
func (p Privilege) inTree(place Place) bool {
	return p.at(place) || place.Scope == MSPScope && p.Scope == OrgScope && p.MSPID == place.MSPID
}

// Administrator reads one person of a place; a fault of code NotFound if the person has no
// privilege in the place's tree.
func (a *Accounts) Administrator(ctx context.Context, by Principal, place Place, userID string) (Administrator, error) {
	if err := by.Check(SeeAdministrators, place); err != nil {
		return Administrator{}, err
	}
	withheld, err := a.withheld(ctx, by, place, SeeAdministrators)
	if err != nil {
		return Administrator{}, err
	}
	person, err := a.Person(ctx, userID)
	if err != nil {
		return Administrator{}, err
	}
	administrator := within(person, place, withheld)
	if len(administrator.Privileges) == 0 {
		return Administrator{}, fault.Missing()
	}
	return administrator, nil
}

// WriteAdministrator changes the role of a person at exactly this place to that of the privilege there,
// if the list has one. The other privileges of the list must be those that the person has in the
// place's tree, as Administrator returns them: they are changed where they are. A privilege that is
// given back with who gave it changes nothing; one without is given by the principal.
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
	if err := a.keepOperator(by, place, userID, role); err != nil {
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
		writes, err := replacePrivilege(p, place, &privilege)
		if err != nil {
			return change.Record{}, err
		}
		still, err := a.stillOperator(ctx, by, place, userID)
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
	return within(person, place, nil), err
}

// changed returns the privilege with a new role, and the writes to the organization that belong to
// it. A role that the provider gives is the provider's, unless it makes the first own administrator;
// the organization's own administrators confirm a role by giving it again.
func (a *Accounts) changed(
	ctx context.Context, by Principal, place Place, p *profile, old Privilege, role Role,
) (Privilege, []table.Write, error) {
	privilege := Privilege{
		Scope: place.Scope, Role: role, MSPID: place.MSPID, OrgID: place.OrgID, GivenBy: by.giver(place),
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

// keepOperator refuses a change that would leave the platform without an operator: operators can
// remove the role of others, but not their own.
func (a *Accounts) keepOperator(by Principal, place Place, userID string, role Role) error {
	if place.Scope == PlatformScope && userID == by.UserID && role != Operator {
		return fault.New(
			fault.Conflict,
			"You cannot remove your own operator role: another operator must do it, so that one always remains.",
		)
	}
	return nil
}

// stillOperator returns the condition that the person who changes operators is still an operator at
// commit, so that two operators who remove each other at the same time cannot both succeed.
func (a *Accounts) stillOperator(ctx context.Context, by Principal, place Place, userID string) ([]table.Write, error) {
	if place.Scope != PlatformScope || userID == by.UserID {
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
	if err := a.keepOperator(by, place, userID, ""); err != nil {
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
		writes, err := a.stillOperator(ctx, by, place, userID)
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

// PeopleAt returns up to limit people with a privilege at exactly the place for whom accept returns
// true, ordered by ID. It checks no permission: it is for Tenantry itself.
func (a *Accounts) PeopleAt(ctx context.Context, place Place, limit int, accept func(Person) bool) ([]Person, error) {
	query := table.WithPrefix(table.Core, place.Partition(), adminSort)
	var people []Person
	for len(people) < limit {
		page, err := a.journal.Query(ctx, query)
		if err != nil {
			return nil, err
		}
		entries, err := change.DecodePage[administrator](page)
		if err != nil {
			return nil, err
		}
		var ids []string
		for _, entry := range entries {
			if entry.OrgID == "" || place.Scope == OrgScope {
				ids = append(ids, entry.UserID)
			}
		}
		for batch := range slices.Chunk(ids, table.MaxBatch) {
			loaded, err := a.People(ctx, batch)
			if err != nil {
				return nil, err
			}
			for _, person := range loaded {
				if len(people) < limit && accept(person) {
					people = append(people, person)
				}
			}
		}
		if query.After = page.Next; page.Next == "" {
			break
		}
	}
	return people, nil
}

// Works reports whether a person works on cases at a place for the provider. It checks no
// permission: it is for Tenantry itself.
func (a *Accounts) Works(ctx context.Context, userID string, place Place) (bool, error) {
	person, err := a.Person(ctx, userID)
	if fault.Is(err, fault.NotFound) {
		return false, nil
	}
	return person.Principal("", "").May(AnswerCases, place), err
}

// GetsMail reports whether mail can reach the person's address: no failure is recorded.
func (p Person) GetsMail() bool { return p.MailFailed == 0 }
