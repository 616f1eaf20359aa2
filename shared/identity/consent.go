package identity

import (
	"encoding/json"
	"fmt"
	"slices"

	"github.com/tenantry/tenantry/shared/fault"
)

// ConsentKind is something that an organization allows those who work for its provider, or does not.
type ConsentKind string

// The kinds of consent.
const (
	// SupportAccess allows to see the organization's cases and to work on them.
	SupportAccess ConsentKind = "support_access"
	// UserManagement allows to list, invite, change and remove the organization's administrators,
	// and allows those who work for the provider to hold a privilege in the organization.
	UserManagement ConsentKind = "user_management"
	// PersonalData allows to see the names, the mail and network addresses and the client programs of
	// the organization's people; without it they are masked.
	PersonalData ConsentKind = "personal_data"
)

// ConsentKinds returns the kinds in the order in which they are shown.
func ConsentKinds() []ConsentKind { return []ConsentKind{SupportAccess, UserManagement, PersonalData} }

// Grantee is the part of the provider that a consent is for.
type Grantee string

// The grantees.
const (
	// ToOperator is for the people of the platform: operators and support agents.
	ToOperator Grantee = "operator"
	// ToMSP is for the people of the organization's MSP.
	ToMSP Grantee = "msp"
)

// Grantees returns the grantees in the order in which they are shown.
func Grantees() []Grantee { return []Grantee{ToOperator, ToMSP} }

// Consent is an organization's decision on one kind for one grantee.
type Consent struct {
	Granted bool `json:"granted"`
	// Since is when it was decided, and Until when it ends, in epoch seconds; Until is 0 for no end.
	Since int64 `json:"since,omitempty"`
	Until int64 `json:"until,omitempty"`
	// ByID and ByName are who decided; empty for what holds since the creation of the organization
	// or since before there were consents.
	ByID   string `json:"by_id,omitempty"`
	ByName string `json:"by_name,omitempty"`
	// ByProvider is set if the grantee gave the consent up.
	ByProvider bool   `json:"by_provider,omitempty"`
	Reason     string `json:"reason,omitempty"`
	// Provisional is set while the consent was given with the creation of the organization: Days
	// after the first own administrator has come, it ends.
	Provisional bool `json:"provisional,omitempty"`
	Days        int  `json:"days,omitempty"`
	// Lapsed is set for what a former MSP had until its end, which the organization did not prolong.
	Lapsed bool `json:"lapsed,omitempty"`
}

// Holds reports whether the consent is given at a time in epoch seconds.
func (c Consent) Holds(now int64) bool { return c.Granted && (c.Until == 0 || now < c.Until) }

// Consents are an organization's decisions.
type Consents map[ConsentKind]map[Grantee]Consent

// FormerConsents returns the consents of an organization that was stored before there were any but
// that of the platform's support agents.
func FormerConsents(supportAccess bool) Consents {
	return Consents{
		SupportAccess:  {ToOperator: {Granted: supportAccess}, ToMSP: {Granted: true}},
		UserManagement: {ToOperator: {Granted: true}, ToMSP: {Granted: true}},
		PersonalData:   {ToOperator: {Granted: true}, ToMSP: {Granted: true}},
	}
}

// UnmarshalJSON reads stored consents. Those that were stored before there was a consent to personal
// data give it, as it was.
func (c *Consents) UnmarshalJSON(data []byte) error {
	var stored map[ConsentKind]map[Grantee]Consent
	if err := json.Unmarshal(data, &stored); err != nil {
		return err
	}
	if stored != nil && stored[PersonalData] == nil {
		stored[PersonalData] = FormerConsents(false)[PersonalData]
	}
	*c = stored
	return nil
}

// With returns a copy with one consent replaced.
func (c Consents) With(kind ConsentKind, grantee Grantee, consent Consent) Consents {
	changed := Consents{}
	for _, k := range ConsentKinds() {
		changed[k] = map[Grantee]Consent{}
		for _, g := range Grantees() {
			changed[k][g] = c[k][g]
		}
	}
	changed[kind][grantee] = consent
	return changed
}

// Equal reports whether both are the same decisions.
func (c Consents) Equal(other Consents) bool {
	for _, kind := range ConsentKinds() {
		for _, grantee := range Grantees() {
			if c[kind][grantee] != other[kind][grantee] {
				return false
			}
		}
	}
	return true
}

// owned returns the consents after the first own administrator has come: provisional ones end some
// days later.
func (c Consents) owned(now int64) Consents {
	const day = 24 * 60 * 60
	changed := c
	for _, kind := range ConsentKinds() {
		for _, grantee := range Grantees() {
			if one := c[kind][grantee]; one.Provisional && one.Granted {
				one.Provisional, one.Until = false, now+int64(one.Days)*day
				changed = changed.With(kind, grantee, one)
			}
		}
	}
	return changed
}

// At returns which consents are given at a time in epoch seconds.
func (c Consents) At(now int64) Granted {
	var granted Granted
	for _, kind := range ConsentKinds() {
		for _, grantee := range Grantees() {
			if c[kind][grantee].Holds(now) {
				granted |= granting(kind, grantee)
			}
		}
	}
	return granted
}

// limited reports whether a consent is missing or has an end.
func (c Consents) limited() bool {
	for _, kind := range ConsentKinds() {
		for _, grantee := range Grantees() {
			if one := c[kind][grantee]; !one.Granted || one.Until > 0 {
				return true
			}
		}
	}
	return false
}

// grantee returns the part of the provider that the privilege belongs to; "" for a privilege in an
// organization.
func (p Privilege) grantee() Grantee {
	switch p.Scope {
	case PlatformScope:
		return ToOperator
	case MSPScope, LabelScope:
		return ToMSP
	default:
		return ""
	}
}

// allows returns what a privilege allows at a place. What a provider's privilege allows inside an
// organization depends on the organization's consents.
func (p Privilege) allows(place Place) Permission {
	if !p.covers(place) {
		return 0
	}
	if p.Scope == LabelScope && place.Scope == MSPScope {
		if permissions(p.Scope, p.Role)&SeeCases == 0 {
			return ListOrgs
		}
		return ListOrgs | ListCases
	}
	allowed := permissions(p.Scope, p.Role)
	if grantee := p.grantee(); grantee != "" && place.Scope == OrgScope {
		allowed &^= withheld(place.Granted, grantee)
	}
	return allowed
}

// worksFor returns the parts of the provider of an organization for which somebody with these
// privileges works, whatever the organization consents to.
func worksFor(privileges []Privilege, place Place) []Grantee {
	var grantees []Grantee
	for _, held := range privileges {
		atMSP := held.grantee() == ToMSP && held.MSPID != "" && held.MSPID == place.MSPID
		if held.Scope == PlatformScope || atMSP {
			grantees = append(grantees, held.grantee())
		}
	}
	return grantees
}

// WorksFor returns the part of the provider of an organization that the principal works for; "" for
// none. Who works for both works for the operator.
func (p Principal) WorksFor(place Place) Grantee {
	var found Grantee
	for _, grantee := range worksFor(p.Privileges, place) {
		if found == "" || grantee == ToOperator {
			found = grantee
		}
	}
	return found
}

// RepresentsGrantee reports whether the principal can give up a consent for its part of the
// provider: as an operator, or as a super user of the organization's MSP.
func (p Principal) RepresentsGrantee(grantee Grantee, place Place) bool {
	switch grantee {
	case ToOperator:
		return p.May(RunPlatform, ThePlatform())
	case ToMSP:
		return place.MSPID != "" && p.May(ChangeMSP, Place{Scope: MSPScope, MSPID: place.MSPID}) &&
			slices.Contains(worksFor(p.Privileges, place), ToMSP)
	}
	return false
}

// OwnAdministrator reports whether the principal can consent for an organization: an administrator
// of exactly this organization who does not work for its provider, and did not get the privilege
// from the provider.
func (p Principal) OwnAdministrator(place Place) bool {
	if place.Scope != OrgScope || p.WorksFor(place) != "" {
		return false
	}
	for _, held := range p.Privileges {
		if held.at(place) && held.own() {
			return true
		}
	}
	return false
}

// DecidesFor reports whether the principal can decide on the organization's provider: an administrator of
// exactly this organization whom the provider did not make, even if they work for an MSP too. They must
// meet what the organization requires of them.
func (p Principal) DecidesFor(place Place) bool {
	return place.Scope == OrgScope && p.May(ChangeOrg, place) && slices.ContainsFunc(p.Privileges,
		func(held Privilege) bool { return held.at(place) && held.own() })
}

// own reports whether the privilege is that of an administrator whom the provider did not make.
func (p Privilege) own() bool { return p.Scope == OrgScope && p.Role == Admin && p.GivenBy == "" }

// giver returns the provider's part in a privilege that the principal gives at a place: the part
// for which the principal works, or that gave the principal the own privilege; "" if the
// organization itself gives it.
func (p Principal) giver(place Place) Grantee {
	if place.Scope != OrgScope {
		return ""
	}
	if grantee := p.WorksFor(place); grantee != "" {
		return grantee
	}
	for _, held := range p.Privileges {
		if held.at(place) {
			return held.GivenBy
		}
	}
	return ""
}

// checkMember returns a fault if somebody with these privileges works for an organization's provider
// and the organization does not let the provider manage its administrators.
func checkMember(privileges []Privilege, place Place) error {
	if place.Scope != OrgScope {
		return nil
	}
	for _, grantee := range worksFor(privileges, place) {
		if !place.Granted.Has(UserManagement, grantee) {
			return fault.New(fault.Forbidden,
				"%s has not consented to user management by its %s, so that nobody who works there can get a role in it.",
				place.Name, grantee.name())
		}
	}
	return nil
}

// name returns the grantee in the words of messages.
func (g Grantee) name() string {
	if g == ToMSP {
		return "MSP"
	}
	return "operator"
}

// Describe names a consent for people, as in "support access for the MSP".
func Describe(kind ConsentKind, grantee Grantee) string {
	return fmt.Sprintf("%s for the %s", map[ConsentKind]string{
		SupportAccess: "support access", UserManagement: "user management",
		PersonalData: "personal data",
	}[kind], grantee.name())
}

// CheckConsent returns a fault if there is no such consent of an organization.
func CheckConsent(kind ConsentKind, grantee Grantee, place Place) error {
	switch {
	case !slices.Contains(ConsentKinds(), kind):
		return fault.OneOf("kind", ConsentKinds())
	case !slices.Contains(Grantees(), grantee):
		return fault.OneOf("grantee", Grantees())
	case grantee == ToMSP && place.MSPID == "":
		return fault.InField("grantee", "must be operator: the organization has no MSP")
	}
	return nil
}
