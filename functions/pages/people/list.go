package people

import (
	"slices"
	"strings"

	"github.com/tenantry/tenantry/functions/pages/kit"
	"github.com/tenantry/tenantry/functions/pages/scope"
	"github.com/tenantry/tenantry/shared/identity"
)

// pageSize is how many people a page of the list shows, unless the reader prefers another number.
const pageSize = 50

// row is a person or an invitation in the list.
type row struct {
	name, email, path string
	// roles are the person's roles in words; where an MSP's list has people of organizations, where they
	// are.
	roles []string
	// state is "" for a person who has come, and kind what it means.
	state, kind string
	// invite is the path of the invitation's forms; "" for a person.
	invite string
}

// listing is a page of the people of a place.
type listing struct {
	path         string
	rows         []row
	search, role string
	pager        kit.Pager
	total        int
	mayInvite    bool
	roles        []kit.Option
	address      func(map[string]string) string
}

// list shows the people of a place and the pending invitations.
func (p Pages) list(v *kit.Visit) error {
	place, err := scope.Find(v, p.Tenants)
	if err != nil {
		return err
	}
	people, invites, err := p.Accounts.Administrators(v.Context(), *v.By, place)
	if err != nil {
		return err
	}
	names, err := p.names(v, place, people, invites)
	if err != nil {
		return err
	}
	shown := listing{
		path: kit.PlacePath(place), search: strings.TrimSpace(v.Query("search")), role: v.Query("role"), address: v.With,
		mayInvite: v.May(identity.ChangeAdministrators, place), roles: roleOptions(v, place.Scope),
	}
	var all []row
	for _, person := range people {
		if !matches(shown, person.Name(), person.Email, rolesOf(person.Privileges)) {
			continue
		}
		one := row{name: person.Name(), email: person.Email, path: shown.path + "/admins/" + person.ID}
		for _, held := range person.Privileges {
			one.roles = append(one.roles, inWords(v, held, place, names))
		}
		if person.MailFailed != 0 {
			one.state, one.kind = v.T("Mail does not arrive"), kit.Bad
		}
		all = append(all, one)
	}
	for _, invite := range invites {
		name := strings.TrimSpace(invite.FirstName + " " + invite.LastName)
		offered := invite.Offered(place)
		if !matches(shown, name, invite.Email, rolesOf(offered)) {
			continue
		}
		all = append(all, row{
			name: name, email: invite.Email, roles: []string{allInWords(v, offered, place, names)},
			state: v.T("Invited"), kind: kit.Wait, invite: shown.path + "/invites/" + invite.ID,
		})
	}
	shown.total = len(all)
	shown.rows, shown.pager = kit.Cut(v, all, pageSize)
	return v.Show(listPage(v.Frame(v.T("People of %s", place.Name)), shown))
}

// names returns the names of the labels and organizations in which people and invitations of an MSP's list
// have roles.
func (p Pages) names(
	v *kit.Visit, place identity.Place, people []identity.Administrator, invites []identity.Invite,
) (map[string]string, error) {
	if place.Scope != identity.MSPScope {
		return nil, nil
	}
	var held []identity.Privilege
	for _, person := range people {
		held = append(held, person.Privileges...)
	}
	for _, invite := range invites {
		held = append(held, invite.Below...)
	}
	held = slices.DeleteFunc(held, func(p identity.Privilege) bool { return p.Scope == identity.MSPScope })
	return p.Tenants.ScopeNames(v.Context(), held)
}

func rolesOf(privileges []identity.Privilege) []identity.Role {
	roles := make([]identity.Role, len(privileges))
	for i, held := range privileges {
		roles[i] = held.Role
	}
	return roles
}

func matches(l listing, name, email string, roles []identity.Role) bool {
	phrase := strings.ToLower(l.search)
	return (strings.Contains(strings.ToLower(name), phrase) || strings.Contains(strings.ToLower(email), phrase)) &&
		(l.role == "" || slices.Contains(roles, identity.Role(l.role)))
}

func roleOptions(t kit.Teller, at identity.ScopeKind) []kit.Option {
	var options []kit.Option
	for _, role := range identity.RolesAt(at) {
		options = append(options, kit.Option{Value: string(role), Label: kit.Role(t, role, at)})
	}
	return options
}
