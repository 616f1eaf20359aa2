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
	names, err := p.orgNames(v, people)
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
			one.roles = append(one.roles, roleAt(v, held, place, names))
		}
		if person.MailFailed != 0 {
			one.state, one.kind = v.T("Mail does not arrive"), kit.Bad
		}
		all = append(all, one)
	}
	for _, invite := range invites {
		name := strings.TrimSpace(invite.FirstName + " " + invite.LastName)
		if !matches(shown, name, invite.Email, []identity.Role{invite.Role}) {
			continue
		}
		all = append(all, row{
			name: name, email: invite.Email, roles: []string{kit.Role(v, invite.Role, place.Scope)},
			state: v.T("Invited"), kind: kit.Wait, invite: shown.path + "/invites/" + invite.ID,
		})
	}
	shown.total = len(all)
	shown.rows, shown.pager = kit.Cut(v, all, pageSize)
	return v.Show(listPage(v.Frame(v.T("People of %s", place.Name)), shown))
}

// orgNames returns the names of the organizations in which people of an MSP's list have roles.
func (p Pages) orgNames(v *kit.Visit, people []identity.Administrator) (map[string]string, error) {
	var ids []string
	for _, person := range people {
		for _, held := range person.Privileges {
			if held.Scope == identity.OrgScope && !slices.Contains(ids, held.OrgID) && v.Path("msp_id") != "" {
				ids = append(ids, held.OrgID)
			}
		}
	}
	return p.Tenants.Names(v.Context(), nil, ids)
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

// roleAt returns a role in words, with its organization where the list is of an MSP.
func roleAt(t kit.Teller, held identity.Privilege, place identity.Place, names map[string]string) string {
	role := kit.Role(t, held.Role, held.Scope)
	if held.Scope == identity.OrgScope && place.Scope == identity.MSPScope {
		return role + " · " + names[held.OrgID]
	}
	return role
}

func roleOptions(t kit.Teller, at identity.ScopeKind) []kit.Option {
	var options []kit.Option
	for _, role := range identity.RolesAt(at) {
		options = append(options, kit.Option{Value: string(role), Label: kit.Role(t, role, at)})
	}
	return options
}
