package bulk

import (
	"context"

	"github.com/tenantry/tenantry/shared/fault"
	"github.com/tenantry/tenantry/shared/identity"
	"github.com/tenantry/tenantry/shared/job"
	"github.com/tenantry/tenantry/shared/tenant"
)

// Action is the name of an action on many organizations.
type Action string

// Definition is what an action is and does. Domains above this package register theirs with New.
type Definition struct {
	Name Action
	// May is what one needs at the place whose organizations are meant: an MSP, or the platform for any
	// organizations of the installation. A scope that is missing has no such action.
	May map[identity.ScopeKind]identity.Permission
	// Title returns the title of a job for a number of organizations.
	Title func(request Request, number int) string
	// Check refuses a request that no organization could meet, and completes it. The permission is
	// checked already; mspID is "" at the platform.
	Check func(ctx context.Context, by identity.Principal, mspID string, request Request) (Request, error)
	// Begin refuses a request for a job, which may need more than a preview; nil for nothing more.
	Begin func(by identity.Principal, request Request) error
	// Find returns the organizations that are meant; nil for those that are not deleted.
	Find func(ctx context.Context, by identity.Principal, mspID string, request Request) ([]tenant.Org, error)
	// Preview returns what the action would do to each of up to a hundred organizations, in their order.
	// They are few if the request is about so few that each may take a request of its own.
	Preview func(ctx context.Context, by identity.Principal, orgs []tenant.Org, request Request, few bool,
	) ([]Effect, error)
	// Perform performs the action on one organization as the creator of the job, with the permissions
	// they have at that time; see job.Perform for its results.
	Perform func(ctx context.Context, by identity.Principal, task Task) error
}

// Task is an action on one organization.
type Task struct {
	OrgID   string
	Request Request
	// Job is the job that the task is a target of.
	Job    job.Job
	Target job.Target
}

// fewOrgs is up to how many organizations a preview may send a request for each.
const fewOrgs = 500

// previewed is the maximum number of organizations that one call of an action's preview gets.
const previewed = 100

// actions returns all actions.
func (s *Service) actions() []Definition {
	all := []Definition{s.label(), s.moving(Transfer), s.moving(Release)}
	for _, name := range tenant.Switches() {
		all = append(all, s.turn(name))
	}
	return append(all, s.more...)
}

// at returns the action with a name at a scope; a fault of code Invalid if there is none.
func (s *Service) at(scope identity.ScopeKind, name Action) (Definition, error) {
	var names []Action
	for _, one := range s.actions() {
		if one.May[scope] == 0 {
			continue
		}
		if one.Name == name {
			return one, nil
		}
		names = append(names, one.Name)
	}
	return Definition{}, fault.OneOf("action", names)
}

// JobKinds returns the kinds of jobs on organizations: one for each action.
func (s *Service) JobKinds() []job.Kind {
	var kinds []job.Kind
	for _, one := range s.actions() {
		k := job.Kind{
			Name: kind + string(one.Name), Perform: s.performing(one),
			Show: func(target string) job.Shown { return job.Shown{Object: "org", ID: target, OrgID: target} },
		}
		for scope, permission := range one.May {
			k.At = append(k.At, scope)
			if scope == identity.MSPScope {
				k.See, k.Act = identity.SeeMSP, permission
			}
		}
		if k.Act == 0 {
			k.See, k.Act = identity.RunPlatform, identity.RunPlatform
		}
		kinds = append(kinds, k)
	}
	return kinds
}
