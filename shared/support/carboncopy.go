package support

import (
	"context"
	"crypto/sha256"
	"slices"
	"strings"

	"github.com/google/uuid"

	"github.com/tenantry/tenantry/shared/change"
	"github.com/tenantry/tenantry/shared/fault"
	"github.com/tenantry/tenantry/shared/identity"
)

// carbonCopies returns the parties without an account for a list of addresses. Each has an ID
// derived from the case and the address, which reply addresses refer to. Customers may only add
// addresses of their own mail domain, so that nobody can make Tenantry send mail to strangers;
// agents may add any address.
//
// An address whose account has access to the case stands for that person, who becomes a watcher
// unless they are on the case already. carbonCopies returns the watchers including those people.
func (s *Service) carbonCopies(
	ctx context.Context, by identity.Principal, place identity.Place, c Case, addresses []string,
) (people, watchers []Party, err error) {
	if len(addresses)+len(c.Watchers) > MaxWatchers {
		return nil, nil, fault.InField("cc", "must be at most %d together with the watchers", MaxWatchers)
	}
	agent := by.IsAgent(place)
	accounts, err := s.accounts.PeopleByEmail(ctx, addresses)
	if err != nil {
		return nil, nil, err
	}
	watchers = slices.Clone(c.Watchers)
	_, own, _ := strings.Cut(identity.NormalEmail(by.Email), "@")
	for _, address := range addresses {
		address = identity.NormalEmail(address)
		if err := identity.CheckEmail("cc", address); err != nil {
			return nil, nil, err
		}
		_, domain, _ := strings.Cut(address, "@")
		known := slices.ContainsFunc(c.CC, func(p Party) bool { return p.Email == address })
		switch {
		case domain == s.mailDomain:
			return nil, nil, fault.InField("cc", "%q is an address of this installation", address)
		case !agent && !known && domain != own:
			return nil, nil, fault.InField(
				"cc", "%q is not in your mail domain; ask the provider's agents to add it", address,
			)
		}
		if person, ok := withAccess(accounts, address, place); ok {
			if !c.concerns(person.UserID) && !hasParty(watchers, person.UserID) {
				watchers = append(watchers, partyOf(person, place))
			}
			continue
		}
		if slices.ContainsFunc(people, func(p Party) bool { return p.Email == address }) {
			continue
		}
		party := Party{ID: carbonCopyID(c.ID, address), Name: address, Email: address}
		if at := slices.IndexFunc(c.CC, func(p Party) bool { return p.Email == address }); at >= 0 {
			party.MailFailure = c.CC[at].MailFailure
		}
		people = append(people, party)
	}
	return people, watchers, nil
}

// withAccess returns the account of an address if it may see the cases of a place.
func withAccess(accounts []identity.Person, address string, place identity.Place) (identity.Principal, bool) {
	for _, person := range accounts {
		if principal := person.Principal("api", ""); person.Email == address && principal.May(identity.SeeCases, place) {
			return principal, true
		}
	}
	return identity.Principal{}, false
}

// concerns reports whether a person opened the case or works on it.
func (c Case) concerns(userID string) bool {
	return c.Submitter.ID == userID || c.Assignee.PartyID() == userID
}

func hasParty(people []Party, id string) bool {
	return slices.ContainsFunc(people, func(p Party) bool { return p.ID == id })
}

func carbonCopyID(caseID, address string) string {
	sum := sha256.Sum256([]byte("cc " + caseID + " " + address))
	return uuid.UUID(sum[:16]).String()
}

// Guest returns the participant without an account with an ID, as a person and as a principal with
// the permissions of the submitter. The principal is valid for this case only.
func (c Case) Guest(id, sourceAddress string) (identity.Person, identity.Principal, bool) {
	at := slices.IndexFunc(c.CC, func(p Party) bool { return p.ID == id })
	if at < 0 {
		return identity.Person{}, identity.Principal{}, false
	}
	party := c.CC[at]
	person := identity.Person{
		ID:         party.ID,
		Email:      party.Email,
		FirstName:  party.Name,
		Privileges: []identity.Privilege{{Scope: identity.OrgScope, Role: identity.Helpdesk, OrgID: c.OrgID}},
	}
	by := person.Principal("mail", sourceAddress)
	by.Kind = change.Stranger
	return person, by, true
}

// Copied returns the participant without an account with an address.
func (c Case) Copied(address string) (Party, bool) {
	address = identity.NormalEmail(address)
	at := slices.IndexFunc(c.CC, func(p Party) bool { return p.Email == address })
	if at < 0 {
		return Party{}, false
	}
	return c.CC[at], true
}

// WithMailFailure returns the case with a mail failure recorded for a participant without an
// account; an empty failure clears it.
func (c Case) WithMailFailure(id, failure string) Case {
	c.CC = slices.Clone(c.CC)
	for i := range c.CC {
		if c.CC[i].ID == id {
			c.CC[i].MailFailure = failure
		}
	}
	return c
}
