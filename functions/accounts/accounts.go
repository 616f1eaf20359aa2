// Package accounts contains the endpoints of the caller's account: first start, log-in and log-out,
// password recovery, API tokens and invitations. The rules are in shared/identity.
package accounts

import (
	"context"
	"net/http"
	"slices"
	"strings"

	"github.com/tenantry/tenantry/functions/endpoint"
	"github.com/tenantry/tenantry/shared/audit"
	"github.com/tenantry/tenantry/shared/extension"
	"github.com/tenantry/tenantry/shared/feedback"
	"github.com/tenantry/tenantry/shared/identity"
	"github.com/tenantry/tenantry/shared/tenant"
)

// Services are the dependencies of the endpoints.
type Services struct {
	Accounts *identity.Accounts
	Tenants  *tenant.Tenants
	Log      *audit.Log
	Feedback *feedback.Service
}

// Endpoints lists the endpoints of this package.
func Endpoints(s Services) []endpoint.Endpoint {
	return []endpoint.Endpoint{
		setup(s).Fails(http.StatusForbidden), login(s), logout(s), getSelf(s),
		changeSelf(s).WithUnknown(endpoint.KeepUnknown), listSelfLogs(s),
		recoverPassword(s), finishRecovery(s),
		listSessions(s), deleteSession(s), deleteSessions(s), stepUp(s),
		listTokens(s), createToken(s).WithUnknown(endpoint.KeepUnknown), getToken(s),
		changeToken(s).WithUnknown(endpoint.KeepUnknown), deleteToken(s),
		listRecentPlaces(s), createFeedback(s), getUsage(s), getLoginFailures(s), getLogin(s),
		acceptInvite(s),
	}
}

// Privilege is a privilege as clients see it.
type Privilege struct {
	Scope string `json:"scope" doc:"platform, msp, orggroup or org."`
	Role  string `json:"role" doc:"admin, write, read, helpdesk or installer; operator or support at scope platform."`
	MSPID string `json:"msp_id,omitempty" doc:"The MSP of scopes msp and orggroup."`
	// LabelIDs has the one label of scope orggroup, as programs for other portals expect it.
	LabelIDs []string `json:"orggroup_ids,omitempty" doc:"The label of scope orggroup: the privilege holds in the MSP's organizations that have it."`
	OrgID    string   `json:"org_id,omitempty" doc:"The organization of scope org."`
	Name     string   `json:"name" doc:"The name of what the privilege is for."`
	// GivenBy is for those who decide whether to confirm an administrator.
	GivenBy string `json:"given_by,omitempty" doc:"operator or msp if the provider gave a privilege of scope org: it does not allow to give consents until an own administrator gives the role again."`
	// Views are kept for other portals' programs.
	Views []string `json:"views,omitempty" doc:"Parts of other portals' pages that their programs limit the person to."`
}

// Self is the caller's account.
type Self struct {
	AdminID          string      `json:"admin_id"`
	Email            string      `json:"email"`
	FirstName        string      `json:"first_name"`
	LastName         string      `json:"last_name"`
	Privileges       []Privilege `json:"privileges" doc:"The privileges given explicitly; inherited ones show in the lists of organizations."`
	Created          int64       `json:"created_time" doc:"Epoch seconds."`
	Modified         int64       `json:"modified_time" doc:"Epoch seconds."`
	PasswordModified int64       `json:"password_modified_time" doc:"Epoch seconds."`
	MailFailed       int64       `json:"mail_failed_time,omitempty" doc:"Since when mail does not reach the address, in epoch seconds: nothing is sent about cases. Absent where it does."`
	MailFailure      string      `json:"mail_failure,omitempty" doc:"Why mail does not reach the address."`
	SecurityNotices  bool        `json:"security_notices" doc:"Whether you get mails about locked accounts, new API tokens and changed consents where you have the highest role."`
	Phone            string      `json:"phone,omitempty" doc:"Your telephone number, for those who see you as an administrator."`
	Phone2           string      `json:"phone2,omitempty" doc:"Another telephone number."`

	Preferences Preferences `json:"preferences" doc:"What you prefer."`

	extension extension.Fields
	_         struct{} `additionalProperties:"true"`
}

// MarshalJSON writes the account with the fields that its owner stored.
func (s Self) MarshalJSON() ([]byte, error) {
	type plain Self
	return extension.Marshal(plain(s), s.extension)
}

type selfOutput struct {
	SetCookie []http.Cookie `header:"Set-Cookie"`
	Body      Self
}

// selfOf converts a person to the caller's account, with the names of the privileges' scopes.
func (s Services) selfOf(ctx context.Context, p identity.Person) (Self, error) {
	privileges, err := Privileges(ctx, s.Tenants, p.Privileges)
	return Self{
		AdminID:          p.ID,
		Email:            p.Email,
		FirstName:        p.FirstName,
		LastName:         p.LastName,
		Privileges:       privileges,
		Created:          p.Created,
		Modified:         p.Modified,
		PasswordModified: p.PasswordModified,
		MailFailed:       p.MailFailed,
		MailFailure:      p.MailFailure,
		SecurityNotices:  p.SecurityNotices,
		Phone:            p.Phone,
		Phone2:           p.Phone2,
		Preferences:      preferencesOf(p.Preferences),
		extension:        p.Extension,
	}, err
}

// Privileges converts privileges for clients, with the names of their scopes. Those in organizations
// that are gone or in the bin are left out.
func Privileges(ctx context.Context, tenants *tenant.Tenants, privileges []identity.Privilege) ([]Privilege, error) {
	shown, err := EachPrivileges(ctx, tenants, privileges)
	if err != nil {
		return nil, err
	}
	return shown[0], nil
}

// EachPrivileges is like Privileges for several people, with the same requests.
func EachPrivileges(
	ctx context.Context, tenants *tenant.Tenants, people ...[]identity.Privilege,
) ([][]Privilege, error) {
	privileges := slices.Concat(people...)
	names, err := tenants.ScopeNames(ctx, privileges)
	if err != nil {
		return nil, err
	}
	each := make([][]Privilege, len(people))
	for i, held := range people {
		each[i] = NamedPrivileges(held, names)
	}
	return each, nil
}

// NamedPrivileges returns the privileges with the names of their scopes, without those at places
// that have no name here: they were deleted.
func NamedPrivileges(privileges []identity.Privilege, names map[string]string) []Privilege {
	shown := make([]Privilege, 0, len(privileges))
	for _, p := range privileges {
		one := Privilege{
			Scope: string(p.Scope), Role: string(p.Role), Name: "Tenantry", GivenBy: string(p.GivenBy),
			Views: strings.Fields(p.Views),
		}
		switch p.Scope {
		case identity.MSPScope:
			if names[p.MSPID] == "" {
				continue
			}
			one.MSPID, one.Name = p.MSPID, names[p.MSPID]
		case identity.LabelScope:
			if names[p.LabelID] == "" {
				continue
			}
			one.MSPID, one.Name, one.LabelIDs = p.MSPID, names[p.LabelID], []string{p.LabelID}
		case identity.OrgScope:
			if names[p.OrgID] == "" {
				continue
			}
			one.OrgID, one.Name = p.OrgID, names[p.OrgID]
		}
		shown = append(shown, one)
	}
	return shown
}
