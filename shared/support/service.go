package support

import (
	"context"
	"fmt"
	"time"

	"github.com/tenantry/tenantry/shared/change"
	"github.com/tenantry/tenantry/shared/identity"
	"github.com/tenantry/tenantry/shared/store/queue"
	"github.com/tenantry/tenantry/shared/store/table"
	"github.com/tenantry/tenantry/shared/support/servicelevel"
)

// policySort begins the sort keys of all that a provider ever promised, by version.
const policySort = "POLICY#"

func policyKey(mspID string, version int64) table.Key {
	return table.Key{Partition: deskPartition(mspID), Sort: fmt.Sprintf("%s%012d", policySort, version)}
}

// promise makes the setting's policy a new version, and gives the writes that keep it and the message that brings the open cases
// under it.
func (s *Setting) promise(mspID string, now time.Time) ([]table.Write, []queue.Message, error) {
	if s.ServiceLevel == nil {
		return nil, nil, nil
	}
	policy := *s.ServiceLevel
	if err := policy.Check(); err != nil {
		return nil, nil, err
	}
	s.PolicyVersion++
	policy.ID, policy.Version = deskPartition(mspID), s.PolicyVersion
	s.ServiceLevel = &policy
	item, err := change.Encode(policyKey(mspID, policy.Version), policy)
	if err != nil {
		return nil, nil, err
	}
	message, err := Sweep{MSPID: mspID, Until: now.UnixMicro()}.message()
	return []table.Write{table.Create(item)}, []queue.Message{message}, err
}

// policies gives the provider's present policy, nil for none, and the one that a clock runs by.
func (d *Desk) policies(ctx context.Context, mspID string, clock servicelevel.Clock) (present *servicelevel.Policy, running servicelevel.Policy, err error) {
	setting, err := d.setting(ctx, mspID)
	if err != nil {
		return nil, running, err
	}
	if present = setting.ServiceLevel; present != nil && present.Version == clock.PolicyVersion {
		return present, *present, nil
	}
	_, err = d.journal.Get(ctx, policyKey(mspID, clock.PolicyVersion), &running)
	return present, running, err
}

// keepTime runs the clock of a case along with a change of it. What came due goes into the history that only agents see, and to
// those who work on the case.
func (d *Desk) keepTime(ctx context.Context, u *update) error {
	before, after := u.before, &u.after
	if before == nil || after.Clock == nil {
		return nil
	}
	answered := u.answered && before.Clock.FirstAnswer.Met == 0
	now := d.journal.Now()
	due := before.Clock.Due()
	if !answered && before.Status == after.Status && before.Severity == after.Severity && (due.IsZero() || due.After(now)) && !u.retarget {
		return nil
	}
	present, running, err := d.policies(ctx, after.MSPID, *before.Clock)
	if err != nil {
		return err
	}
	clock := *before.Clock
	events := clock.Tick(now)
	events = append(events, moveClock(&clock, running.Calendar, before.Status, after.Status, answered, now)...)
	if policy := cmpPolicy(present, running); policy.Version != clock.PolicyVersion || before.Severity != after.Severity {
		events = append(events, clock.Retarget(running.Calendar, policy, after.Severity, now)...)
	}
	after.Clock = &clock
	return d.tellEvents(u, events)
}

// cmpPolicy is the policy by which a case goes on: the present one, or the last if there is none any more.
func cmpPolicy(present *servicelevel.Policy, running servicelevel.Policy) servicelevel.Policy {
	if present == nil {
		return running
	}
	return *present
}

func moveClock(clock *servicelevel.Clock, calendar servicelevel.Calendar, before, after Status, answered bool, now time.Time) []servicelevel.Event {
	var events []servicelevel.Event
	if answered {
		events = clock.Answered(calendar, now)
	}
	if before == after {
		return events
	}
	if before.Done() && !after.Done() {
		clock.Reopened(calendar, now)
	}
	switch {
	case after.Done():
		return append(events, clock.Solved(calendar, now)...)
	case after == Pending:
		return append(events, clock.Pause(calendar, now)...)
	}
	clock.Resume(calendar, now)
	return events
}

// tellEvents notes what came due, and has those told who work on the case.
func (d *Desk) tellEvents(u *update, events []servicelevel.Event) error {
	for _, event := range events {
		name := string(event.Promise)
		entry := HistoryEntry{
			ID: d.journal.NewID(), Author: Party{Name: platformPrincipal().Name()}, Internal: true, Created: d.journal.Now().UnixMicro(),
			Fields: map[string]Difference{name: {Before: "", After: string(event.Kind) + " " + event.At.UTC().Format(time.RFC3339)}},
		}
		item, err := change.Encode(caseKey(u.after.OrgID, u.after.ID, historySort+entry.ID), entry)
		if err != nil {
			return err
		}
		u.done.Writes = append(u.done.Writes, table.Create(item))
		u.also = append(u.also, Notice{Event: eventOf(event.Kind), ActorName: platformPrincipal().Name(), Promise: name, Internal: true})
	}
	return nil
}

func eventOf(kind servicelevel.EventKind) Event {
	if kind == servicelevel.Breach {
		return Breached
	}
	return Warned
}

// Retarget brings one case under the provider's present promises. Doing it again changes nothing.
func (d *Desk) Retarget(ctx context.Context, which Reference) error {
	for attempt := 0; ; attempt++ {
		err := d.retarget(ctx, which)
		if !again(ctx, err, attempt) {
			return err
		}
	}
}

func (d *Desk) retarget(ctx context.Context, which Reference) error {
	items, err := d.journal.BatchGet(ctx, []table.Key{caseKey(which.OrgID, which.CaseID, caseSort)})
	if err != nil {
		return err
	}
	before, err := decodeCase(items[0])
	if err != nil || before.Clock == nil || before.Deleted > 0 {
		return err
	}
	present, _, err := d.policies(ctx, before.MSPID, *before.Clock)
	if err != nil || present == nil || present.Version == before.Clock.PolicyVersion {
		return err
	}
	_, err = d.commitAll(ctx, platformPrincipal(), change.Done{
		Action: "cases.retarget", Message: fmt.Sprintf("Brought case %d under the present service levels", before.Number), Internal: true,
	}, update{before: &before, after: before, retarget: true})
	return err
}

// platformPrincipal is the product itself, where it acts on a case by the clock.
func platformPrincipal() identity.Principal {
	by := change.ByPlatform()
	return identity.Principal{Kind: by.Kind, FirstName: by.Name, Door: "clock"}
}
