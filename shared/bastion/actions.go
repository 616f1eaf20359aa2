package bastion

import (
	"context"

	"github.com/tenantry/tenantry/shared/fault"
	"github.com/tenantry/tenantry/shared/identity"
	"github.com/tenantry/tenantry/shared/job"
	"github.com/tenantry/tenantry/shared/tenant"
	"github.com/tenantry/tenantry/shared/tenant/bulk"
)

// The actions on many organizations.
const (
	StageAction   bulk.Action = "stage"
	UnstageAction bulk.Action = "unstage"
)

// Definitions returns the actions for package bulk. Operators take them, at the platform. A target is done
// when the request is stored; the bastion confirms it later.
func (s *Service) Definitions() []bulk.Definition {
	stage := s.definition(StageAction, tenant.StageRequested)
	unstage := s.definition(UnstageAction, tenant.UnstageRequested)
	stage.Title = func(_ bulk.Request, number int) string { return "Stage " + bulk.Orgs(number) + " to the bastion" }
	unstage.Title = func(_ bulk.Request, number int) string {
		return "Unstage " + bulk.Orgs(number) + " from the bastion"
	}
	return []bulk.Definition{stage, unstage}
}

func (s *Service) definition(name bulk.Action, asked tenant.BastionState) bulk.Definition {
	return bulk.Definition{
		Name: name,
		May:  map[identity.ScopeKind]identity.Permission{identity.PlatformScope: identity.RunPlatform},
		Check: func(ctx context.Context, by identity.Principal, _ string, request bulk.Request) (bulk.Request, error) {
			setting, err := s.Setting(ctx, by)
			if err == nil && !setting.is(Production) {
				err = fault.New(fault.Conflict, "The bastion is not switched on at this installation.")
			}
			return request, err
		},
		Preview: func(
			_ context.Context, _ identity.Principal, orgs []tenant.Org, _ bulk.Request, _ bool,
		) ([]bulk.Effect, error) {
			effects := make([]bulk.Effect, len(orgs))
			for i, org := range orgs {
				effects[i] = effect(org, asked)
			}
			return effects, nil
		},
		Perform: func(ctx context.Context, by identity.Principal, task bulk.Task) error {
			_, changed, err := s.ask(ctx, by, task.OrgID, asked)
			if err == nil && !changed {
				return job.Skip("It was asked for already, or is so.")
			}
			return err
		},
	}
}

// effect says what asking for a state would do to an organization. Requests that were given up are asked
// again, which does not change the state.
func effect(org tenant.Org, asked tenant.BastionState) bulk.Effect {
	effect := bulk.Effect{OrgID: org.ID, Name: org.Name}
	present := org.BastionState()
	switch {
	case present.MayBecome(asked) && asked == tenant.StageRequested:
		effect.Changes = []string{"Its id and its name are copied to the bastion."}
	case present.MayBecome(asked):
		effect.Changes = []string{"Its copy at the bastion is deleted."}
	case asked == tenant.UnstageRequested && present == tenant.StageRequested:
		effect.Blockers = []string{"The bastion has not confirmed yet that it has a copy."}
	case asked == tenant.StageRequested && present == tenant.UnstageRequested:
		effect.Blockers = []string{"The bastion has not confirmed yet that its copy is gone."}
	}
	return effect
}
