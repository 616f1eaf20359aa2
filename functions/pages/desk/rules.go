package desk

import (
	"slices"
	"strconv"

	"github.com/a-h/templ"

	"github.com/tenantry/tenantry/functions/pages/kit"
	"github.com/tenantry/tenantry/shared/identity"
	"github.com/tenantry/tenantry/shared/support/desk"
)

// rules are when cases close, and who is told of those that nobody works on.
type rules struct {
	provider
	solvedDays, reopenDays string
	ask                    bool
	chosen                 map[string]bool
	revision               int64
	stored                 bool
	// agents are the people who can be told, with those who are told already; for readers only the
	// latter.
	agents []kit.Option
	// theirs is what is stored while the form has something else; nil if that is the same.
	theirs *rules
}

func (r rules) path() string { return r.provider.path + "/desk/rules" }

// rules shows the rules of a provider.
func (p Pages) rules(v *kit.Visit) error {
	shown, err := p.readRules(v)
	if err == nil {
		err = p.addCandidates(v, &shown)
	}
	if err != nil {
		return err
	}
	return v.Show(rulesPage(v.Frame(v.T("Closing and notices of %s", shown.Name)), shown))
}

func (p Pages) readRules(v *kit.Visit) (rules, error) {
	at, setting, err := p.setting(v)
	if err != nil {
		return rules{}, err
	}
	shown := rules{
		provider: at, solvedDays: strconv.Itoa(setting.SolvedDays), reopenDays: strconv.Itoa(setting.ReopenDays),
		ask: setting.AskSatisfaction, chosen: map[string]bool{}, revision: revisionOf(setting),
		stored: setting.Revision != 0,
	}
	for _, id := range setting.DeskIDs {
		shown.chosen[id] = true
	}
	members, err := p.Accounts.People(v.Context(), setting.DeskIDs)
	if err != nil {
		return rules{}, err
	}
	shown.add(members)
	return shown, nil
}

// add adds people to those who can be told.
func (r *rules) add(people []identity.Person) {
	for _, person := range people {
		option := kit.Option{Value: person.ID, Label: person.Name() + " (" + person.Email + ")"}
		if !slices.Contains(r.agents, option) {
			r.agents = append(r.agents, option)
		}
	}
}

// mostCandidates is how many people can be chosen from.
const mostCandidates = 500

// addCandidates adds the agents of the provider for those who may choose among them.
func (p Pages) addCandidates(v *kit.Visit, r *rules) error {
	if !r.mayChange || !v.May(identity.SeeAdministrators, r.Place) {
		return nil
	}
	work := workPlace(r.Place)
	agents, err := p.Accounts.PeopleAt(v.Context(), r.Place, mostCandidates, func(person identity.Person) bool {
		return person.Principal("", "").May(identity.AnswerCases, work)
	})
	r.add(agents)
	return err
}

// changeRules saves the rules of a provider.
func (p Pages) changeRules(v *kit.Visit) error {
	stored, err := p.readRules(v)
	if err != nil {
		return err
	}
	typed := stored
	typed.solvedDays, typed.reopenDays = v.Line("solved_days"), v.Line("reopen_days")
	typed.ask = v.Ticked("ask_satisfaction")
	typed.chosen = map[string]bool{}
	var ids []string
	for _, id := range v.Several("desk_ids") {
		if !typed.chosen[id] {
			ids, typed.chosen[id] = append(ids, id), true
		}
	}
	_, err = p.Desk.ChangeSetting(v.Context(), *v.By, stored.MSPID, revision(v), func(s *desk.Setting) {
		s.SolvedDays, s.ReopenDays = number(typed.solvedDays), number(typed.reopenDays)
		s.AskSatisfaction, s.DeskIDs = typed.ask, ids
	})
	if err != nil {
		if overtaken(err) {
			typed.theirs = &stored
		}
		if readErr := p.addCandidates(v, &typed); readErr != nil {
			return readErr
		}
		refusal := kit.Refusal{
			Title: v.T("Closing and notices of %s", stored.Name), Heading: v.T("The settings were not saved"),
		}
		return v.Again(err, refusal, func(f *kit.Frame) templ.Component { return rulesPage(f, typed) })
	}
	v.Done(v.T("The settings were saved."))
	return v.GoTo(stored.path())
}

func workPlace(place identity.Place) identity.Place {
	if place.Scope == identity.PlatformScope {
		return identity.AnyDirect()
	}
	return place
}
