package life

import (
	"context"

	"github.com/tenantry/tenantry/shared/fault"
	"github.com/tenantry/tenantry/shared/tenant"
)

// Blocker is something in the way of deleting an organization or an MSP.
type Blocker struct {
	// Kind names it for programs, as in "transfer".
	Kind string
	// Message is a sentence that says what it is and what to do about it.
	Message string
}

// Check returns what is in the way of deleting each of up to a hundred organizations, by the number of
// the organization. What it finds must change the item of the organization when it begins, so that the
// deletion, which is conditional on that item, cannot overtake it.
type Check func(ctx context.Context, orgs []tenant.Org) (map[int][]Blocker, error)

// Blockers returns what is in the way of deleting each of up to a hundred organizations, in their order.
func (s *Service) Blockers(ctx context.Context, orgs []tenant.Org) ([][]Blocker, error) {
	blockers := make([][]Blocker, len(orgs))
	for _, check := range s.Checks {
		found, err := check(ctx, orgs)
		if err != nil {
			return nil, err
		}
		for i, some := range found {
			blockers[i] = append(blockers[i], some...)
		}
	}
	return blockers, nil
}

// blocked returns the fault of code Conflict that lists what is in the way; nil for nothing.
func blocked(name string, blockers []Blocker) error {
	if len(blockers) == 0 {
		return nil
	}
	conflict := fault.New(fault.Conflict, "%s cannot be deleted yet.", name)
	for _, blocker := range blockers {
		conflict.Message += " " + blocker.Message
		conflict.Fields = append(conflict.Fields, fault.Field{Name: blocker.Kind, Message: blocker.Message})
	}
	return conflict
}

// Moving finds transfers to another provider that are under way.
func Moving(_ context.Context, orgs []tenant.Org) (map[int][]Blocker, error) {
	found := map[int][]Blocker{}
	for i, org := range orgs {
		if message := org.UnderWay(); message != "" {
			found[i] = []Blocker{{Kind: "transfer", Message: message}}
		}
	}
	return found, nil
}

// Staged finds organizations that the bastion has a copy of, or may have.
func Staged(_ context.Context, orgs []tenant.Org) (map[int][]Blocker, error) {
	found := map[int][]Blocker{}
	for i, org := range orgs {
		if org.BastionState().Held() {
			found[i] = []Blocker{{Kind: "bastion", Message: "The bastion may have a copy of it. Unstage it first."}}
		}
	}
	return found, nil
}
