package support

import (
	"errors"
	"slices"

	"github.com/tenantry/tenantry/shared/fault"
)

func tooMany(field string, most int) error {
	return fault.InField(field, "must have at most %d entries", most)
}

// nobody returns the fault for a person who does not exist, and for one without access to the case:
// callers must not be able to distinguish them.
func nobody(field, id string) error {
	return fault.InField(field, "%q has no access to this case", id)
}

func noAgent(id string) error {
	return fault.InField("assignee_id", "%q does not work on this organization's cases", id)
}

// Full returns the fault for a case that has reached a maximum.
func Full(what string, most int) error {
	return fault.New(
		fault.Conflict,
		"The case has %d %s, which is the maximum. Open a new case to continue.",
		most,
		what,
	)
}

// ErrClosedLongAgo is the cause of the fault that a case can no longer be reopened.
var ErrClosedLongAgo = errors.New("the case was closed too long ago to be reopened")

func closedLongAgo(c Case, days int) error {
	return fault.Wrap(
		ErrClosedLongAgo,
		fault.Conflict,
		"The case was closed more than %d days ago. Open a new case that follows case %d.",
		days,
		c.Number,
	)
}

// Distinct returns the IDs without duplicates, in order.
func Distinct(ids []string) []string {
	var once []string
	for _, id := range ids {
		if !slices.Contains(once, id) {
			once = append(once, id)
		}
	}
	return once
}
