package tenant

import (
	"fmt"
	"regexp"

	"github.com/tenantry/tenantry/shared/fault"
)

// DefaultRegion is the name of an installation that was not given another one.
const DefaultRegion = "main"

// regionName is what the name of an installation may be.
var regionName = regexp.MustCompile(`^[a-z0-9]([a-z0-9-]{0,30}[a-z0-9])?$`)

// ParseRegion reads the name of an installation from a setting; an empty text stands for
// DefaultRegion.
func ParseRegion(text string) (string, error) {
	if text == "" {
		return DefaultRegion, nil
	}
	if !regionName.MatchString(text) {
		return "", fmt.Errorf("%q: set up to 32 small letters, digits and hyphens, as in eu-central", text)
	}
	return text, nil
}

// InRegion returns the service with another name of the installation. An organization of another
// installation comes by import, so every MSP and organization here is in this region.
func (t *Tenants) InRegion(name string) *Tenants {
	with := *t
	with.region = name
	return &with
}

// Region returns the name of the installation.
func (t *Tenants) Region() string { return t.region }

// checkRegion returns a fault of code Invalid if a request names another installation.
func (t *Tenants) checkRegion(asked string) error {
	if asked != "" && asked != t.region {
		return fault.InField("region", "must be %s, the name of this installation, or be left out", t.region)
	}
	return nil
}
