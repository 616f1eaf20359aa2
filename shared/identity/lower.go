package identity

import (
	"context"
	"slices"

	"github.com/tenantry/tenantry/shared/fault"
)

// lowers reports whether a person with the role old loses a permission at a scope if the role is
// replaced.
func lowers(scope ScopeKind, old, given Role) bool {
	return permissions(scope, old)&^permissions(scope, given) != 0
}

// roleAt returns the role of a person at exactly this place; "" for none.
func (p Person) roleAt(place Place) Role {
	at := slices.IndexFunc(p.Privileges, func(privilege Privilege) bool { return privilege.at(place) })
	if at < 0 {
		return ""
	}
	return p.Privileges[at].Role
}

// checkNotLower refuses to invite an administrator of a place to a role there that would take a
// permission away: invitations only add permissions; ChangeAdministrator changes roles.
func (a *Accounts) checkNotLower(ctx context.Context, place Place, email string, role Role) error {
	if role == "" {
		return nil
	}
	stored, err := a.profileByEmail(ctx, email)
	if fault.Is(err, fault.NotFound) {
		return nil
	}
	if err != nil {
		return err
	}
	has := stored.roleAt(place)
	if has == "" || !lowers(place.Scope, has, role) {
		return nil
	}
	return fault.New(
		fault.Conflict,
		"%s already is %s here, and would lose permissions as %s. Change the person's role instead of inviting them.",
		email, has.NameAt(place.Scope), role.NameAt(place.Scope),
	).Calling("Use PUT %s/admins/%s.", place.path(), stored.ID)
}

// path returns the path of the place in the API.
func (p Place) path() string {
	switch p.Scope {
	case MSPScope:
		return "/msps/" + p.MSPID
	case OrgScope:
		return "/orgs/" + p.OrgID
	default:
		return "/platform"
	}
}
