package administrators

import (
	"context"

	"github.com/tenantry/tenantry/functions/accounts"
	"github.com/tenantry/tenantry/functions/endpoint"
	"github.com/tenantry/tenantry/functions/grant"
	"github.com/tenantry/tenantry/shared/identity"
)

// Administrator is a person at a scope, or somebody invited to it.
type Administrator struct {
	AdminID    string               `json:"admin_id,omitempty" doc:"Absent if the person is only invited."`
	InviteID   string               `json:"invite_id,omitempty" doc:"The invitation, if the person is only invited."`
	Email      string               `json:"email"`
	FirstName  string               `json:"first_name"`
	LastName   string               `json:"last_name"`
	Privileges []accounts.Privilege `json:"privileges" doc:"The privileges granted at this scope and, for an MSP, at its labels and organizations."`
	Hours      int                  `json:"hours,omitempty" doc:"How long an invitation is valid from its last sending."`
	Expires    int64                `json:"expire_time,omitempty" doc:"When an invitation expires, in epoch seconds."`
	LastLogin  int64                `json:"last_login_time,omitempty" doc:"The day of the last log-in with the password, in epoch seconds. Absent if there was none."`

	Phone       string `json:"phone,omitempty" doc:"The person's telephone number."`
	Phone2      string `json:"phone2,omitempty" doc:"Another telephone number."`
	MailFailed  int64  `json:"mail_failed_time,omitempty" doc:"Since when mail does not reach the address, in epoch seconds. Absent where it does."`
	MailFailure string `json:"mail_failure,omitempty" doc:"Why mail does not reach the address."`
}

type listOutput struct {
	endpoint.PageHeaders
	Body []Administrator
}

type listInput interface {
	scoped
	pages() endpoint.Pages
	filter() identity.AdministratorFilter
}

func (in PlatformList) filter() identity.AdministratorFilter { return in.Filter.filter("") }
func (in MSPList) filter() identity.AdministratorFilter      { return in.Filter.filter(in.InOrg) }
func (in OrgList) filter() identity.AdministratorFilter      { return in.Filter.filter("") }

// Filter selects people and invitations.
type Filter struct {
	Search string `query:"search" maxLength:"200" doc:"A part of the name or of the e-mail address."`
	Role   string `query:"role" enum:"admin,write,read,helpdesk,installer,operator,support" doc:"Only people with this role."`
}

func (f Filter) filter(orgID string) identity.AdministratorFilter {
	return identity.AdministratorFilter{Search: f.Search, Role: identity.Role(f.Role), OrgID: orgID}
}

func (in PlatformList) pages() endpoint.Pages { return in.Pages }
func (in MSPList) pages() endpoint.Pages      { return in.Pages }
func (in OrgList) pages() endpoint.Pages      { return in.Pages }

// list lists the people of a scope and the pending invitations.
func list[In listInput](s Services) endpoint.Endpoint {
	scope, path := (*new(In)).at()
	return endpoint.Get("administrators.list_"+scope, path+"/admins", "List the administrators and the pending invitations",
		func(ctx context.Context, in *In) (*listOutput, error) {
			place, err := (*in).place(ctx, s)
			if err != nil {
				return nil, err
			}
			people, invites, err := s.Accounts.Administrators(ctx, endpoint.Principal(ctx), place)
			if err != nil {
				return nil, err
			}
			people, invites = (*in).filter().Apply(place, people, invites)
			all := make([]Administrator, 0, len(people)+len(invites))
			for _, person := range people {
				all = append(
					all,
					Administrator{
						AdminID:     person.ID,
						Email:       person.Email,
						FirstName:   person.FirstName,
						LastName:    person.LastName,
						Phone:       person.Phone,
						Phone2:      person.Phone2,
						MailFailed:  person.MailFailed,
						MailFailure: person.MailFailure,
						LastLogin:   person.LastLogin,
					},
				)
			}
			// Names are looked up only for this page.
			held := make(map[string][]identity.Privilege, len(people)+len(invites))
			for _, person := range people {
				held[person.ID] = person.Privileges
			}
			for _, invite := range invites {
				all, held[invite.ID] = append(all, invitation(invite)), invite.Offered(place)
			}
			out := &listOutput{}
			out.Body, out.PageHeaders = endpoint.PageOf(all, (*in).pages())
			return out, s.fill(ctx, out.Body, held)
		}).Using(grant.On(grant.Core, grant.Query), grant.On(grant.Audit, grant.Put))
}

// fill adds the privileges of people and invitations, by their IDs, with the names of their scopes.
func (s Services) fill(ctx context.Context, page []Administrator, held map[string][]identity.Privilege) error {
	all := make([][]identity.Privilege, len(page))
	for i, one := range page {
		all[i] = held[one.AdminID+one.InviteID]
	}
	shown, err := accounts.EachPrivileges(ctx, s.Tenants, all...)
	if err != nil {
		return err
	}
	for i := range page {
		page[i].Privileges = shown[i]
	}
	return nil
}

// invited returns an invitation with what it offers.
func (s Services) invited(ctx context.Context, place identity.Place, invite identity.Invite) (*personOutput, error) {
	page := []Administrator{invitation(invite)}
	if len(invite.Below) == 0 {
		page[0].Privileges = accounts.NamedPrivileges(invite.Offered(place), map[string]string{place.ID(): place.Name})
		return &personOutput{Body: page[0]}, nil
	}
	err := s.fill(ctx, page, map[string][]identity.Privilege{invite.ID: invite.Offered(place)})
	return &personOutput{Body: page[0]}, err
}

func invitation(invite identity.Invite) Administrator {
	return Administrator{
		InviteID: invite.ID, Email: invite.Email, FirstName: invite.FirstName, LastName: invite.LastName,
		Hours: invite.Hours, Expires: invite.Expires,
	}
}
