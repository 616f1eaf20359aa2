package support

import (
	"context"
	"encoding/json"
	"errors"
	"slices"

	"github.com/tenantry/tenantry/shared/change"
	"github.com/tenantry/tenantry/shared/fault"
	"github.com/tenantry/tenantry/shared/identity"
	"github.com/tenantry/tenantry/shared/store/table"
	"github.com/tenantry/tenantry/shared/support/desk"
	"github.com/tenantry/tenantry/shared/tenant"
)

// When an organization gets another provider, its cases follow one by one: each arrives with the
// next change of it, or else with Relocate. Until then it is in the former provider's lists, which
// leave out what is no longer theirs (identity.LeaveWrites).

// arrive brings the case of an update to its organization's present provider. Who no longer works
// on it is unassigned, unless they solved it, and watches it no longer. Promised times go on by the
// targets of the new desk.
func (s *Service) arrive(ctx context.Context, u *Update) error {
	org := u.Org
	if u.Before == nil || org == nil || u.After.MSPID == org.MSPID {
		return nil
	}
	shown := u.After
	after := &u.After
	after.MSPID = org.MSPID
	ids := []string{after.Assignee.PartyID()}
	for _, watcher := range after.Watchers {
		ids = append(ids, watcher.ID)
	}
	people, err := s.accounts.People(ctx, slices.DeleteFunc(Distinct(ids), func(id string) bool { return id == "" }))
	if err != nil {
		return err
	}
	may := func(id string, permission identity.Permission) bool {
		return slices.ContainsFunc(people, func(person identity.Person) bool {
			return person.ID == id && person.Principal("", "").May(permission, org.Place())
		})
	}
	if after.Assignee != nil && !after.Status.Done() && !may(after.Assignee.ID, identity.AnswerCases) {
		after.Assignee = nil
	}
	after.Watchers = slices.DeleteFunc(slices.Clone(after.Watchers), func(watcher Party) bool {
		return !may(watcher.ID, identity.SeeCases)
	})
	if len(after.Watchers) == 0 {
		after.Watchers = nil // as a case without watchers is stored
	}
	u.Retarget = u.Retarget || !after.Status.Done() && after.Deleted == 0
	fields := Differences(shown, *after)
	if len(fields) == 0 {
		return nil
	}
	entry, err := s.HistoryWrite(Party{Name: PlatformPrincipal().Name()}, *after, fields)
	u.Record.Writes = append(u.Record.Writes, entry)
	return err
}

// movedLine returns the writes that move the entry of a case, as it is stored, between the lists of
// two providers; none if it has the same one.
func (u Update) movedLine(c Case) ([]table.Write, error) {
	if u.Before == nil || u.Before.MSPID == c.MSPID {
		return nil, nil
	}
	line, err := json.Marshal(c.Summary())
	if err != nil {
		return nil, err
	}
	before, after := u.Before.providerKey(), c.providerKey()
	return []table.Write{table.Delete(before, 1), table.Create(table.Item{Key: after, Data: line})}, nil
}

// Relocate brings a case to its organization's present provider. It does nothing if it is there, or
// gone.
func (s *Service) Relocate(ctx context.Context, ref Reference) error {
	for attempt := 0; ; attempt++ {
		err := s.relocate(ctx, ref)
		if fault.Is(err, fault.NotFound) {
			return nil
		}
		if !Again(ctx, err, attempt) {
			return err
		}
	}
}

func (s *Service) relocate(ctx context.Context, ref Reference) error {
	items, err := s.journal.BatchGet(ctx, []table.Key{
		tenant.OrgKey(ref.OrgID), CaseKey(ref.OrgID, ref.CaseID, CaseSort),
	})
	if err != nil {
		return err
	}
	org, orgErr := tenant.DecodeOrg(items[0], s.journal.Now())
	before, caseErr := DecodeCase(items[1])
	if err := errors.Join(orgErr, caseErr); err != nil || before.MSPID == org.MSPID {
		return err
	}
	_, err = s.CommitAll(ctx, PlatformPrincipal(), change.Record{
		Action: "cases.move", Message: "Moved a case with its organization to its present provider", Internal: true,
	}, Update{Before: &before, After: before, Org: &org})
	return err
}

// stillOf returns the condition that the organization of a new case is unchanged since it was read,
// so that no case is created with a former provider.
func stillOf(org tenant.Org) table.Write { return table.Require(tenant.OrgKey(org.ID), org.Version) }

// providerKey is the key of the case's entry in the list of its provider.
func (c Case) providerKey() table.Key {
	return table.Key{Partition: desk.Partition(c.MSPID) + "#CASES#" + c.ListName(), Sort: c.listSort()}
}
