package bulk

import (
	"context"
	"fmt"

	"github.com/tenantry/tenantry/shared/fault"
	"github.com/tenantry/tenantry/shared/identity"
	"github.com/tenantry/tenantry/shared/job"
	"github.com/tenantry/tenantry/shared/tenant"
)

// The actions that turn a switch of organizations on or off, as Request.Enabled says.
const (
	ImageManagement  = Action(tenant.ImageManagement)
	PreNotifications = Action(tenant.PreNotifications)
	CustomerAlerts   = Action(tenant.CustomerAlerts)
)

// words returns what a switch is called in a sentence.
func words(name tenant.Switch) string {
	switch name {
	case tenant.ImageManagement:
		return "image management"
	case tenant.PreNotifications:
		return "pre-notifications"
	case tenant.CustomerAlerts:
		return "customer alerts"
	}
	return string(name)
}

func onOff(on bool) string {
	if on {
		return "on"
	}
	return "off"
}

// turn returns the action that turns a switch.
func (s *Service) turn(name tenant.Switch) Definition {
	may := map[identity.ScopeKind]identity.Permission{identity.PlatformScope: identity.RunPlatform}
	if name != tenant.PreNotifications {
		may[identity.MSPScope] = identity.ChangeMSP
	}
	return Definition{
		Name: Action(name), May: may,
		Title: func(request Request, number int) string {
			return fmt.Sprintf("Turn %s %s for %s", words(name), onOff(*request.Enabled), Orgs(number))
		},
		Check: func(_ context.Context, _ identity.Principal, _ string, request Request) (Request, error) {
			if request.Enabled == nil {
				return request, fault.InField("enabled", "must be true or false with this action")
			}
			return request, nil
		},
		Preview: func(_ context.Context, _ identity.Principal, orgs []tenant.Org, request Request, _ bool) ([]Effect, error) {
			effects := make([]Effect, len(orgs))
			for i, org := range orgs {
				effects[i] = Effect{OrgID: org.ID, Name: org.Name}
				if org.On(name) != *request.Enabled {
					effects[i].Changes = []string{fmt.Sprintf("Turns %s %s.", words(name), onOff(*request.Enabled))}
				}
			}
			return effects, nil
		},
		Perform: func(ctx context.Context, by identity.Principal, task Task) error {
			changed, err := s.tenants.Turn(ctx, by, task.OrgID, name, *task.Request.Enabled)
			if err == nil && !changed {
				return job.Skip("It is so already.")
			}
			return err
		},
	}
}
