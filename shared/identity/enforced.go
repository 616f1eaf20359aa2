package identity

import (
	"context"
	"net/netip"
	"slices"
	"time"

	"github.com/tenantry/tenantry/shared/change"
	"github.com/tenantry/tenantry/shared/fault"
)

// Enforced is what an organization requires of those who act in it. It is stored with the
// organization, so that checking it takes no further read.
type Enforced struct {
	// Passwords is for the people with a privilege in the organization itself.
	Passwords PasswordPolicy `json:"passwords,omitzero"`
	// Networks are the addresses and networks (CIDR) from which API tokens act in it; none for any.
	Networks []string `json:"networks,omitempty"`
	// IdleMinutes is how long a session may be unused, to within sessionUsedEvery; 0 for any time.
	IdleMinutes int `json:"idle_minutes,omitempty"`
}

// PasswordPolicy is what an organization asks of passwords beyond what everybody must have.
type PasswordPolicy struct {
	// MinLength is in characters, SpecialCharacter asks for one that is no letter and no digit, and Days
	// is after how long a new password is needed. Zero values ask for nothing.
	MinLength        int  `json:"min_length,omitempty"`
	SpecialCharacter bool `json:"special_character,omitempty"`
	Days             int  `json:"days,omitempty"`
}

// ShortestIdle is for how long a session may be unused at least, whatever an organization requires.
const ShortestIdle = sessionUsedEvery + time.Minute

// ShortestPassword is how many characters every password has at least.
const ShortestPassword = shortestPassword

// Equal reports whether two organizations, each with nil for nothing, require the same.
func (e *Enforced) Equal(other *Enforced) bool {
	if e == nil || other == nil {
		return e == other
	}
	return e.Passwords == other.Passwords && e.IdleMinutes == other.IdleMinutes &&
		slices.Equal(e.Networks, other.Networks)
}

// barred returns the fault for a principal whom the place keeps out although its privileges allow the
// call: its session is too old or was unused for too long, its password is too old, or its token comes
// from elsewhere.
func (p Principal) barred(place Place) error {
	if place.SessionLimit > 0 && p.SessionAge >= place.SessionLimit {
		return fault.New(fault.Unauthenticated,
			"%s ends sessions after %d minutes. Log in again.", place.Name, int(place.SessionLimit/time.Minute))
	}
	if place.Enforced == nil {
		return nil
	}
	required := *place.Enforced
	idle := time.Duration(required.IdleMinutes) * time.Minute
	switch age := time.Duration(required.Passwords.Days) * 24 * time.Hour; {
	case idle > 0 && p.SessionIdle >= idle+sessionUsedEvery:
		return fault.New(fault.Unauthenticated,
			"%s ends sessions that nobody uses for %d minutes. Log in again.", place.Name, required.IdleMinutes)
	case age > 0 && p.PasswordAge >= age && p.worksIn(place):
		return fault.New(fault.Forbidden,
			"%s asks for a new password every %d days, and yours is older. Set a new one in your account.",
			place.Name, required.Passwords.Days)
	case p.Kind == change.Token && !fromNetworks(required.Networks, p.SourceAddress):
		return fault.New(fault.Forbidden,
			"%s takes API tokens only from the networks in its settings, and %s is in none of them.",
			place.Name, p.SourceAddress)
	}
	return nil
}

// worksIn reports whether the principal has a privilege in the organization itself.
func (p Principal) worksIn(place Place) bool {
	return slices.ContainsFunc(p.Privileges, func(held Privilege) bool {
		return held.Scope == OrgScope && held.covers(place)
	})
}

// fromNetworks reports whether an address is in one of some networks; in any, if there are none.
func fromNetworks(networks []string, source string) bool {
	if len(networks) == 0 {
		return true
	}
	address, err := netip.ParseAddr(source)
	if err != nil {
		return false
	}
	return slices.ContainsFunc(networks, func(text string) bool {
		network, err := parseNetwork(text)
		return err == nil && network.Contains(address.Unmap())
	})
}

// passwordRules is what a new password must have, and the organizations that ask for it; zero values
// for what everybody's must have.
type passwordRules struct {
	length                int
	special               bool
	lengthFor, specialFor string
}

// rulesOf returns what the policies of organizations ask for together.
func rulesOf(orgs ...organization) passwordRules {
	var rules passwordRules
	for _, org := range orgs {
		if org.Enforced == nil {
			continue
		}
		asked := org.Enforced.Passwords
		if asked.MinLength > max(rules.length, shortestPassword) {
			rules.length, rules.lengthFor = asked.MinLength, org.Name
		}
		if asked.SpecialCharacter && !rules.special {
			rules.special, rules.specialFor = true, org.Name
		}
	}
	return rules
}

// passwordRules returns what the password of a person must have: what all organizations ask for in
// which they have a privilege.
func (a *Accounts) passwordRules(ctx context.Context, privileges []Privilege) (passwordRules, error) {
	var ids []string
	for _, held := range privileges {
		if held.Scope == OrgScope {
			ids = append(ids, held.OrgID)
		}
	}
	if len(ids) == 0 {
		return passwordRules{}, nil
	}
	orgs, err := organizations(ctx, a.journal, ids) // MaxPrivileges is no more than one request reads
	return rulesOf(orgs...), err
}
