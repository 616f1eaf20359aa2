// Package profile holds operator profiles: what the operator sets for the devices of organizations, the
// software above all, kept once and assigned to many. An organization has some profiles, and one of them
// is its default. Devices take from them what package link hands out once there are devices.
package profile

import (
	"cmp"
	"net/url"
	"regexp"
	"slices"
	"strings"

	"github.com/tenantry/tenantry/shared/change"
	"github.com/tenantry/tenantry/shared/fault"
	"github.com/tenantry/tenantry/shared/identity"
	"github.com/tenantry/tenantry/shared/search"
	"github.com/tenantry/tenantry/shared/store/table"
	"github.com/tenantry/tenantry/shared/tenant"
)

// The keys of profiles, in the core table:
//
//	PLATFORM#PROFILES   PROFILE#<id>       a profile
//	PLATFORM#PROFILES   NAME#<name>        keeps the name, folded, for one profile
//	PLATFORM#PROFILES   COUNT#<id>         how many organizations have it; its version grows with each
//	                                       that gets or loses it, so that a deletion misses none
//	PLATFORM#PROFILES   USED#<id>#<org>    an organization that has it
//	ORG#<org>           PROFILES           the profiles of an organization
//
//	access pattern                         request
//	all profiles                           2 Queries: there are at most MaxProfiles
//	the organizations with a profile       1 Query per 1,000 organizations
//	the profiles of an organization        1 Get
const (
	partition   = "PLATFORM#PROFILES"
	profileSort = "PROFILE#"
	nameSort    = "NAME#"
	countSort   = "COUNT#"
	usedSort    = "USED#"
	orgSort     = "PROFILES"
)

const (
	// MaxProfiles is the maximum number of profiles.
	MaxProfiles = 500
	// MaxOrgProfiles is the maximum number of profiles of an organization.
	MaxOrgProfiles = 20
	// maxName, maxWord and maxDescription are in characters.
	maxName, maxWord, maxDescription = 64, 64, 1000
)

// Selection is how the devices of an organization get their gateways.
type Selection string

// The selections. The source of the two is the menu of comparable portals; static is for tests.
const (
	Dynamic Selection = "dynamic" // from the organization's pool, by load
	Static  Selection = "static"  // the gateways that are named
)

// selections lists them.
func selections() []Selection { return []Selection{Dynamic, Static} }

// Fields are what a profile sets.
type Fields struct {
	Name        string `json:"name"`
	Description string `json:"description,omitempty"`
	// Image is the name of the software that devices run, and ApplicationMap that of the list by which
	// they recognize applications; "" for what they come with.
	Image          string `json:"image,omitempty"`
	ApplicationMap string `json:"application_map,omitempty"`
	// Selection is how gateways are chosen; Gateways are the names for Static.
	Selection Selection `json:"gateway_selection"`
	Gateways  []string  `json:"gateways,omitempty"`
	// Address is the address that devices report to; "" for the installation's.
	Address string `json:"address,omitempty"`
	// Heartbeat is how often devices report that they are up; two missed ones mean that a device is down.
	// TimeSlice is how long a time statistics sum up, and Interval how often they are sent. All are in
	// seconds.
	Heartbeat int `json:"heartbeat"`
	TimeSlice int `json:"time_slice"`
	Interval  int `json:"stats_interval"`
}

// Defaults returns the fields of a profile for which nothing is said.
func Defaults() Fields {
	return Fields{Selection: Dynamic, Heartbeat: 30, TimeSlice: 60, Interval: 300}
}

// Profile is an operator profile.
type Profile struct {
	ID string `json:"id"`
	Fields
	// Created and Modified are in epoch seconds.
	Created  int64 `json:"created_time"`
	Modified int64 `json:"modified_time"`
	// Version grows with each change; Orgs is how many organizations have the profile.
	Version int64 `json:"-"`
	Orgs    int64 `json:"-"`
	// counted is the version of the item with Orgs.
	counted int64
}

// OfOrg are the profiles of an organization: their IDs, and which is the default; "" without profiles.
type OfOrg struct {
	IDs     []string `json:"profile_ids"`
	Default string   `json:"default_profile_id"`
	// Version grows with each change.
	Version int64 `json:"-"`
}

// Service stores profiles. It is safe for concurrent use.
type Service struct {
	journal *change.Journal
	tenants *tenant.Tenants
}

// New returns the service.
func New(journal *change.Journal, tenants *tenant.Tenants) *Service {
	return &Service{journal: journal, tenants: tenants}
}

func key(id string) table.Key      { return table.Key{Partition: partition, Sort: profileSort + id} }
func countKey(id string) table.Key { return table.Key{Partition: partition, Sort: countSort + id} }
func orgKey(orgID string) table.Key {
	return table.Key{Partition: "ORG#" + orgID, Sort: orgSort}
}

func usedKey(id, orgID string) table.Key {
	return table.Key{Partition: partition, Sort: usedSort + id + "#" + orgID}
}

func (p Profile) nameKey() table.Key {
	return table.Key{Partition: partition, Sort: nameSort + search.Fold(p.Name)}
}

// word is what names of images, application maps and gateways look like.
var word = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9._+ -]*$`)

// check returns a fault of code Invalid if a field breaks a rule.
func (f Fields) check() error {
	if err := identity.CheckName("name", f.Name, 1, maxName); err != nil {
		return err
	}
	if err := identity.CheckParagraphs("description", f.Description, 0, maxDescription); err != nil {
		return err
	}
	for field, value := range map[string]string{"image": f.Image, "application_map": f.ApplicationMap} {
		if value != "" && (len(value) > maxWord || !word.MatchString(value)) {
			return fault.InField(field, "must be a name of at most %d letters, digits and . _ + - and spaces", maxWord)
		}
	}
	if err := f.checkGateways(); err != nil {
		return err
	}
	if err := checkAddress(f.Address); err != nil {
		return err
	}
	for _, one := range []struct {
		field              string
		value, least, most int
	}{
		{"heartbeat", f.Heartbeat, 10, 600},
		{"time_slice", f.TimeSlice, 10, 3600},
		{"stats_interval", f.Interval, 60, 86400},
	} {
		if one.value < one.least || one.value > one.most {
			return fault.InField(one.field, "must be %d to %d seconds", one.least, one.most)
		}
	}
	if f.Interval < f.TimeSlice {
		return fault.InField("stats_interval", "must be at least time_slice, %d seconds", f.TimeSlice)
	}
	return nil
}

// maxGateways is the maximum number of gateways that a profile names.
const maxGateways = 10

func (f Fields) checkGateways() error {
	switch f.Selection {
	case Dynamic:
		if len(f.Gateways) > 0 {
			return fault.InField("gateways", "are for the selection static: leave them out")
		}
	case Static:
		if len(f.Gateways) == 0 || len(f.Gateways) > maxGateways {
			return fault.InField("gateways", "must name 1 to %d gateways with the selection static", maxGateways)
		}
	default:
		return fault.OneOf("gateway_selection", selections())
	}
	seen := map[string]bool{}
	for _, name := range f.Gateways {
		if len(name) > maxWord || !word.MatchString(name) || seen[name] {
			return fault.InField("gateways", "must be different names of at most %d letters, digits and . _ + - and spaces",
				maxWord)
		}
		seen[name] = true
	}
	return nil
}

func checkAddress(address string) error {
	if address == "" {
		return nil
	}
	parsed, err := url.Parse(address)
	if err != nil || parsed.Scheme != "https" || parsed.Host == "" || parsed.User != nil || len(address) > 300 ||
		strings.ContainsAny(address, " \t\r\n") {
		return fault.InField("address", "must be an address that begins with https://")
	}
	return nil
}

// equal reports whether two profiles set the same.
func (f Fields) equal(other Fields) bool {
	return slices.Equal(f.Gateways, other.Gateways) && f.Name == other.Name && f.Description == other.Description && f.Image == other.Image &&
		f.ApplicationMap == other.ApplicationMap && f.Selection == other.Selection && f.Address == other.Address &&
		f.Heartbeat == other.Heartbeat && f.TimeSlice == other.TimeSlice && f.Interval == other.Interval
}

// complete fills in what a request leaves out.
func (f Fields) complete() Fields {
	usual := Defaults()
	f.Name = strings.TrimSpace(f.Name)
	f.Selection = cmp.Or(f.Selection, usual.Selection)
	f.Heartbeat, f.TimeSlice = cmp.Or(f.Heartbeat, usual.Heartbeat), cmp.Or(f.TimeSlice, usual.TimeSlice)
	f.Interval = cmp.Or(f.Interval, usual.Interval)
	return f
}
