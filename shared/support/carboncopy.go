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

// carbonCopies returns the parties without an account for a list of addresses. Each has an ID
// derived from the case and the address, which reply addresses refer to. Customers may only add
// addresses of their own mail domain, so that nobody can make Tenantry send mail to strangers;
// agents may add any address.
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
			return nil, fault.InField("cc", "%q is an address of this installation", address)
		case !agent && !known && domain != own:
			return nil, fault.InField(
				"cc",
				"%q is not in your mail domain; ask the provider's agents to add it",
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

// Guest returns the participant without an account that has an ID, as a person and as a principal
// who may do with this case what its submitter may. Use them for this case only.
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

// Copied returns the participant without an account that has an address.
func (c Case) Copied(address string) (Party, bool) {
	at := slices.IndexFunc(c.CC, func(p Party) bool { return p.Email == address })
	if at < 0 {
		return Party{}, false
	}
	return c.CC[at], true
}

// WithMailFailure returns the case with a note that mail to a participant without an account fails;
// an empty failure clears the note.
func (c Case) WithMailFailure(id, failure string) Case {
	c.CC = slices.Clone(c.CC)
	for i := range c.CC {
		if c.CC[i].ID == id {
			c.CC[i].MailFailure = failure
		}
	}
	return c
}
