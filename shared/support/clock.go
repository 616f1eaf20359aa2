package support

import (
	"context"
	"time"

	"github.com/tenantry/tenantry/shared/change"
	"github.com/tenantry/tenantry/shared/identity"
	"github.com/tenantry/tenantry/shared/support/servicelevel"
)

// keepTime updates the service level clock of a case after a change. Warnings and breaches are
// added to the internal history, and the agents who work on the case are notified.
func (s *Service) keepTime(ctx context.Context, u *Update) error {
	before, after := u.Before, &u.After
	if before == nil || after.Clock == nil {
		return nil
	}
	answered := u.answered && before.Clock.FirstAnswer.Met == 0
	now := s.journal.Now()
	due := before.Clock.Due()
	if !answered && before.Status == after.Status && before.Severity == after.Severity &&
		(due.IsZero() || due.After(now)) &&
		!u.Retarget {
		return nil
	}
	present, running, err := s.desk.Policies(ctx, after.MSPID, *before.Clock)
	if err != nil {
		return err
	}
	if running.Version == 0 {
		after.Clock = nil // the provider that promised something is no longer there, and the present one promises nothing
		return nil
	}
	clock := *before.Clock
	events := clock.Tick(now)
	events = append(events, moveClock(&clock, running.Calendar, before.Status, after.Status, answered, now)...)
	if policy := currentPolicy(present, running); !policy.Sets(clock) || before.Severity != after.Severity {
		events = append(events, clock.Retarget(running.Calendar, policy, after.Severity, now)...)
	}
	after.Clock = &clock
	return s.tellEvents(u, events)
}

// currentPolicy returns the policy that applies from now on: the present one, or else the last one.
func currentPolicy(present *servicelevel.Policy, running servicelevel.Policy) servicelevel.Policy {
	if present == nil {
		return running
	}
	return *present
}

func moveClock(
	clock *servicelevel.Clock,
	calendar servicelevel.Calendar,
	before, after Status,
	answered bool,
	now time.Time,
) []servicelevel.Event {
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

// tellEvents records warnings and breaches, and notifies the agents who work on the case.
func (s *Service) tellEvents(u *Update, events []servicelevel.Event) error {
	for _, event := range events {
		name := string(event.Promise)
		entry, err := s.internalEntry(u.After, map[string]Difference{
			name: {Before: "", After: string(event.Kind) + " " + event.At.UTC().Format(time.RFC3339)},
		})
		if err != nil {
			return err
		}
		u.Record.Writes = append(u.Record.Writes, entry)
		u.also = append(
			u.also,
			Notice{Event: eventOf(event.Kind), ActorName: PlatformPrincipal().Name(), Promise: name, Internal: true},
		)
	}
	return nil
}

func eventOf(kind servicelevel.EventKind) Event {
	if kind == servicelevel.Breach {
		return Breached
	}
	return Warned
}

// PlatformPrincipal returns the principal of scheduled changes that Tenantry makes itself.
func PlatformPrincipal() identity.Principal {
	by := change.ByPlatform()
	return identity.Principal{Kind: by.Kind, FirstName: by.Name, Door: "clock"}
}
