package profile

import (
	"context"
	"fmt"
	"slices"

	"github.com/tenantry/tenantry/shared/fault"
	"github.com/tenantry/tenantry/shared/identity"
	"github.com/tenantry/tenantry/shared/job"
	"github.com/tenantry/tenantry/shared/tenant"
	"github.com/tenantry/tenantry/shared/tenant/bulk"
)

// The actions on many organizations.
const (
	// AssignAction gives organizations a profile; Request.Enabled makes it their default.
	AssignAction bulk.Action = "assign_profile"
	// RemoveAction takes a profile from organizations.
	RemoveAction bulk.Action = "remove_profile"
)

// Definitions returns the actions for package bulk. Operators take them, at the platform.
func (s *Service) Definitions() []bulk.Definition {
	assign, remove := s.definition(AssignAction), s.definition(RemoveAction)
	assign.Title = func(request bulk.Request, number int) string {
		return "Assign an operator profile to " + bulk.Orgs(number)
	}
	assign.Perform = func(ctx context.Context, by identity.Principal, task bulk.Task) error {
		asDefault := task.Request.Enabled != nil && *task.Request.Enabled
		changed, err := s.Assign(ctx, by, task.OrgID, task.Request.ProfileID, asDefault)
		if err == nil && !changed {
			return job.Skip("It has the profile already.")
		}
		return err
	}
	remove.Title = func(request bulk.Request, number int) string {
		return "Remove an operator profile from " + bulk.Orgs(number)
	}
	remove.Perform = func(ctx context.Context, by identity.Principal, task bulk.Task) error {
		changed, err := s.Remove(ctx, by, task.OrgID, task.Request.ProfileID)
		if err == nil && !changed {
			return job.Skip("It does not have the profile.")
		}
		return err
	}
	return []bulk.Definition{assign, remove}
}

// definition returns what the actions share.
func (s *Service) definition(name bulk.Action) bulk.Definition {
	return bulk.Definition{
		Name: name,
		May:  map[identity.ScopeKind]identity.Permission{identity.PlatformScope: identity.RunPlatform},
		Check: func(ctx context.Context, by identity.Principal, _ string, request bulk.Request) (bulk.Request, error) {
			_, err := s.Get(ctx, by, request.ProfileID)
			if fault.Is(err, fault.NotFound) {
				err = fault.InField("profile_id", "must be the id of a profile with this action")
			}
			return request, err
		},
		Preview: func(
			ctx context.Context, _ identity.Principal, orgs []tenant.Org, request bulk.Request, _ bool,
		) ([]bulk.Effect, error) {
			return s.preview(ctx, name, orgs, request)
		},
	}
}

// preview says which organizations get or lose the profile.
func (s *Service) preview(
	ctx context.Context, name bulk.Action, orgs []tenant.Org, request bulk.Request,
) ([]bulk.Effect, error) {
	held, err := s.ofMany(ctx, orgs)
	if err != nil {
		return nil, err
	}
	asDefault := request.Enabled != nil && *request.Enabled
	effects := make([]bulk.Effect, len(orgs))
	for i, org := range orgs {
		has := slices.Contains(held[i].IDs, request.ProfileID)
		effect := bulk.Effect{OrgID: org.ID, Name: org.Name}
		switch {
		case name == RemoveAction && has:
			effect.Changes = []string{"Loses the profile."}
		case name == RemoveAction:
		case !org.On(tenant.ImageManagement):
			effect.Blockers = []string{offReason}
		case !has && len(held[i].IDs) >= MaxOrgProfiles:
			effect.Blockers = []string{fmt.Sprintf("It already has %d profiles, which is the maximum.", MaxOrgProfiles)}
		case !has && (asDefault || held[i].Default == ""):
			effect.Changes = []string{"Gets the profile, as its default."}
		case !has:
			effect.Changes = []string{"Gets the profile."}
		case asDefault && held[i].Default != request.ProfileID:
			effect.Changes = []string{"The profile becomes its default."}
		}
		effects[i] = effect
	}
	return effects, nil
}
