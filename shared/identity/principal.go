package identity

import (
	"slices"
	"strings"
	"time"

	"github.com/tenantry/tenantry/shared/change"
	"github.com/tenantry/tenantry/shared/fault"
	"github.com/tenantry/tenantry/shared/identity/preference"
)

// Privilege is a role of a person at a scope, granted explicitly.
type Privilege struct {
	Scope ScopeKind `json:"scope"`
	Role  Role      `json:"role"`
	// MSPID is the MSP of scope msp, and the organization's MSP at scope org.
	MSPID string `json:"msp_id,omitempty"`
	// OrgID is the organization of scope org.
	OrgID string `json:"org_id,omitempty"`
	// LabelID is the label of scope orggroup: the privilege holds in the organizations of the MSP that
	// have the label at the moment.
	LabelID string `json:"orggroup_id,omitempty"`
	// GivenBy is the part of the provider that gave a privilege of scope org; "" if the organization
	// itself did, or before this was recorded. Such a privilege does not allow to consent.
	GivenBy Grantee `json:"given_by,omitempty"`
	// Views are the parts of other portals' pages that their programs limit the person to, separated by
	// spaces. They are kept for such programs, and neither add to nor take from the role.
	Views string `json:"views,omitempty"`
}

// Place is where an operation takes place: the platform, an MSP or an organization. Package tenant
// creates it from what is stored, never from input.
type Place struct {
	Scope ScopeKind
	// MSPID is the MSP, or the MSP that the organization belongs to; "" for a direct customer.
	MSPID string
	OrgID string
	Name  string
	// Labels are the IDs of the labels that the organization has.
	Labels []string
	// Granted are the organization's consents that hold when the place is read.
	Granted Granted
	// SessionLimit is how old a session may be for calls here; 0 for no limit of the place's own.
	SessionLimit time.Duration
	// Enforced is what the organization requires of those who act in it; nil for nothing.
	Enforced *Enforced
}

// ThePlatform returns the place of the platform.
func ThePlatform() Place { return Place{Scope: PlatformScope, Name: "Tenantry"} }

// AnyDirect returns a place that stands for any direct customer that gives every consent.
func AnyDirect() Place { return Place{Scope: OrgScope, Granted: AllGranted} }

// ID returns the ID of the MSP or organization; "" for the platform.
func (p Place) ID() string {
	switch p.Scope {
	case MSPScope:
		return p.MSPID
	case OrgScope:
		return p.OrgID
	default:
		return ""
	}
}

// covers reports whether a privilege applies at a place.
func (p Privilege) covers(place Place) bool {
	switch p.Scope {
	case PlatformScope:
		return p.Role != Support || place.Scope == OrgScope && place.Granted.Has(SupportAccess, ToOperator)
	case MSPScope:
		return p.MSPID != "" && p.MSPID == place.MSPID
	case LabelScope:
		return p.LabelID != "" && p.MSPID != "" && p.MSPID == place.MSPID &&
			(place.Scope == MSPScope || place.Scope == OrgScope && slices.Contains(place.Labels, p.LabelID))
	case OrgScope:
		return place.Scope == OrgScope && p.OrgID != "" && p.OrgID == place.OrgID
	default:
		return false
	}
}

// sameScope reports whether two privileges are at exactly the same scope.
func (p Privilege) sameScope(other Privilege) bool {
	if p.Scope != other.Scope {
		return false
	}
	switch p.Scope {
	case MSPScope:
		return p.MSPID == other.MSPID
	case LabelScope:
		return p.MSPID == other.MSPID && p.LabelID == other.LabelID
	case OrgScope:
		return p.OrgID == other.OrgID
	}
	return true
}

// at reports whether a privilege is at exactly this place.
func (p Privilege) at(place Place) bool {
	if p.Scope != place.Scope {
		return false
	}
	return place.Scope == PlatformScope || place.Scope == MSPScope && p.MSPID == place.MSPID ||
		place.Scope == OrgScope && p.OrgID == place.OrgID
}

// Principal is an authenticated person, by session, token or mail.
type Principal struct {
	Kind      change.ActorKind
	UserID    string
	SessionID string
	// SessionAge is how long ago the session began; 0 without a session.
	SessionAge time.Duration
	// SessionIdle is how long the session was unused at a stretch, to within sessionUsedEvery.
	SessionIdle time.Duration
	// PasswordAge is how long ago the password was set; 0 without a session.
	PasswordAge time.Duration
	TokenID     string
	Email       string
	FirstName   string
	LastName    string
	Privileges  []Privilege
	// Preferences are what the person prefers, as read with the credential.
	Preferences preference.Preferences
	// SourceAddress is the network address of the request.
	SourceAddress string
	// Door is "api" or "mail".
	Door string
	// Proven is when the person last proved with the password who they are, in epoch seconds; 0
	// without a session.
	Proven int64
}

// Name returns the principal's full name, or the e-mail address if there is none.
func (p Principal) Name() string {
	if name := strings.TrimSpace(p.FirstName + " " + p.LastName); name != "" {
		return name
	}
	return p.Email
}

// Credential returns the ID of the session or token that the principal showed; "" if none.
func (p Principal) Credential() string {
	if p.TokenID != "" {
		return p.TokenID
	}
	return p.SessionID
}

// WorksForPlatform reports whether the principal has any privilege at the platform.
func (p Principal) WorksForPlatform() bool {
	return slices.ContainsFunc(p.Privileges, func(held Privilege) bool { return held.Scope == PlatformScope })
}

// Actor returns the principal for the audit log.
func (p Principal) Actor() change.Actor {
	return change.Actor{
		Kind: p.Kind, ID: p.UserID, TokenID: p.TokenID, Name: p.Name(), Email: p.Email,
		SourceAddress: p.SourceAddress, Door: p.Door,
		Provider: slices.ContainsFunc(p.Privileges, func(held Privilege) bool { return held.Scope != OrgScope }),
	}
}

// ForProvider reports whether the principal has a privilege for the place from a scope wider than
// an organization.
func (p Principal) ForProvider(place Place) bool {
	return slices.ContainsFunc(
		p.Privileges,
		func(held Privilege) bool { return held.Scope != OrgScope && held.covers(place) },
	)
}

// May reports whether the principal can do all of permission at the place: its privileges allow it,
// and it meets what the place requires of sessions, passwords and tokens.
func (p Principal) May(permission Permission, place Place) bool {
	return p.allowed(permission, place) && p.barred(place) == nil
}

// allowed reports whether the privileges of the principal allow all of permission at the place. Roles
// that cover the same place add up; higher roles include the permissions of lower ones, so the
// highest one decides.
func (p Principal) allowed(permission Permission, place Place) bool {
	var allowed Permission
	for _, privilege := range p.Privileges {
		allowed |= privilege.allows(place)
	}
	return permission != 0 && allowed&permission == permission
}

// LimitedTo returns the labels of an MSP in whose organizations the principal has a permission, if a role at
// the MSP itself does not give it; false if there is no role at a label.
func (p Principal) LimitedTo(permission Permission, mspID string) (labels []string, limited bool) {
	if mspID == "" || p.allowed(permission, Place{Scope: MSPScope, MSPID: mspID}) {
		return nil, false
	}
	for _, held := range p.Privileges {
		if held.Scope == LabelScope && held.MSPID == mspID {
			limited = true
			if permissions(held.Scope, held.Role)&permission == permission {
				labels = append(labels, held.LabelID)
			}
		}
	}
	return labels, limited
}

// labelsAt returns the labels of an MSP at which the principal has a privilege.
func (p Principal) labelsAt(mspID string) []string {
	var labels []string
	for _, held := range p.Privileges {
		if held.Scope == LabelScope && held.MSPID == mspID {
			labels = append(labels, held.LabelID)
		}
	}
	return labels
}

// IsAgent reports whether the principal works on the place's cases for the provider
// rather than for the customer: it may see internal notes.
func (p Principal) IsAgent(place Place) bool {
	return slices.ContainsFunc(p.Privileges, func(privilege Privilege) bool {
		return privilege.Scope != OrgScope && privilege.allows(place)&SeeCases != 0
	})
}

// RefusedError is the cause of every fault of Check. The audit log records what was refused, and
// where.
type RefusedError struct {
	Place Place
	// Hidden is set if the principal may not even see the place.
	Hidden bool
}

// Error returns whether the place was hidden or the role too low.
func (e *RefusedError) Error() string {
	if e.Hidden {
		return "the principal may not see this place"
	}
	return "the principal's role does not allow this"
}

// Check returns nil if the principal has permission at the place; a fault of code
// NotFound if it may not even see the place, Unauthenticated if it may but the place ends its session,
// Forbidden otherwise.
func (p Principal) Check(permission Permission, place Place) error {
	if p.allowed(permission, place) {
		return p.barred(place)
	}
	see := SeeOrg
	switch place.Scope {
	case MSPScope:
		see = ListOrgs
	case PlatformScope:
		see = 0 // everybody knows that the platform exists
	}
	if see == 0 || p.allowed(see, place) {
		denied := fault.Denied()
		denied.Cause = &RefusedError{Place: place}
		return denied
	}
	missing := fault.Missing()
	missing.Cause = &RefusedError{Place: place, Hidden: true}
	return missing
}
