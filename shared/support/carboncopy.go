package support

import (
	"crypto/sha256"
	"slices"
	"strings"

	"github.com/google/uuid"

	"github.com/tenantry/tenantry/shared/change"
	"github.com/tenantry/tenantry/shared/fault"
	"github.com/tenantry/tenantry/shared/identity"
)

// carbonCopies makes the people without an account whom a case concerns. Each has an id of their
// own in this case, made of the address, that the addresses for their answers name. Customers add
// people of their own mail domain alone, so that nobody has mails sent to strangers; agents add
// anybody.
func (s *Service) carbonCopies(by identity.Principal, agent bool, c Case, addresses []string) ([]Party, error) {
	if len(addresses)+len(c.Watchers) > MaxWatchers {
		return nil, fault.InField("cc", "must be at most %d together with the watchers", MaxWatchers)
	}
	_, own, _ := strings.Cut(identity.NormalEmail(by.Email), "@")
	var people []Party
	for _, address := range addresses {
		address = identity.NormalEmail(address)
		if err := identity.CheckEmail("cc", address); err != nil {
			return nil, err
		}
		_, domain, _ := strings.Cut(address, "@")
		known := slices.ContainsFunc(c.CC, func(p Party) bool { return p.Email == address })
		switch {
		case domain == s.mailDomain:
			return nil, fault.InField("cc", "%q is an address of this installation itself", address)
		case !agent && !known && domain != own:
			return nil, fault.InField(
				"cc",
				"%q is not of your own mail domain; ask those who answer the case to add it",
				address,
			)
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
	return people, nil
}

func carbonCopyID(caseID, address string) string {
	sum := sha256.Sum256([]byte("cc " + caseID + " " + address))
	return uuid.UUID(sum[:16]).String()
}

// Guest gives somebody who is told of a case without having an account: as a person, and as a
// principal who may do with this one case what its submitter may. It must not be used for anything
// but the case that names them.
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

// Copied finds the one of the people without an account who has an address.
func (c Case) Copied(address string) (Party, bool) {
	at := slices.IndexFunc(c.CC, func(p Party) bool { return p.Email == address })
	if at < 0 {
		return Party{}, false
	}
	return c.CC[at], true
}

// WithMailFailure is the case with the note that mail does not reach somebody without an account,
// or that it does ("").
func (c Case) WithMailFailure(id, failure string) Case {
	c.CC = slices.Clone(c.CC)
	for i := range c.CC {
		if c.CC[i].ID == id {
			c.CC[i].MailFailure = failure
		}
	}
	return c
}
