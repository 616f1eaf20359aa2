package notification

import (
	"context"
	"slices"

	"github.com/tenantry/tenantry/shared/identity"
	"github.com/tenantry/tenantry/shared/identity/preference"
	"github.com/tenantry/tenantry/shared/support"
)

// participants are the people on a case who can be reached now, each once: a copied address whose
// account has access to the case stands for that person.
type participants struct {
	submitter, assignee string // "" if there is none, or if they cannot be reached
	others              []string
	agents              map[string]bool
	actor               string
	actorAgent          bool
	// preferences are those of the people with an account.
	preferences map[string]preference.Preferences
}

// participants returns the people on a case who can be reached, in one request, and two more if
// addresses are copied.
func (s *Service) participants(
	ctx context.Context, place identity.Place, c support.Case, actorID string,
) (participants, error) {
	ids := []string{c.Submitter.ID}
	for _, party := range c.Watchers {
		ids = append(ids, party.ID)
	}
	if c.Assignee != nil {
		ids = append(ids, c.Assignee.ID)
	}
	if actorID != "" && !slices.ContainsFunc(c.CC, func(p support.Party) bool { return p.ID == actorID }) {
		ids = append(ids, actorID)
	}
	people, err := s.accounts.People(ctx, support.Distinct(ids))
	if err != nil {
		return participants{}, err
	}
	p := participants{
		agents: map[string]bool{}, actor: actorID, preferences: map[string]preference.Preferences{},
	}
	reachable := map[string]bool{}
	var addresses []string
	for _, person := range people {
		by := person.Principal("mail", "")
		p.agents[person.ID], p.preferences[person.ID] = by.IsAgent(place), person.Preferences
		reachable[person.ID] = person.GetsMail() && by.May(identity.SeeCases, place)
		if person.ID == actorID {
			p.actorAgent = by.IsAgent(place)
		}
		if c.Assignee.PartyID() == person.ID && person.GetsMail() && by.May(identity.AnswerCases, place) {
			p.assignee = person.ID
		}
	}
	if reachable[c.Submitter.ID] {
		p.submitter = c.Submitter.ID
	}
	for _, watcher := range c.Watchers {
		if reachable[watcher.ID] {
			p.others = append(p.others, watcher.ID)
		}
	}
	for _, party := range c.CC {
		addresses = append(addresses, party.Email)
	}
	return p, s.addCopied(ctx, place, c, addresses, &p)
}

// addCopied adds the copied addresses.
func (s *Service) addCopied(
	ctx context.Context, place identity.Place, c support.Case, addresses []string, p *participants,
) error {
	accounts, err := s.accounts.PeopleByEmail(ctx, addresses)
	if err != nil {
		return err
	}
	for _, party := range c.CC {
		at := slices.IndexFunc(accounts, func(person identity.Person) bool { return person.Email == party.Email })
		if at < 0 {
			if party.MailFailure == "" {
				p.others = append(p.others, party.ID)
			}
			continue
		}
		person := accounts[at]
		by := person.Principal("mail", "")
		switch {
		case p.actor == party.ID:
			p.actor = person.ID // the person wrote before having an account
		case !person.GetsMail() || person.ID == p.actor && !person.Preferences.OwnChanges:
		case !by.May(identity.SeeCases, place):
			p.others = append(p.others, party.ID) // notified as a participant without an account
		default:
			p.agents[person.ID], p.preferences[person.ID] = by.IsAgent(place), person.Preferences
			p.others = append(p.others, person.ID)
		}
	}
	return nil
}

// concerned returns the participants to notify of an event.
func (p participants) concerned(notice support.Notice) []string {
	if notice.Event == support.AskRating {
		return slices.DeleteFunc(present(p.submitter), func(id string) bool { return !p.wants(id, notice) })
	}
	ids := present(p.submitter, p.assignee)
	for _, id := range p.others {
		if !slices.Contains(ids, id) {
			ids = append(ids, id)
		}
	}
	agentsOnly := notice.Internal || len(notice.Fields) > 0 && len(support.WithoutInternal(notice.Fields)) == 0
	return slices.DeleteFunc(ids, func(id string) bool {
		receipt := notice.Event == support.Created && id == p.submitter && !notice.NoReceipt
		own := id == p.actor && !receipt && !isClockEvent(notice) && !p.preferences[id].OwnChanges
		return own || agentsOnly && !p.agents[id] || !p.wants(id, notice)
	})
}

// wants reports whether a participant wants mails of an event. Those without an account always do.
func (p participants) wants(id string, notice support.Notice) bool {
	return p.preferences[id].Wants(kindOf(notice))
}

// kindOf returns the kind of notification of an event.
func kindOf(notice support.Notice) preference.Kind {
	switch notice.Event {
	case support.Created:
		return preference.CaseOpened
	case support.Commented:
		return preference.CaseAnswered
	case support.Warned, support.Breached:
		return preference.PromisedTime
	}
	return preference.CaseChanged
}

// present returns the IDs that are not empty, each once.
func present(ids ...string) []string {
	return slices.DeleteFunc(support.Distinct(ids), func(id string) bool { return id == "" })
}

// needsProvider reports whether an event must also reach somebody at the provider who is not a
// participant: no assignee can be reached, and nobody at the provider caused the event.
func (p participants) needsProvider(notice support.Notice) bool {
	if p.assignee != "" || p.actorAgent {
		return p.assignee == "" && isClockEvent(notice)
	}
	if p.actor != "" || isClockEvent(notice) {
		return notice.Event != support.AskRating
	}
	// Among the events that Tenantry causes itself, the provider must only act on this one.
	return notice.Event == support.Unassigned || reopened(notice)
}

func isClockEvent(notice support.Notice) bool {
	return notice.Event == support.Warned || notice.Event == support.Breached
}

// reopened reports whether a change reopened the case.
func reopened(notice support.Notice) bool {
	status, changed := notice.Fields["status"]
	return changed && toString(status.After) == string(support.Open)
}

func toString(value any) string {
	switch value := value.(type) {
	case string:
		return value
	case support.Status:
		return string(value)
	}
	return ""
}
