package logs

import (
	"slices"
	"strings"

	"github.com/tenantry/tenantry/functions/pages/kit"
	"github.com/tenantry/tenantry/shared/audit"
	"github.com/tenantry/tenantry/shared/identity"
	"github.com/tenantry/tenantry/shared/tenant"
)

// mostShown is how many organizations can be ticked; further ones are found by a part of their name.
const mostShown = 50

// choice is which organizations of an MSP's log are shown.
type choice struct {
	// options are the organizations that can be ticked, first those that are.
	options []kit.Option
	chosen  map[string]bool
	// part is the part of the name that those which are not ticked have; more is set if further ones
	// have it.
	part string
	more bool
}

// ids returns the organizations that are ticked.
func (c choice) ids() []string {
	var ids []string
	for _, option := range c.options {
		if c.chosen[option.Value] {
			ids = append(ids, option.Value)
		}
	}
	return ids
}

// chooseOrgs returns the organizations that can be chosen in the log of an MSP; none elsewhere. What is
// not an organization of the MSP cannot be chosen.
func (p Pages) chooseOrgs(v *kit.Visit, place identity.Place) (choice, error) {
	if place.Scope != identity.MSPScope {
		return choice{}, nil
	}
	orgs, err := p.Tenants.MSPOrgs(v.Context(), *v.By, place.MSPID, tenant.OrgFilter{})
	if err != nil {
		return choice{}, err
	}
	made := choice{chosen: map[string]bool{}, part: strings.TrimSpace(v.Query("org_name"))}
	ticked := v.R.URL.Query()["org_id"]
	for _, org := range orgs {
		if slices.Contains(ticked, org.ID) && len(made.chosen) < audit.MaxOrgs {
			made.chosen[org.ID] = true
			made.options = append(made.options, kit.Option{Value: org.ID, Label: org.Name})
		}
	}
	room := mostShown
	for _, org := range orgs {
		if made.chosen[org.ID] || !tenant.NameContains(org.Name, made.part) {
			continue
		}
		if room--; room < 0 {
			made.more = true
			break
		}
		made.options = append(made.options, kit.Option{Value: org.ID, Label: org.Name})
	}
	return made, nil
}
