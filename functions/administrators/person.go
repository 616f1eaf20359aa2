package administrators

import (
	"context"

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
			MailFailed:  person.MailFailed,
			MailFailure: person.MailFailure,
		},
	}
	err := s.fill(ctx, page, map[string]identity.Administrator{person.ID: person})
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
			role, err := roleOf(place, (*in).body().Body.Privileges)
			if err != nil {
				return nil, err
			}
			person, err := s.Accounts.ChangeAdministrator(ctx, endpoint.Principal(ctx), place, (*in).adminID(), role)
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
		Using(keepsOne(scope), seesTree(scope), grant.On(grant.Core, grant.Get, grant.Put, grant.Delete),
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

// roleOf returns the role in a list of one privilege. Its scope must be that of the path: a client
// that means another scope must not be served at this one.
func roleOf(place identity.Place, privileges []RoleAssignment) (identity.Role, error) {
	if len(privileges) == 0 {
		return "", nil
	}
	p := privileges[0]
	if p.Scope != "" && p.Scope != string(place.Scope) || p.MSPID != "" && p.MSPID != place.MSPID ||
		p.OrgID != "" && p.OrgID != place.OrgID {
		return "", fault.InField("body.privileges", "must be for the scope of the path")
	}
	return identity.Role(p.Role), nil
}

// seesTree is what is needed to find the organizations of an MSP that withhold their administrators.
func seesTree(scope string) grant.Grants {
	if scope != "msp" {
		return nil
	}
	return grant.On(grant.Core, grant.Query)
}

// requires is what is needed to ensure that the platform keeps an operator, or that the consents of
// an organization are still those that were checked.
func requires(scope string) grant.Grants {
	if scope == "msp" {
		return nil
	}
	return grant.On(grant.Core, grant.Check)
}

// keepsOne is what is needed to ensure that the platform keeps an operator.
func keepsOne(scope string) grant.Grants {
	if scope != "platform" {
		return nil
	}
	return grant.On(grant.Core, grant.Check)
}
