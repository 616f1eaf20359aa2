package orgs

import "github.com/tenantry/tenantry/shared/tenant"

// Switches are what a request may turn on or off for an organization.
type Switches struct {
	ImageManagement  *bool `json:"image_management,omitempty" doc:"Whether the organization chooses the software of its devices itself; the super users of its MSP and operators turn it on or off."`
	PreNotifications *bool `json:"pre_notifications,omitempty" doc:"Whether the operator hears of trouble in it at once; operators turn it on or off."`
	CustomerAlerts   *bool `json:"customer_alerts,omitempty" doc:"Whether it hears of trouble that lasts."`
}

// given returns the switches that a request turns.
func (s Switches) given() map[tenant.Switch]bool {
	given := map[tenant.Switch]bool{}
	for name, on := range map[tenant.Switch]*bool{
		tenant.ImageManagement: s.ImageManagement, tenant.PreNotifications: s.PreNotifications,
		tenant.CustomerAlerts: s.CustomerAlerts,
	} {
		if on != nil {
			given[name] = *on
		}
	}
	return given
}
