package bulk

import (
	"context"
	"slices"

	"github.com/tenantry/tenantry/shared/identity"
	"github.com/tenantry/tenantry/shared/job"
	"github.com/tenantry/tenantry/shared/tenant"
)

// Label gives organizations of an MSP labels and takes others off them.
const Label Action = "label"

func (s *Service) label() Definition {
	return Definition{
		Name:  Label,
		May:   map[identity.ScopeKind]identity.Permission{identity.MSPScope: identity.ChangeMSP},
		Title: func(_ Request, number int) string { return "Label " + Orgs(number) },
		Check: func(ctx context.Context, by identity.Principal, mspID string, request Request) (Request, error) {
			labels, err := s.tenants.Resolve(ctx, by, mspID, request.Labels)
			request.Labels = labels
			return request, err
		},
		Preview: func(_ context.Context, _ identity.Principal, orgs []tenant.Org, request Request, _ bool) ([]Effect, error) {
			effects := make([]Effect, len(orgs))
			for i, org := range orgs {
				effects[i] = relabeled(org, request.Labels)
			}
			return effects, nil
		},
		Perform: func(ctx context.Context, by identity.Principal, task Task) error {
			changed, err := s.tenants.Relabel(ctx, by, task.OrgID, task.Request.Labels)
			if err == nil && !changed {
				return job.Skip("It has these labels already.")
			}
			return err
		},
	}
}

// relabeled returns what a relabeling does to an organization.
func relabeled(org tenant.Org, request tenant.Relabeling) Effect {
	effect := Effect{OrgID: org.ID, Name: org.Name}
	for _, id := range request.Add {
		if !slices.Contains(org.Labels, id) {
			effect.Add = append(effect.Add, id)
		}
	}
	for _, id := range request.Remove {
		if slices.Contains(org.Labels, id) {
			effect.Remove = append(effect.Remove, id)
		}
	}
	if len(org.Labels)+len(effect.Add)-len(effect.Remove) > tenant.MaxOrgLabels {
		effect.Blockers = []string{tenant.TooManyLabels(org.Name)}
	}
	return effect
}
