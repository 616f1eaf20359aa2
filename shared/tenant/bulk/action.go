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

// action is what an action is and does. Each is in a file of its own.
type action struct {
	name Action
	// may is what one needs at the place whose organizations are meant: an MSP, or the platform for any
	// organizations of the installation. A scope that is missing has no such action.
	may map[identity.ScopeKind]identity.Permission
	// title returns the title of a job for a number of organizations.
	title func(request Request, number int) string
	// check refuses a request that no organization could meet, and completes it. The permission is
	// checked already; mspID is "" at the platform.
	check func(ctx context.Context, by identity.Principal, mspID string, request Request) (Request, error)
	// preview returns what the action would do to each of up to a hundred organizations, in their order.
	preview func(ctx context.Context, by identity.Principal, orgs []tenant.Org, request Request) ([]Effect, error)
	// perform performs the action on one organization as the creator of the job, with the permissions
	// they have at that time; see job.Perform for its results.
	perform func(ctx context.Context, by identity.Principal, orgID string, request Request) error
}

// previewed is the maximum number of organizations that one call of an action's preview gets.
const previewed = 100

// actions returns all actions.
func (s *Service) actions() []action {
	all := []action{s.label(), s.moving(Transfer), s.moving(Release)}
	for _, name := range tenant.Switches() {
		all = append(all, s.turn(name))
	}
	return all
}

// at returns the action with a name at a scope; a fault of code Invalid if there is none.
func (s *Service) at(scope identity.ScopeKind, name Action) (action, error) {
	var names []Action
	for _, one := range s.actions() {
		if one.may[scope] == 0 {
			continue
		}
		if one.name == name {
			return one, nil
		}
		names = append(names, one.name)
	}
	if len(names) == 0 {
		return action{}, fault.InField("action", "must be one of an MSP's organizations: there is none here")
	}
	return action{}, fault.OneOf("action", names)
}

// JobKinds returns the kinds of jobs on organizations: one for each action.
func (s *Service) JobKinds() []job.Kind {
	var kinds []job.Kind
	for _, one := range s.actions() {
		k := job.Kind{
			Name: kind + string(one.name), Perform: s.performing(one),
			Show: func(target string) job.Shown { return job.Shown{Object: "org", ID: target, OrgID: target} },
		}
		for scope, permission := range one.may {
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
