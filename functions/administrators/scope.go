package administrators

import (
	"context"
	"strings"

	"github.com/tenantry/tenantry/functions/endpoint"
	"github.com/tenantry/tenantry/shared/identity"
)

// scoped is an input that names a scope. Its path and names are known without a value.
type scoped interface {
	// at returns the end of the endpoints' names ("org") and the path of the scope.
	at() (scope, path string)
	// place returns the scope. It checks only that the principal can see it; the rule itself checks
	// the permission.
	place(ctx context.Context, s Services) (identity.Place, error)
}

// PlatformID is the scope of the platform.
type PlatformID struct{}

func (PlatformID) at() (string, string) { return "platform", "/platform" }

func (PlatformID) place(context.Context, Services) (identity.Place, error) {
	return identity.ThePlatform(), nil
}

// MSPID is the scope of an MSP.
type MSPID struct {
	MSPID string `path:"msp_id" format:"uuid"`
}

func (MSPID) at() (string, string) { return "msp", "/msps/{msp_id}" }

func (in MSPID) place(ctx context.Context, s Services) (identity.Place, error) {
	msp, err := s.Tenants.MSP(ctx, endpoint.Principal(ctx), in.MSPID, identity.SeeMSP)
	return msp.Place(), err
}

// OrgID is the scope of an organization.
type OrgID struct {
	OrgID string `path:"org_id" format:"uuid"`
}

func (OrgID) at() (string, string) { return "org", "/orgs/{org_id}" }

func (in OrgID) place(ctx context.Context, s Services) (identity.Place, error) {
	org, err := s.Tenants.Org(ctx, endpoint.Principal(ctx), in.OrgID, identity.SeeOrg)
	return org.Place(), err
}

// The parts of the inputs other than the scope. They are combined with each scope below, because a
// library that reads inputs by their fields needs a type for each.
type (
	// AdminID names a person.
	AdminID struct {
		AdminID string `path:"admin_id" format:"uuid"`
	}
	// InviteID names an invitation.
	InviteID struct {
		InviteID string `path:"invite_id" format:"uuid"`
	}
	// RoleBody changes a person's role.
	RoleBody struct {
		Body struct {
			Privileges []RoleAssignment `json:"privileges" minItems:"1" maxItems:"100" doc:"The one privilege of the person at this scope. At an MSP, all privileges at the MSP and its labels: others there end. Those at its organizations are given or changed, and stay where they are not in the list."`
		}
	}
	// InviteBody invites somebody.
	InviteBody struct {
		Body NewInvitation
	}
	// NewInvitation is who is invited to what.
	NewInvitation struct {
		Email      string           `json:"email" maxLength:"254" pattern:"^\\s*[^@\\s]+@[^@\\s]+\\.[^@\\s]+\\s*$" patternDescription:"one plain e-mail address, as in anna@example.com"`
		FirstName  string           `json:"first_name,omitempty" maxLength:"64"`
		LastName   string           `json:"last_name,omitempty" maxLength:"64"`
		Name       string           `json:"name,omitempty" maxLength:"129" doc:"First and last name in one, where they are not given."`
		Hours      int              `json:"hours,omitempty" minimum:"1" maximum:"168" doc:"How long the invitation is valid; 24 by default."`
		Privileges []RoleAssignment `json:"privileges" minItems:"1" maxItems:"20" doc:"The one privilege that is offered. At an MSP up to 20: at the MSP, its labels and its organizations."`
	}
	// ChangeBody changes an invitation and sends it again.
	ChangeBody struct {
		Body struct {
			Hours      int              `json:"hours,omitempty" minimum:"1" maximum:"168" doc:"How long it is valid from now; unchanged by default."`
			Privileges []RoleAssignment `json:"privileges,omitempty" maxItems:"20" doc:"All privileges that are offered; unchanged by default."`
		}
	}
	// RoleAssignment is a privilege at the scope of the path, or below an MSP.
	RoleAssignment struct {
		Role  string `json:"role" enum:"admin,write,read,helpdesk,installer,operator,support" doc:"admin, write, read, helpdesk or installer; operator or support at the platform."`
		Scope string `json:"scope,omitempty" maxLength:"20" doc:"The scope of the path by default. At an MSP also orggroup, with orggroup_ids, and org, with org_id."`
		MSPID string `json:"msp_id,omitempty" maxLength:"36" doc:"The MSP of the path, if given."`
		OrgID string `json:"org_id,omitempty" maxLength:"36" doc:"The organization of scope org; that of the path, if given."`
		// GivenBy tells writing back from giving again.
		GivenBy string `json:"given_by,omitempty" enum:"operator,msp" doc:"As it was read. Leave it out to give the role again, which makes it yours to have given."`

		// Programs written for other network portals send these with a privilege.
		SiteID       string   `json:"site_id,omitempty" maxLength:"36" doc:"Must be empty: privileges are not for sites yet."`
		SiteGroupIDs []string `json:"sitegroup_ids,omitempty" maxItems:"0" doc:"Must be empty: privileges are not for sites yet."`
		OrgGroupIDs  []string `json:"orggroup_ids,omitempty" maxItems:"1000" doc:"The labels of scope orggroup, each a privilege of its own. Ignored at scope org: the labels of the organization."`
		OrgGroupID   string   `json:"orggroup_id,omitempty" maxLength:"36" doc:"Another way to write one label of scope orggroup."`
		Views        []string `json:"views,omitempty" maxItems:"10" uniqueItems:"true" enum:"reporting,marketing,super_observer,location,security,switch_admin,mxedge_admin,lobby_admin" doc:"Parts of other portals' pages that their programs limit the person to. They are kept, and do not limit the role."`
		View         string   `json:"view,omitempty" enum:"reporting,marketing,super_observer,location,security,switch_admin,mxedge_admin,lobby_admin" doc:"The former name of views, for one."`
		OrgName      string   `json:"org_name,omitempty" maxLength:"200" doc:"Ignored."`
		MSPName      string   `json:"msp_name,omitempty" maxLength:"200" doc:"Ignored."`
		MSPURL       string   `json:"msp_url,omitempty" maxLength:"2000" doc:"Ignored."`
		MSPLogoURL   string   `json:"msp_logo_url,omitempty" maxLength:"2000" doc:"Ignored."`
	}
)

// names returns the first and last name of a new invitation.
func (n NewInvitation) names() (first, last string) {
	if n.FirstName != "" || n.LastName != "" {
		return n.FirstName, n.LastName
	}
	name := strings.TrimSpace(n.Name)
	if at := strings.LastIndexByte(name, ' '); at > 0 {
		return strings.TrimSpace(name[:at]), name[at+1:]
	}
	return name, ""
}

func (in AdminID) adminID() string   { return in.AdminID }
func (in InviteID) inviteID() string { return in.InviteID }
func (in RoleBody) body() RoleBody   { return in }
func (in InviteBody) body() InviteBody {
	return in
}
func (in ChangeBody) body() ChangeBody { return in }

// The inputs of each scope.
type (
	// PlatformList selects a page of the people of the platform.
	PlatformList struct {
		PlatformID
		endpoint.Pages
		Filter
	}
	// PlatformAdministrator names a person of the platform.
	PlatformAdministrator struct {
		PlatformID
		AdminID
	}
	// PlatformAdministratorChange changes the role of a person of the platform.
	PlatformAdministratorChange struct {
		PlatformID
		AdminID
		RoleBody
	}
	// PlatformInvite invites somebody to the platform.
	PlatformInvite struct {
		PlatformID
		InviteBody
	}
	// PlatformInvitation names an invitation to the platform.
	PlatformInvitation struct {
		PlatformID
		InviteID
	}
	// PlatformChange changes an invitation to the platform.
	PlatformChange struct {
		PlatformID
		InviteID
		ChangeBody
	}
	// MSPList selects a page of the people of an MSP.
	MSPList struct {
		MSPID
		endpoint.Pages
		Filter
		InOrg string `query:"org_id" maxLength:"36" doc:"Only people with a role in this organization of the MSP."`
	}
	// MSPAdministrator names a person of an MSP.
	MSPAdministrator struct {
		MSPID
		AdminID
	}
	// MSPAdministratorChange changes the role of a person of an MSP.
	MSPAdministratorChange struct {
		MSPID
		AdminID
		RoleBody
	}
	// MSPInvite invites somebody to an MSP.
	MSPInvite struct {
		MSPID
		InviteBody
	}
	// MSPInvitation names an invitation to an MSP.
	MSPInvitation struct {
		MSPID
		InviteID
	}
	// MSPChange changes an invitation to an MSP.
	MSPChange struct {
		MSPID
		InviteID
		ChangeBody
	}
	// OrgList selects a page of the people of an organization.
	OrgList struct {
		OrgID
		endpoint.Pages
		Filter
	}
	// OrgAdministrator names a person of an organization.
	OrgAdministrator struct {
		OrgID
		AdminID
	}
	// OrgAdministratorChange changes the role of a person of an organization.
	OrgAdministratorChange struct {
		OrgID
		AdminID
		RoleBody
	}
	// OrgInvite invites somebody to an organization.
	OrgInvite struct {
		OrgID
		InviteBody
	}
	// OrgInvitation names an invitation to an organization.
	OrgInvitation struct {
		OrgID
		InviteID
	}
	// OrgChange changes an invitation to an organization.
	OrgChange struct {
		OrgID
		InviteID
		ChangeBody
	}
)
