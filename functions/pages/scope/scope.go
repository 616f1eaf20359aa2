// Package scope finds the place that a page is at: the platform, an MSP or an organization. Packages of
// pages that exist at all three use it.
package scope

import (
	"github.com/tenantry/tenantry/functions/pages/kit"
	"github.com/tenantry/tenantry/shared/fault"
	"github.com/tenantry/tenantry/shared/identity"
	"github.com/tenantry/tenantry/shared/tenant"
)

// Scope is a kind of place in the table of routes.
type Scope struct {
	// Path is the path of the place, as in "/orgs/{org_id}"; Name is the end of the names of the
	// endpoints, as in "org".
	Path, Name string
}

// All returns the kinds of places.
func All() []Scope {
	return []Scope{{"/platform", "platform"}, {"/msps/{msp_id}", "msp"}, {"/orgs/{org_id}", "org"}}
}

// Providers returns the kinds of places that serve customers: the platform and MSPs.
func Providers() []Scope { return All()[:2] }

// Find returns the place of the page's path, and makes the shell show it. It checks only that the
// reader may see the place; the rule itself checks the permission.
func Find(v *kit.Visit, tenants *tenant.Tenants) (identity.Place, error) {
	return find(v, tenants, identity.SeeMSP)
}

// Reached is Find for the pages of an MSP that are also for those who reach only its organizations with some
// labels.
func Reached(v *kit.Visit, tenants *tenant.Tenants) (identity.Place, error) {
	return find(v, tenants, identity.ListOrgs)
}

func find(v *kit.Visit, tenants *tenant.Tenants, atMSP identity.Permission) (identity.Place, error) {
	place := identity.ThePlatform()
	switch {
	case v.Path("org_id") != "":
		org, err := tenants.Org(v.Context(), *v.By, v.Path("org_id"), identity.SeeOrg)
		if err != nil {
			return identity.Place{}, err
		}
		place = org.Place()
	case v.Path("msp_id") != "":
		msp, err := tenants.MSP(v.Context(), *v.By, v.Path("msp_id"), atMSP)
		if err != nil {
			return identity.Place{}, err
		}
		place = msp.Place()
	default:
		return place, Platform(v)
	}
	v.At(place)
	return place, nil
}

// Platform makes the shell show the platform. It checks only that the reader works for it; the rule
// itself checks the permission.
func Platform(v *kit.Visit) error {
	if !v.By.WorksForPlatform() {
		return fault.Missing()
	}
	v.At(identity.ThePlatform())
	return nil
}
