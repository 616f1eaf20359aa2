package bastion

import (
	"context"

	"github.com/tenantry/tenantry/shared/change"
	"github.com/tenantry/tenantry/shared/fault"
	"github.com/tenantry/tenantry/shared/identity"
	"github.com/tenantry/tenantry/shared/store/queue"
	"github.com/tenantry/tenantry/shared/tenant"
)

// Stage asks for an organization to be copied to the bastion, for operators, and reports whether that changed
// anything. If the bastion did not confirm the last request in time, it asks again.
func (s *Service) Stage(ctx context.Context, by identity.Principal, orgID string) (Status, bool, error) {
	return s.ask(ctx, by, orgID, tenant.StageRequested)
}

// Unstage asks for the copy of an organization to be deleted, for operators, as Stage does for the copy.
func (s *Service) Unstage(ctx context.Context, by identity.Principal, orgID string) (Status, bool, error) {
	return s.ask(ctx, by, orgID, tenant.UnstageRequested)
}

func (s *Service) ask(
	ctx context.Context, by identity.Principal, orgID string, asked tenant.BastionState,
) (now Status, changed bool, err error) {
	setting, err := s.Setting(ctx, by)
	if err != nil {
		return Status{}, false, err
	}
	if !setting.is(Production) {
		return Status{}, false, fault.New(fault.Conflict, "The bastion is not switched on at this installation.")
	}
	message, err := tenant.BastionTask{Kind: tenant.BastionTaskKind, OrgID: orgID}.Message()
	if err != nil {
		return Status{}, false, err
	}
	err = s.move(ctx, by.Actor(), orgID, func(org tenant.Org, before Status) (Status, change.Record, error) {
		after, reason := s.asked(before, asked)
		if changed = after != before; !changed {
			now = before
			return before, change.Record{}, reason
		}
		now = after
		record := change.Record{
			Action: "bastion.stage", Message: "Asked to stage the organization " + org.Name + " to the bastion",
			Messages: []queue.Message{message},
		}
		if asked == tenant.UnstageRequested {
			record.Action = "bastion.unstage"
			record.Message = "Asked to unstage the organization " + org.Name + " from the bastion"
		}
		return after, record, nil
	})
	return now, changed && err == nil, err
}

// asked returns the status of an organization after a state was asked for. It is the same one if the state is
// asked for already or was reached, and a fault of code Conflict if it cannot follow.
func (s *Service) asked(before Status, asked tenant.BastionState) (Status, error) {
	after, now := before, s.journal.Now().Unix()
	again := before.State == asked || asked == tenant.StageRequested && before.State == tenant.Staged
	switch {
	case before.State.MayBecome(asked):
		after.State, after.Since, after.Due, after.Reason = asked, now, now, ""
		after.Round++
	case again && before.GaveUp():
		after.Due, after.Reason = now, ""
	case again, asked == tenant.UnstageRequested && !before.State.Held():
	case asked == tenant.UnstageRequested:
		return before, fault.New(fault.Conflict,
			"The bastion has not confirmed yet that it has a copy. Only then it can be unstaged.")
	default:
		return before, fault.New(fault.Conflict,
			"The bastion has not confirmed yet that its copy is gone. Only then it can be staged again.")
	}
	return after, nil
}
