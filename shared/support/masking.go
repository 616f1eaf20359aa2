package support

import (
	"slices"
	"strings"

	"github.com/tenantry/tenantry/shared/fault"
	"github.com/tenantry/tenantry/shared/identity"
)

// Reader is how a principal sees the cases of an organization.
type Reader struct {
	// ID is the person, who sees their own name in any case.
	ID string
	// Agent is set for those who see the cases as the provider does.
	Agent bool
	// Masked is set if the names and addresses of the organization's people are masked.
	Masked bool
}

// ReaderOf returns how a principal sees the cases of an organization.
func ReaderOf(by identity.Principal, place identity.Place) Reader {
	return Reader{ID: by.UserID, Agent: by.IsAgent(place), Masked: !by.May(identity.SeePersonalData, place)}
}

// Party returns somebody on a case as the reader sees them.
func (r Reader) Party(p Party) Party {
	if !r.Agent {
		p = p.forCustomer()
	}
	if r.Masked && p.Side() == CustomerSide && (p.ID == "" || p.ID != r.ID) {
		p.Name, p.Email = identity.MaskName(p.Name), identity.MaskEmail(p.Email)
		p.MailFailure = identity.MaskText(p.MailFailure)
	}
	return p
}

// parties returns people on a case as the reader sees them.
func (r Reader) parties(people []Party) []Party {
	people = slices.Clone(people)
	for i := range people {
		people[i] = r.Party(people[i])
	}
	return people
}

// Case returns a case as the reader sees it.
func (r Reader) Case(c Case) Case {
	if !r.Agent {
		c = c.forCustomer()
	}
	if r.Masked {
		c.Submitter, c.Watchers, c.CC = r.Party(c.Submitter), r.parties(c.Watchers), r.parties(c.CC)
	}
	return c
}

// Summary returns a case in a list as the reader sees it.
func (r Reader) Summary(l Summary) Summary {
	l = l.SeenBy(r.Agent)
	l.Submitter = r.Party(l.Submitter)
	return l
}

// comment changes a comment to what the reader sees, and reports whether they see it at all.
func (r Reader) comment(c *Comment) bool {
	c.Author = r.Party(c.Author)
	return r.Agent || !c.Internal
}

// history changes an entry of the history of a case to what the reader sees, and reports whether they
// see it at all. Names in it belong to people who may have left the case since: only those who are
// known to work for the provider stay.
func (r Reader) history(h *HistoryEntry, c Case) bool {
	seen := historySeen(h, r.Agent)
	if !seen || !r.Masked {
		return seen
	}
	names := []string{c.Submitter.Name}
	for _, party := range slices.Concat(c.Watchers, c.CC) {
		if !party.Agent {
			names = append(names, party.Name)
		}
	}
	h.Author = r.Party(h.Author)
	h.Fields = r.Fields(h.Fields, c)
	for name, difference := range h.Fields {
		switch name {
		case "mail", "quarantined_mail", notNotified:
			h.Fields[name] = Difference{
				Before: maskText(difference.Before, names), After: maskText(difference.After, names),
			}
		}
	}
	if h.QuarantinedMail != nil {
		mail := *h.QuarantinedMail
		mail.From = identity.MaskEmail(mail.From)
		mail.Confirmable = false // nobody confirms an address unseen
		h.QuarantinedMail = &mail
	}
	return true
}

// Fields returns changes of the fields of a case as the reader sees them.
func (r Reader) Fields(fields map[string]Difference, c Case) map[string]Difference {
	if !r.Masked || len(fields) == 0 {
		return fields
	}
	var agents []string
	if c.Assignee != nil {
		agents = append(agents, c.Assignee.Name)
	}
	for _, party := range c.Watchers {
		if party.Agent {
			agents = append(agents, party.Name)
		}
	}
	shown := make(map[string]Difference, len(fields))
	for name, difference := range fields {
		if name == "watchers" || name == "cc" {
			difference = Difference{Before: maskNames(difference.Before, agents), After: maskNames(difference.After, agents)}
		}
		shown[name] = difference
	}
	return shown
}

// maskNames masks the names in a list as names returns it, except some.
func maskNames(value any, except []string) any {
	text, ok := value.(string)
	if !ok || text == "" {
		return value
	}
	people := strings.Split(text, ", ")
	for i, name := range people {
		if !slices.Contains(except, name) {
			people[i] = identity.MaskName(name)
		}
	}
	return strings.Join(people, ", ")
}

// maskText masks a value of the history that is a sentence.
func maskText(value any, names []string) any {
	if text, ok := value.(string); ok {
		return maskSentence(text, names)
	}
	return value
}

// maskSentence masks names and addresses in a sentence of the history. One that tells that somebody
// was not notified begins with the name.
func maskSentence(text string, names []string) string {
	if name, rest, ok := strings.Cut(text, notNotifiedWords); ok {
		return identity.MaskName(name) + notNotifiedWords + identity.MaskText(rest, names...)
	}
	return identity.MaskText(text, names...)
}

// unmasked returns the addresses of a request in which those that are masked stand for the
// participants that the principal sees so: a client that writes back what it read changes nothing.
func (r Reader) unmasked(addresses []string, present []Party) ([]string, error) {
	if !r.Masked {
		return addresses, nil
	}
	var whole []string
	for _, address := range addresses {
		if !identity.Masked(address) {
			whole = append(whole, address)
			continue
		}
		known := false
		for _, party := range present {
			if r.Party(party).Email == address {
				whole, known = append(whole, party.Email), true
			}
		}
		if !known {
			return nil, fault.InField("cc",
				"%q is a masked address, and nobody on the case has it: give whole addresses", address)
		}
	}
	return Distinct(whole), nil
}
