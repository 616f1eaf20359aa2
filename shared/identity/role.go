// Package identity holds who acts and what they may do: people, their passwords, sessions, API
// tokens and invitations, and the permissions that roles grant at a scope. Every domain checks
// permissions with a Principal of this package. The scopes themselves (MSPs, organizations) are in
// shared/tenant.
package identity

// Role is a set of permissions at a scope. The comments have the names shown to people.
type Role string

// The roles.
const (
	Admin     Role = "admin"     // Super User; Tenant Administrator at an organization
	Write     Role = "write"     // Network Admin
	Read      Role = "read"      // Observer; Tenant Operator at an organization
	Helpdesk  Role = "helpdesk"  // Helpdesk
	Installer Role = "installer" // Installer
	Operator  Role = "operator"  // Operator, of the platform
	Support   Role = "support"   // Support agent, of the platform
)

// ScopeKind is the kind of a scope.
type ScopeKind string

// The scopes, from the widest to the narrowest.
const (
	PlatformScope ScopeKind = "platform"
	MSPScope      ScopeKind = "msp"
	LabelScope    ScopeKind = "orggroup" // the organizations of an MSP that have a label
	OrgScope      ScopeKind = "org"
)

// RolesAt returns the roles that exist at a scope, highest first.
func RolesAt(scope ScopeKind) []Role {
	if scope == PlatformScope {
		return []Role{Operator, Support}
	}
	return []Role{Admin, Write, Helpdesk, Read, Installer}
}

// NameAt returns the role's name as shown to people, which depends on the scope.
func (r Role) NameAt(scope ScopeKind) string {
	switch r {
	case Admin:
		if scope == OrgScope {
			return "Tenant Administrator"
		}
		return "Super User"
	case Write:
		return "Network Admin"
	case Read:
		if scope == OrgScope {
			return "Tenant Operator"
		}
		return "Observer"
	case Helpdesk:
		return "Helpdesk"
	case Installer:
		return "Installer"
	case Operator:
		return "Operator"
	case Support:
		return "Support agent"
	}
	return string(r)
}

// Permission is a set of operations that a role allows.
type Permission uint64

// The permissions.
const (
	SeeMSP               Permission = 1 << iota // read an MSP
	ChangeMSP                                   // change an MSP
	CreateOrg                                   // create organizations
	SeeOrg                                      // read an organization
	ChangeOrg                                   // change an organization
	SeeAdministrators                           // list people and invitations
	ChangeAdministrators                        // invite, change and remove people
	SeeAudit                                    // read the audit log
	SeeCases                                    // read cases
	OpenCases                                   // create, comment and change cases, as the customer
	AnswerCases                                 // work on cases as the provider: notes, assignment, any state
	RunPlatform                                 // MSPs, direct customers, dead letters, quarantine
	DeleteCases                                 // delete and restore cases
	ChangeDesk                                  // change the provider's desk: lists, service levels, prepared answers
	SeePersonalData                             // see the names and addresses of people unmasked
	ListOrgs                                    // list the organizations of an MSP that one's roles reach
	ListCases                                   // list the cases of an MSP that one's roles reach
)

const (
	seeing    = SeeMSP | SeeOrg | SeeAdministrators | SeeAudit | SeeCases
	orgWrites = ChangeOrg | OpenCases
	// ofMSP is what is about the MSP as a whole: a role at a label does not allow it.
	ofMSP = SeeMSP | ChangeMSP | CreateOrg | ChangeDesk | ListOrgs | ListCases
)

// permissions returns what each role allows at each scope, and at all scopes inside it. People with
// a role at an MSP, a label or the platform work on cases; people with a role at an organization open
// cases.
// Every role shows whom it sees unmasked; only an organization's consents take that away.
func permissions(scope ScopeKind, role Role) Permission {
	if allowed := work(scope, role); allowed != 0 {
		return allowed | SeePersonalData
	}
	return 0
}

// work returns what a role allows but for SeePersonalData, which every role has.
func work(scope ScopeKind, role Role) Permission {
	switch scope {
	case PlatformScope:
		switch role {
		case Operator:
			return RunPlatform | ChangeDesk | SeeMSP | ListOrgs | ChangeMSP | CreateOrg | SeeOrg | ChangeOrg |
				SeeAdministrators | ChangeAdministrators | SeeAudit
		case Support:
			return SeeOrg | SeeCases | OpenCases | AnswerCases
		}
	case LabelScope:
		return work(MSPScope, role) &^ ofMSP
	case MSPScope:
		switch role {
		case Admin:
			return seeing | orgWrites | ListOrgs | ListCases | ChangeMSP | ChangeDesk | CreateOrg | ChangeAdministrators |
				AnswerCases | DeleteCases
		case Write:
			return seeing&^SeeAdministrators | orgWrites | ListOrgs | ListCases | AnswerCases
		case Helpdesk:
			return SeeMSP | ListOrgs | ListCases | SeeOrg | SeeCases | OpenCases | AnswerCases
		case Read:
			return seeing | ListOrgs | ListCases
		case Installer:
			return SeeMSP | ListOrgs | SeeOrg
		}
	case OrgScope:
		switch role {
		case Admin:
			return seeing&^SeeMSP | orgWrites | ChangeAdministrators | DeleteCases
		case Write:
			return SeeOrg | SeeAudit | SeeCases | OpenCases
		case Helpdesk:
			return SeeOrg | SeeCases | OpenCases
		case Read:
			return seeing &^ SeeMSP
		case Installer:
			return SeeOrg
		}
	}
	return 0
}
