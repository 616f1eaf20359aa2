package logs

import (
	"slices"
	"strings"

	"github.com/google/uuid"

	"github.com/tenantry/tenantry/functions/pages/kit"
	"github.com/tenantry/tenantry/shared/audit"
	"github.com/tenantry/tenantry/shared/identity"
	"github.com/tenantry/tenantry/shared/tenant"
	"github.com/tenantry/tenantry/shared/tenant/directory"
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
	made := choice{chosen: map[string]bool{}, part: strings.TrimSpace(v.Query("org_name"))}
	ticked, err := p.ticked(v, place)
	if err != nil {
		return choice{}, err
	}
	for _, org := range ticked {
		made.chosen[org.ID] = true
		made.options = append(made.options, kit.Option{Value: org.ID, Label: org.Name})
	}
	page, err := p.Directory.List(v.Context(), *v.By, directory.Scope{MSPID: place.MSPID},
		directory.Query{Name: made.part, Limit: mostShown + len(ticked)})
	if err != nil {
		return choice{}, err
	}
	made.more = page.Next != ""
	for _, org := range page.Orgs {
		if !made.chosen[org.ID] {
			made.options = append(made.options, kit.Option{Value: org.ID, Label: org.Name})
		}
	}
	if most := mostShown + len(ticked); len(made.options) > most {
		made.options, made.more = made.options[:most], true
	}
	return made, nil
}

// ticked returns the organizations of the MSP that the address names, ordered by name.
func (p Pages) ticked(v *kit.Visit, place identity.Place) ([]tenant.Org, error) {
	var ids []string
	for _, id := range v.R.URL.Query()["org_id"] {
		if uuid.Validate(id) == nil && len(ids) < audit.MaxOrgs && !slices.Contains(ids, id) {
			ids = append(ids, id)
		}
	}
	orgs, err := p.Tenants.LoadOrgs(v.Context(), ids)
	return slices.DeleteFunc(orgs, func(org tenant.Org) bool { return org.MSPID != place.MSPID }), err
}
