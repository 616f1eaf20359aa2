package tenant

import (
	"context"
	"slices"

	"github.com/tenantry/tenantry/shared/fault"
	"github.com/tenantry/tenantry/shared/identity"
)

// Switch is something that is on or off for an organization.
type Switch string

// The switches.
const (
	// ImageManagement lets the organization choose the software of its devices among the images that its
	// provider assigned to it. Its MSP's super users and operators switch it; it begins off.
	ImageManagement Switch = "image_management"
	// PreNotifications tell the operator of trouble in the organization at once. Operators switch them;
	// they begin off.
	PreNotifications Switch = "pre_notifications"
	// CustomerAlerts tell the organization of trouble that lasts. Whoever may change the organization
	// switches them; they begin on.
	CustomerAlerts Switch = "customer_alerts"
)

// Switches lists the switches.
func Switches() []Switch { return []Switch{ImageManagement, PreNotifications, CustomerAlerts} }

// On reports whether a switch is on.
func (o Org) On(name Switch) bool {
	if name == CustomerAlerts {
		return !slices.Contains(o.Switched, name)
	}
	return slices.Contains(o.Switched, name)
}

// turn turns a switch on or off. Switched keeps its order, so that equal states are stored alike.
func (o *Org) turn(name Switch, on bool) {
	if o.On(name) == on {
		return
	}
	var switched []Switch
	for _, one := range Switches() {
		if slices.Contains(o.Switched, one) != (one == name) {
			switched = append(switched, one)
		}
	}
	o.Switched = switched
}

// maySwitch returns nil if the principal, who may change the organization, may turn a switch of it.
func maySwitch(by identity.Principal, org Org, name Switch) error {
	operator := by.May(identity.RunPlatform, identity.ThePlatform())
	msp := identity.Place{Scope: identity.MSPScope, MSPID: org.MSPID}
	switch {
	case operator || name == CustomerAlerts:
		return nil
	case name == PreNotifications:
		return fault.New(fault.Forbidden, "Only operators switch pre-notifications.")
	case org.MSPID != "" && by.May(identity.ChangeMSP, msp):
		return nil
	}
	return fault.New(fault.Forbidden, "Only operators and the super users of its MSP switch image management.")
}

// MayTurn reports whether a principal may turn a switch of an organization.
func MayTurn(by identity.Principal, org Org, name Switch) bool {
	return by.May(identity.ChangeOrg, org.Place()) && maySwitch(by, org, name) == nil
}

// checkSwitches refuses a change of switches that the principal may not turn.
func checkSwitches(by identity.Principal, before, after Org) error {
	for _, name := range Switches() {
		if before.On(name) == after.On(name) {
			continue
		}
		if err := maySwitch(by, after, name); err != nil {
			return err
		}
	}
	return nil
}

// Turn turns a switch of an organization on or off, and reports whether that changed anything.
func (t *Tenants) Turn(ctx context.Context, by identity.Principal, orgID string, name Switch, on bool) (bool, error) {
	org, err := t.Org(ctx, by, orgID, identity.ChangeOrg)
	if err != nil || org.On(name) == on {
		return false, err
	}
	_, err = t.change(ctx, by, org, OrgChange{Switches: map[Switch]bool{name: on}})
	return err == nil, err
}
