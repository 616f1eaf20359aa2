package identity

import (
	"cmp"
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
	withheld, mask, err := a.sight(ctx, by, place)
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
				administrators = append(administrators, mask(shown, person.Privileges))
			}
		}
	}
	slices.SortFunc(administrators, func(x, y Administrator) int {
		return cmp.Or(compareText(x.Email, y.Email), compareText(x.ID, y.ID))
	})
	invites, err := a.pendingInvites(ctx, place)
	if err != nil {
		return nil, nil, err
	}
	for i := range invites {
		invites[i] = invites[i].seenBy(by, place)
	}
	slices.SortFunc(invites, func(x, y Invite) int {
		return cmp.Or(compareText(x.Email, y.Email), compareText(x.ID, y.ID))
	})
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
	withheld, err := withheldInTree(ctx, a.journal, by, place.MSPID, need)
	if err != nil {
		return nil, err
	}
	return withheld[0], nil
}

// inTree reports whether a privilege is at the place or, for an MSP, at one of its labels or organizations.
func (p Privilege) inTree(place Place) bool {
	return p.at(place) ||
		place.Scope == MSPScope && (p.Scope == OrgScope || p.Scope == LabelScope) && p.MSPID == place.MSPID
}

// Administrator reads one person of a place; a fault of code NotFound if the person has no
// privilege in the place's tree.
func (a *Accounts) Administrator(ctx context.Context, by Principal, place Place, userID string) (Administrator, error) {
	if err := by.Check(SeeAdministrators, place); err != nil {
		return Administrator{}, err
	}
	withheld, mask, person, err := a.seen(ctx, by, place, userID)
	if err != nil {
		return Administrator{}, err
	}
	administrator := within(person, place, withheld)
	if len(administrator.Privileges) == 0 {
		return Administrator{}, fault.Missing()
	}
	return mask(administrator, person.Privileges), nil
}

// PeopleAt returns up to limit people with a privilege at exactly the place, or at a label of an MSP, for
// whom accept returns true, ordered by ID. It checks no permission: it is for Tenantry itself.
func (a *Accounts) PeopleAt(ctx context.Context, place Place, limit int, accept func(Person) bool) ([]Person, error) {
	query := table.WithPrefix(table.Core, place.Partition(), adminSort)
	var people []Person
	last := ""
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
			// The entries of a person are adjacent.
			if (entry.OrgID == "" || place.Scope == OrgScope) && entry.UserID != last {
				ids, last = append(ids, entry.UserID), entry.UserID
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

// Name returns the person's full name, or the e-mail address if there is none.
func (p Person) Name() string { return p.Principal("", "").Name() }
