package support

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"github.com/tenantry/tenantry/shared/change"
	"github.com/tenantry/tenantry/shared/store/table"
	"github.com/tenantry/tenantry/shared/support/servicelevel"
	"github.com/tenantry/tenantry/shared/tenant"
)

// A case of a deleted organization is binned: it is in no list but those of its organization, which
// nobody can read, and nothing on it is due. Its service level clock is paused. Binned cases that are
// changed after their organization was restored, and before MoveCases has come to them, come back with
// that change.

// MostMoved is the maximum number of cases that MoveCases moves at once, so that they fit in one
// transaction.
const MostMoved = 16

// MoveCases bins cases of an organization if it is deleted, and brings binned ones back if it is not.
// It returns how many that were. It requires that the organization is as it was read. Their revisions
// stay, and nobody is notified.
func (s *Service) MoveCases(ctx context.Context, org tenant.Org, cases []Case) (int, error) {
	record := change.Record{
		Message: "Took cases out of the lists of the provider", OrgID: org.ID, Internal: true, Target: "org:" + org.ID,
		Action: "orgs.bin_cases", Writes: []table.Write{table.Require(tenant.OrgKey(org.ID), org.Version)},
	}
	if org.Deleted == nil {
		record.Action, record.Message = "orgs.unbin_cases", "Brought cases back into the lists of the provider"
	}
	moved := 0
	for _, before := range cases {
		if (before.Binned > 0) == (org.Deleted != nil) {
			continue
		}
		after, events, err := s.moved(ctx, org, before)
		if err != nil {
			return 0, err
		}
		told := Update{After: after}
		if err := s.tellEvents(&told, events); err != nil {
			return 0, err
		}
		writes, err := s.moveWrites(before, after)
		if err != nil {
			return 0, err
		}
		record.Writes = append(append(record.Writes, told.Record.Writes...), writes...)
		moved++
	}
	if moved == 0 {
		return 0, nil
	}
	return moved, s.journal.Commit(ctx, change.ByPlatform(), record)
}

// moved returns a case after it was binned or has come back, with the events of its clock.
func (s *Service) moved(ctx context.Context, org tenant.Org, c Case) (Case, []servicelevel.Event, error) {
	if org.Deleted == nil {
		return s.unbinned(ctx, c)
	}
	at := time.Unix(org.Deleted.At, 0).UTC()
	c.Binned = at.UnixMicro()
	if c.Clock == nil || c.Clock.Paused != 0 || c.Clock.Solution.Met != 0 {
		return c, nil, nil
	}
	_, running, err := s.desk.Policies(ctx, c.MSPID, *c.Clock)
	if err != nil {
		return Case{}, nil, err
	}
	clock := *c.Clock
	events := clock.Pause(running.Calendar, at)
	c.Clock, c.ClockHeld = &clock, true
	return c, events, nil
}

// unbinned returns a case that comes back: a solved one closes as much later as it was binned, and the
// clock goes on by the present service level.
func (s *Service) unbinned(ctx context.Context, c Case) (Case, []servicelevel.Event, error) {
	now, held := s.journal.Now(), c.ClockHeld
	if c.CloseAt > 0 {
		c.CloseAt += now.UnixMicro() - c.Binned
	}
	c.Binned, c.ClockHeld = 0, false
	if c.Clock == nil || !held {
		return c, nil, nil
	}
	present, running, err := s.desk.Policies(ctx, c.MSPID, *c.Clock)
	if err != nil {
		return Case{}, nil, err
	}
	clock := *c.Clock
	clock.Resume(running.Calendar, now)
	events := clock.Retarget(running.Calendar, currentPolicy(present, running), c.Severity, now)
	c.Clock = &clock
	return c, events, nil
}

// moveWrites returns the writes that bin a case or bring it back: the case, its timer, and its entries
// in the lists of its provider and its submitter.
func (s *Service) moveWrites(before, after Case) ([]table.Write, error) {
	if after.Due = after.nextDue(); after.Due > 0 {
		after.Due = max(after.Due, s.journal.Now().UnixMicro())
	}
	item, err := change.Encode(CaseKey(after.OrgID, after.ID, CaseSort), after)
	if err != nil {
		return nil, err
	}
	item.Version = before.Stored
	writes := []table.Write{table.Update(item)}
	timer, err := after.timerWrites(before.Due)
	if err != nil {
		return nil, err
	}
	line, err := json.Marshal(after.Summary())
	if err != nil {
		return nil, fmt.Errorf("case %d: %w", after.Number, err)
	}
	for _, key := range after.widerKeys() {
		if after.Binned > 0 {
			writes = append(writes, table.Delete(key, 1))
		} else {
			writes = append(writes, table.Create(table.Item{Key: key, Data: line}))
		}
	}
	return append(writes, timer...), nil
}

// comeBack brings a binned case back with a change of it.
func (s *Service) comeBack(ctx context.Context, u *Update) (Case, error) {
	back, events, err := s.unbinned(ctx, *u.Before)
	if err != nil {
		return Case{}, err
	}
	if u.After.CloseAt == u.Before.CloseAt {
		u.After.CloseAt = back.CloseAt
	}
	u.After.Binned, u.After.ClockHeld, u.After.Clock = 0, false, back.Clock
	return back, s.tellEvents(u, events)
}
