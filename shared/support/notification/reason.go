package notification

import (
	"slices"

	"github.com/tenantry/tenantry/shared/support"
)

// Reason is why somebody is notified of a case.
type Reason string

// The reasons.
const (
	Submitted  Reason = "submitted"  // they opened the case
	Assigned   Reason = "assigned"   // they work on the case
	Watching   Reason = "watching"   // they watch the case
	Copied     Reason = "copied"     // their address was added to the case
	OnDuty     Reason = "on_duty"    // they are notified in place of an assignee
	Unattended Reason = "unattended" // nobody else of the provider can be reached
)

// reasonOf returns why a recipient is notified.
func reasonOf(r reader) Reason {
	is := func(p support.Party) bool { return p.ID == r.person.ID || p.Email == r.person.Email }
	switch {
	case r.Assignee != nil && r.Assignee.ID == r.person.ID:
		return Assigned
	case r.Submitter.ID == r.person.ID:
		return Submitted
	case slices.ContainsFunc(r.Watchers, is):
		return Watching
	case slices.ContainsFunc(r.CC, is):
		return Copied
	}
	return OnDuty
}
