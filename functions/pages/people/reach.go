package people

import (
	"strings"

	"github.com/tenantry/tenantry/functions/pages/kit"
	"github.com/tenantry/tenantry/shared/fault"
	"github.com/tenantry/tenantry/shared/identity"
	"github.com/tenantry/tenantry/shared/tenant"
)

// The values of the field that says what a role at an MSP reaches.
const (
	reachAll    = "all"
	reachLabels = "labels"
	reachOrgs   = "orgs"
)

// mostOrgs is how many organizations the form lists. An MSP with more gives roles by label, or in the
// organization itself.
const mostOrgs = 50

// reach is what a role reaches that a form gives at an MSP.
type reach struct {
	// options are the labels and orgs to choose from; tooMany is set if the MSP has more than are listed.
	labels, orgs []kit.Option
	tooMany      bool
	// chosen is one of the values above, and ticked has the labels or organizations.
	chosen string
	ticked map[string]bool
}

// reachOf returns what the form of an MSP offers; nil at other places, and if there is nothing to choose.
func (p Pages) reachOf(v *kit.Visit, place identity.Place, withOrgs bool) (*reach, error) {
	if place.Scope != identity.MSPScope {
		return nil, nil
	}
	shown := &reach{chosen: reachAll, ticked: map[string]bool{}}
	labels, err := p.Tenants.Labels(v.Context(), *v.By, place.MSPID)
	if err != nil {
		return nil, err
	}
	for _, label := range labels {
		shown.labels = append(shown.labels, kit.Option{Value: label.ID, Label: label.Name})
	}
	if withOrgs {
		orgs, err := p.Tenants.MSPOrgs(v.Context(), *v.By, place.MSPID, tenant.OrgFilter{}, mostOrgs)
		if err != nil {
			return nil, err
		}
		if shown.tooMany = len(orgs) > mostOrgs; !shown.tooMany {
			for _, org := range orgs {
				shown.orgs = append(shown.orgs, kit.Option{Value: org.ID, Label: org.Name})
			}
		}
	}
	if len(shown.labels)+len(shown.orgs) == 0 {
		return nil, nil
	}
	return shown, nil
}

// have notes what a person's present roles at an MSP reach.
func (r *reach) have(privileges []identity.Privilege) {
	if r == nil {
		return
	}
	for _, held := range privileges {
		if held.Scope == identity.LabelScope {
			r.chosen, r.ticked[held.LabelID] = reachLabels, true
		}
	}
	for _, held := range privileges {
		if held.Scope == identity.MSPScope {
			r.chosen = reachAll
		}
	}
}

// options are the kinds of reach to choose from.
func (r *reach) options(t kit.Teller) []kit.Option {
	options := []kit.Option{{Value: reachAll, Label: t.T("All organizations of the MSP")}}
	if len(r.labels) > 0 {
		options = append(options, kit.Option{Value: reachLabels, Label: t.T("The organizations with a label")})
	}
	if len(r.orgs) > 0 {
		options = append(options, kit.Option{Value: reachOrgs, Label: t.T("Some organizations")})
	}
	return options
}

// submitted takes the reach from the form, and returns the privileges that it stands for with a role: the
// role at the MSP itself, "" for none, and those below.
func (r *reach) submitted(v *kit.Visit, role identity.Role) (identity.Role, []identity.Privilege) {
	if r == nil {
		return role, nil
	}
	r.chosen, r.ticked = v.Line("reach"), map[string]bool{}
	if r.chosen != reachLabels && r.chosen != reachOrgs {
		return role, nil
	}
	below := []identity.Privilege{}
	for _, id := range v.Several(r.chosen) {
		r.ticked[id] = true
		privilege := identity.Privilege{Scope: identity.LabelScope, Role: role, LabelID: id}
		if r.chosen == reachOrgs {
			privilege = identity.Privilege{Scope: identity.OrgScope, Role: role, OrgID: id}
		}
		below = append(below, privilege)
	}
	return "", below
}

// check returns a fault if a role that is not for the whole MSP reaches nothing.
func (r *reach) check(role identity.Role, below []identity.Privilege) error {
	if r == nil || role != "" || len(below) > 0 || r.chosen == reachAll {
		return nil
	}
	return fault.InField("reach", "must have at least one tick below it")
}

// inWords returns a role with what it reaches, where the list is of an MSP.
func inWords(t kit.Teller, held identity.Privilege, place identity.Place, names map[string]string) string {
	role := kit.Role(t, held.Role, held.Scope)
	if place.Scope != identity.MSPScope {
		return role
	}
	switch held.Scope {
	case identity.OrgScope:
		return role + " · " + names[held.OrgID]
	case identity.LabelScope:
		return role + " · " + t.T("label %s", names[held.LabelID])
	}
	return role + " · " + t.T("all organizations")
}

// allInWords returns roles with what they reach, in one line.
func allInWords(t kit.Teller, privileges []identity.Privilege, place identity.Place, names map[string]string) string {
	words := make([]string, len(privileges))
	for i, held := range privileges {
		words[i] = inWords(t, held, place, names)
	}
	return strings.Join(words, ", ")
}
