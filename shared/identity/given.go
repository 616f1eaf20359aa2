package identity

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"golang.org/x/sync/errgroup"

	"github.com/tenantry/tenantry/shared/change"
	"github.com/tenantry/tenantry/shared/fault"
	"github.com/tenantry/tenantry/shared/store/queue"
	"github.com/tenantry/tenantry/shared/store/table"
)

// changeGiven replaces the privileges of a person at an MSP and at its labels with those of the list, and
// gives or changes those that the list has at the MSP's organizations. Others at organizations stay: an
// organization may have given them itself. A privilege with the role and the views that the person has
// changes nothing. It is one transaction, of at most MaxGiven changes.
func (a *Accounts) changeGiven(
	ctx context.Context, by Principal, msp Place, userID string, wanted []Privilege,
) (Administrator, error) {
	if err := by.Check(ChangeAdministrators, msp); err != nil {
		return Administrator{}, err
	}
	withheld, mask, person, err := a.seen(ctx, by, msp, userID)
	if err != nil {
		return Administrator{}, err
	}
	present := mask(within(person, msp, withheld), person.Privileges)
	if len(present.Privileges) == 0 {
		return Administrator{}, fault.Missing()
	}
	wanted = slices.Clone(wanted)
	for i := range wanted {
		wanted[i].MSPID = msp.MSPID
	}
	var below []Privilege
	for _, p := range wanted {
		if !p.at(msp) {
			below = append(below, p)
		} else if err := checkRole(msp, p.Role); err != nil {
			return Administrator{}, err
		}
	}
	changed := slices.DeleteFunc(slices.Clone(below), func(p Privilege) bool { return p.heldIn(present.Privileges) })
	if err := checkScopes(msp, below); err != nil && len(changed) > 0 {
		return Administrator{}, err
	}
	if count(wanted, func(p Privilege) bool { return p.at(msp) }) > 1 {
		return Administrator{}, fault.InField("privileges", "must have one privilege at the MSP")
	}
	person, err = a.changePerson(ctx, by.Actor(), userID, func(p *profile) (change.Record, error) {
		if err := checkAdded(mask(within(p.Person, msp, withheld), p.Privileges), wanted, msp); err != nil {
			return change.Record{}, err
		}
		aims, err := a.aims(ctx, by, msp, changed)
		if err != nil {
			return change.Record{}, err
		}
		if err := checkRoom(aims); err != nil {
			return change.Record{}, err
		}
		return a.given(ctx, msp, p, wanted, aims, withheld)
	})
	if _, conflict := errors.AsType[*table.ConflictError](err); conflict {
		err = fault.New(fault.Conflict, "Others changed a label or the person's roles at the same time. Try again.")
	}
	if err != nil {
		return Administrator{}, err
	}
	return mask(within(person, msp, withheld), person.Privileges), nil
}

// seen reads a person, and how the principal sees the people of a place, at the same time.
func (a *Accounts) seen(ctx context.Context, by Principal, place Place, userID string) (
	withheld map[string]int64, mask func(Administrator, []Privilege) Administrator, person Person, err error,
) {
	group, groupCtx := errgroup.WithContext(ctx)
	group.Go(func() (err error) {
		person, err = a.Person(groupCtx, userID)
		return err
	})
	group.Go(func() (err error) {
		withheld, mask, err = a.sight(groupCtx, by, place)
		return err
	})
	err = group.Wait()
	return withheld, mask, person, err
}

// checkAdded returns a fault if privileges are at scopes where a person who does not work for the MSP has
// none: whoever is to work for it has to accept that. A customer's own administrator who works for the
// MSP can no longer decide what the MSP may do.
func checkAdded(person Administrator, privileges []Privilege, msp Place) error {
	if len(worksFor(person.Privileges, msp)) > 0 {
		return nil
	}
	for _, p := range privileges {
		if !slices.ContainsFunc(person.Privileges, p.sameScope) {
			return fault.New(fault.Conflict,
				"%s has no role at %s or its labels. Send an invitation instead: the person has to accept it.",
				person.Name(), msp.Name)
		}
	}
	return nil
}

// heldIn reports whether privileges have one at the same scope with the same role and views.
func (p Privilege) heldIn(privileges []Privilege) bool {
	return slices.ContainsFunc(privileges, func(held Privilege) bool {
		return held.sameScope(p) && held.Role == p.Role && held.Views == p.Views
	})
}

func count(privileges []Privilege, matches func(Privilege) bool) int {
	found := 0
	for _, p := range privileges {
		if matches(p) {
			found++
		}
	}
	return found
}

// given changes a person as changeGiven says, and returns the record of the change.
func (a *Accounts) given(
	ctx context.Context, msp Place, p *profile, wanted []Privilege, aims []aim, withheld map[string]int64,
) (change.Record, error) {
	before := within(p.Person, msp, withheld).Privileges
	held := slices.Clone(p.Privileges)
	if len(before) == 0 {
		return change.Record{}, fault.Missing()
	}
	var writes []table.Write
	ended := slices.DeleteFunc(slices.Clone(before), func(held Privilege) bool {
		return held.Scope == OrgScope || slices.ContainsFunc(wanted, held.sameScope)
	})
	atMSP := count(wanted, func(one Privilege) bool { return one.at(msp) && !one.heldIn(p.Privileges) })
	if len(ended)+len(aims)+atMSP > MaxGiven {
		return change.Record{}, fault.InField("privileges", "would give and take more than %d privileges at once", MaxGiven)
	}
	for _, privilege := range ended {
		dropped, err := replacePrivilege(p, p.indexOf(privilege), nil)
		if err != nil {
			return change.Record{}, err
		}
		writes = append(writes, dropped...)
	}
	messages, lost, err := a.giveAt(ctx, msp, p, wanted, &writes)
	if err != nil {
		return change.Record{}, err
	}
	var given []aim
	for _, m := range aims {
		if m.heldIn(p.Privileges) {
			continue // given in the meantime
		}
		// Whoever works for the MSP before or after the change gets a role as one of its people.
		listed, owning, err := a.give(ctx, p, m, slices.Concat(held, p.Privileges))
		if err != nil {
			return change.Record{}, err
		}
		writes, given = slices.Concat(writes, listed, owning), append(given, m)
	}
	if len(ended) == 0 && len(given) == 0 && !lost {
		return change.Record{}, errUnchanged
	}
	told, err := a.announceBelow(ctx, msp, p.Person, given)
	if err != nil {
		return change.Record{}, err
	}
	messages = append(told, messages[:min(len(messages), maxAnnouncedBelow-len(told))]...)
	over, err := accessEndedMessages(msp, p.ID)
	if err != nil {
		return change.Record{}, err
	}
	return change.Record{
		Action: msp.action("change_administrator"), MSPID: msp.MSPID, UserLog: p.ID, Target: "user:" + p.ID,
		Message: fmt.Sprintf("Made %s %s", describe(p.Person), inWords(within(p.Person, msp, withheld).Privileges)),
		Before:  before, After: within(p.Person, msp, withheld).Privileges, Writes: writes,
		Messages: append(messages, over...),
		Asides:   asides(given, p.Person, "Made "+describe(p.Person)+" "),
	}, nil
}

// giveAt gives a person the privilege at the MSP itself that a list has. It returns the messages that tell
// of it, and whether it changed anything.
func (a *Accounts) giveAt(
	ctx context.Context, msp Place, p *profile, wanted []Privilege, writes *[]table.Write,
) (messages []queue.Message, changed bool, err error) {
	at := slices.IndexFunc(wanted, func(one Privilege) bool { return one.at(msp) })
	if at < 0 {
		return nil, false, nil
	}
	privilege := Privilege{Scope: MSPScope, Role: wanted[at].Role, MSPID: msp.MSPID, Views: wanted[at].Views}
	if privilege.heldIn(p.Privileges) {
		return nil, false, nil
	}
	had := p.roleAt(msp)
	listed, err := replacePrivilege(p, p.indexAt(msp), &privilege)
	if err != nil {
		return nil, false, err
	}
	*writes = append(*writes, listed...)
	if privilege.Role != had && privilege.Role == RolesAt(MSPScope)[0] {
		messages, err = a.announce(ctx, msp, p.Person, privilege.Role)
	}
	return messages, true, err
}

// inWords says which roles a person has in an MSP, for the audit log.
func inWords(privileges []Privilege) string {
	at := slices.IndexFunc(privileges, func(p Privilege) bool { return p.Scope == MSPScope })
	switch below := len(privileges) - count(privileges, func(p Privilege) bool { return p.Scope == MSPScope }); {
	case at < 0:
		return fmt.Sprintf("somebody with %d roles below", below)
	case below == 0:
		return string(privileges[at].Role)
	default:
		return fmt.Sprintf("%s, with %d roles below", privileges[at].Role, below)
	}
}
