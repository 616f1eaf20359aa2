package administrators

import (
	"context"
	"slices"
	"strings"

	"github.com/tenantry/tenantry/functions/endpoint"
	"github.com/tenantry/tenantry/functions/grant"
	"github.com/tenantry/tenantry/shared/fault"
	"github.com/tenantry/tenantry/shared/identity"
)

type personInput interface {
	scoped
	adminID() string
}

type personOutput struct {
	Body Administrator
}

// get reads one person of a scope.
func get[In personInput](s Services) endpoint.Endpoint {
	scope, path := (*new(In)).at()
	return endpoint.Get("administrators.get_"+scope, path+"/admins/{admin_id}", "Read an administrator",
		func(ctx context.Context, in *In) (*personOutput, error) {
			place, err := (*in).place(ctx, s)
			if err != nil {
				return nil, err
			}
			person, err := s.Accounts.Administrator(ctx, endpoint.Principal(ctx), place, (*in).adminID())
			if err != nil {
				return nil, err
			}
			return s.person(ctx, person)
		}).Using(seesTree(scope), grant.On(grant.Core, grant.Get), grant.On(grant.Audit, grant.Put))
}

func (s Services) person(ctx context.Context, person identity.Administrator) (*personOutput, error) {
	page := []Administrator{
		{
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
	}
	err := s.fill(ctx, page, map[string][]identity.Privilege{person.ID: person.Privileges})
	return &personOutput{Body: page[0]}, err
}

type changeInput interface {
	personInput
	body() RoleBody
}

// change changes a person's role at a scope.
func change[In changeInput](s Services) endpoint.Endpoint {
	scope, path := (*new(In)).at()
	return endpoint.Put("administrators.change_"+scope, path+"/admins/{admin_id}", "Change an administrator's role",
		func(ctx context.Context, in *In) (*personOutput, error) {
			place, err := (*in).place(ctx, s)
			if err != nil {
				return nil, err
			}
			privileges, err := privilegesOf(place, (*in).body().Body.Privileges)
			if err != nil {
				return nil, err
			}
			person, err := s.Accounts.WriteAdministrator(ctx, endpoint.Principal(ctx), place, (*in).adminID(), privileges)
			if err != nil {
				return nil, err
			}
			return s.person(ctx, person)
		}).NeedsFresh(endpoint.FreshSession).
		Using(requires(scope), grant.On(grant.Core, grant.Get, grant.Query, grant.Put), grant.On(grant.Audit, grant.Put))
}

// deleteAdministrator removes a person's privileges at a scope and below it.
func deleteAdministrator[In personInput](s Services) endpoint.Endpoint {
	scope, path := (*new(In)).at()
	return endpoint.Delete("administrators.delete_"+scope, path+"/admins/{admin_id}",
		"Remove an administrator; the account stays",
		func(ctx context.Context, in *In) (*endpoint.Empty, error) {
			place, err := (*in).place(ctx, s)
			if err != nil {
				return nil, err
			}
			return &endpoint.Empty{}, s.Accounts.RemoveAdministrator(ctx, endpoint.Principal(ctx), place,
				(*in).adminID())
		}).
		NeedsFresh(endpoint.FreshSession).
		Using(stillOne(scope), seesTree(scope), grant.On(grant.Core, grant.Get, grant.Put, grant.Delete),
			grant.On(grant.Audit, grant.Put))
}

// deleteSessions ends all sessions and API tokens of a person whose privileges are all at a scope and
// below it.
func deleteSessions[In personInput](s Services) endpoint.Endpoint {
	scope, path := (*new(In)).at()
	return endpoint.Delete("administrators.delete_sessions_"+scope, path+"/admins/{admin_id}/sessions",
		"End all sessions and API tokens of an administrator who has no role elsewhere",
		func(ctx context.Context, in *In) (*endpoint.Empty, error) {
			place, err := (*in).place(ctx, s)
			if err != nil {
				return nil, err
			}
			return &endpoint.Empty{}, s.Accounts.EndAccess(ctx, endpoint.Principal(ctx), place, (*in).adminID())
		}).Using(seesTree(scope), grant.On(grant.Core, grant.Get, grant.Put), grant.On(grant.Audit, grant.Put))
}

// privilegesOf converts the privileges of a request at a place. At an MSP, they may be for its labels, each
// of which becomes a privilege, and for its organizations.
func privilegesOf(place identity.Place, given []RoleAssignment) ([]identity.Privilege, error) {
	privileges := make([]identity.Privilege, 0, len(given))
	for _, p := range given {
		privilege := identity.Privilege{
			Scope: place.Scope, Role: identity.Role(p.Role), MSPID: place.MSPID, OrgID: place.OrgID, Views: p.views(),
			GivenBy: identity.Grantee(p.GivenBy),
		}
		atMSP := place.Scope == identity.MSPScope && (p.MSPID == "" || p.MSPID == place.MSPID)
		switch {
		case p.SiteID != "" || len(p.SiteGroupIDs) > 0:
			return nil, fault.InField("body.privileges", "cannot be for sites yet: leave out site_id and sitegroup_ids")
		case atMSP && p.Scope == string(identity.LabelScope):
			labels, err := p.labels()
			if err != nil {
				return nil, err
			}
			for _, id := range labels {
				privilege.Scope, privilege.LabelID = identity.LabelScope, id
				privileges = append(privileges, privilege)
			}
			continue
		case atMSP && p.Scope == string(identity.OrgScope) && p.OrgID != "":
			privilege.Scope, privilege.OrgID = identity.OrgScope, p.OrgID
		case p.Scope != "" && p.Scope != string(place.Scope) || p.MSPID != "" && p.MSPID != place.MSPID ||
			p.OrgID != "" && p.OrgID != place.OrgID:
			return nil, fault.InField("body.privileges", "must be for the scope of the path")
		}
		privileges = append(privileges, privilege)
	}
	return privileges, nil
}

// labels returns the labels of scope orggroup.
func (r RoleAssignment) labels() ([]string, error) {
	labels := slices.Clone(r.OrgGroupIDs)
	if r.OrgGroupID != "" && !slices.Contains(labels, r.OrgGroupID) {
		labels = append(labels, r.OrgGroupID)
	}
	if len(labels) == 0 || len(labels) > identity.MaxGiven {
		return nil, fault.InField("body.privileges", "must have 1 to %d labels in orggroup_ids at scope orggroup",
			identity.MaxGiven)
	}
	return labels, nil
}

// offerOf returns what an invitation to a place offers: the role there with its views, "" for none, and
// the privileges below.
func offerOf(place identity.Place, given []RoleAssignment) (
	role identity.Role, views string, below []identity.Privilege, err error,
) {
	privileges, err := privilegesOf(place, given)
	if err != nil {
		return "", "", nil, err
	}
	for _, p := range privileges {
		switch {
		case p.Scope != place.Scope:
			below = append(below, p)
		case role != "":
			return "", "", nil, fault.InField("body.privileges", "must have one privilege at the scope of the path")
		default:
			role, views = p.Role, p.Views
		}
	}
	return role, views, below, nil
}

// views returns the views of a privilege, as they are kept: in order, separated by spaces.
func (r RoleAssignment) views() string {
	views := slices.Clone(r.Views)
	if r.View != "" && len(views) == 0 {
		views = []string{r.View}
	}
	slices.Sort(views)
	return strings.Join(slices.Compact(views), " ")
}

// seesTree is what is needed to find the organizations of an MSP that withhold their administrators.
func seesTree(scope string) grant.Grants {
	if scope != "msp" {
		return nil
	}
	return grant.On(grant.Core, grant.Query)
}

// requires is what is needed to ensure that the platform keeps an operator and an organization an own
// administrator, and that the consents of an organization are still those that were checked.
func requires(scope string) grant.Grants {
	if scope == "msp" {
		return grant.On(grant.Core, grant.Check, grant.Delete)
	}
	return stillOne(scope)
}

// stillOne is the grant to require that the principal still is an administrator, which only operators and
// those of organizations have to be.
func stillOne(scope string) grant.Grants {
	if scope == "msp" {
		return nil
	}
	return grant.On(grant.Core, grant.Check)
}
