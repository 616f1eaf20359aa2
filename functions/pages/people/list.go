package people

import (
	"cmp"
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
	// lastLogin is the day of the last log-in, in epoch seconds; 0 for none.
	lastLogin int64
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
	path      string
	rows      []row
	filter    identity.AdministratorFilter
	orgs      []kit.Option // to filter by, in the list of an MSP
	pager     kit.Pager
	total     int
	mayInvite bool
	roles     []kit.Option
	address   func(map[string]string) string
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
		path: kit.PlacePath(place), address: v.With, filter: identity.AdministratorFilter{
			Search: strings.TrimSpace(v.Query("search")), Role: identity.Role(v.Query("role")), OrgID: v.Query("org"),
		},
		mayInvite: v.May(identity.ChangeAdministrators, place), roles: roleOptions(v, place.Scope),
	}
	shown.orgs = orgOptions(people, names)
	var all []row
	people, invites = shown.filter.Apply(place, people, invites)
	for _, person := range people {
		one := row{
			name: person.Name(), email: person.Email, path: shown.path + "/admins/" + person.ID, lastLogin: person.LastLogin,
		}
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
		all = append(all, row{
			name: name, email: invite.Email, roles: []string{allInWords(v, invite.Offered(place), place, names)},
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

// mostOrgOptions is how many organizations the list is filtered by at most.
const mostOrgOptions = 100

// orgOptions are the organizations in which people of an MSP's list have roles; none if they are too many
// to choose from.
func orgOptions(people []identity.Administrator, names map[string]string) []kit.Option {
	labels := map[string]string{}
	for _, person := range people {
		for _, held := range person.Privileges {
			if name := names[held.OrgID]; name != "" {
				labels[held.OrgID] = name
			}
		}
	}
	if len(labels) > mostOrgOptions {
		return nil
	}
	options := make([]kit.Option, 0, len(labels))
	for id, name := range labels {
		options = append(options, kit.Option{Value: id, Label: name})
	}
	slices.SortFunc(options, func(x, y kit.Option) int {
		return cmp.Or(strings.Compare(x.Label, y.Label), strings.Compare(x.Value, y.Value))
	})
	return options
}

func roleOptions(t kit.Teller, at identity.ScopeKind) []kit.Option {
	var options []kit.Option
	for _, role := range identity.RolesAt(at) {
		options = append(options, kit.Option{Value: string(role), Label: kit.Role(t, role, at)})
	}
	return options
}
