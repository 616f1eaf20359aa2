package people

import (
	"github.com/a-h/templ"

	"github.com/tenantry/tenantry/functions/pages/kit"
	"github.com/tenantry/tenantry/functions/pages/scope"
	"github.com/tenantry/tenantry/shared/identity"
)

// detail is a person as the page shows one.
type detail struct {
	identity.Administrator
	place identity.Place
	path  string
	role  identity.Role
	roles []string
	// reach is what the role reaches at an MSP that has labels.
	reach *reach
	// mayChange is set if the reader may change the people of the place.
	mayChange bool
}

// lastLogin returns the day of the last log-in; "" for none.
func (d detail) lastLogin(f *kit.Frame) string {
	if d.LastLogin == 0 {
		return ""
	}
	return f.Day(d.LastLogin * 1e6)
}

// at returns the place of the page and the person of its path.
func (p Pages) at(v *kit.Visit) (detail, error) {
	place, err := scope.Find(v, p.Tenants)
	if err != nil {
		return detail{}, err
	}
	person, err := p.Accounts.Administrator(v.Context(), *v.By, place, v.Path("admin_id"))
	if err != nil {
		return detail{}, err
	}
	names, err := p.names(v, place, []identity.Administrator{person}, nil)
	if err != nil {
		return detail{}, err
	}
	list := kit.PlacePath(place) + "/admins"
	shown := detail{
		Administrator: person, place: place, path: list + "/" + person.ID,
		mayChange: v.May(identity.ChangeAdministrators, place),
	}
	for _, held := range person.Privileges {
		shown.roles = append(shown.roles, inWords(v, held, place, names))
	}
	shown.role = roleOf(person.Privileges, place)
	if shown.role != "" && shown.mayChange {
		if shown.reach, err = p.reachOf(v, place, false); err != nil {
			return detail{}, err
		}
		shown.reach.have(person.Privileges)
	}
	v.Trail(kit.Link{Label: v.T("People of %s", place.Name), Path: list})
	return shown, nil
}

// person shows a person of a place.
func (p Pages) person(v *kit.Visit) error {
	shown, err := p.at(v)
	if err != nil {
		return err
	}
	return v.Show(personPage(v.Frame(shown.Name()), shown))
}

// again shows the person again after a form was refused.
func (p Pages) again(v *kit.Visit, cause error) error {
	shown, err := p.at(v)
	if err != nil {
		return cause
	}
	return v.Again(cause, kit.Refusal{Title: shown.Name(), Heading: v.T("Nothing was changed")},
		func(f *kit.Frame) templ.Component { return personPage(f, shown) })
}

// changeRole changes a person's role at the place.
func (p Pages) changeRole(v *kit.Visit) error {
	place, err := scope.Find(v, p.Tenants)
	if err != nil {
		return err
	}
	role := identity.Role(v.Line("role"))
	person, err := p.setRole(v, place, role)
	if err != nil {
		return p.again(v, err)
	}
	v.Done(v.T("%[1]s is %[2]s now.", person.Name(), kit.Role(v, role, place.Scope)))
	return v.GoTo(kit.PlacePath(place) + "/admins/" + person.ID)
}

// roleOf returns the one role that the form of a place changes; "" for none, and for several at an MSP and
// its labels, which one form cannot show.
func roleOf(privileges []identity.Privilege, place identity.Place) identity.Role {
	var role identity.Role
	scopes := map[identity.ScopeKind]bool{}
	for _, held := range privileges {
		ofMSP := place.Scope == identity.MSPScope && held.Scope == identity.LabelScope
		if held.Scope != place.Scope && !ofMSP {
			continue
		}
		if role != "" && role != held.Role {
			return ""
		}
		role, scopes[held.Scope] = held.Role, true
	}
	if len(scopes) > 1 {
		return ""
	}
	return role
}

// setRole gives the person of the page another role at the place or, at an MSP, at labels of it.
func (p Pages) setRole(v *kit.Visit, place identity.Place, role identity.Role) (identity.Administrator, error) {
	if place.Scope != identity.MSPScope {
		return p.Accounts.ChangeAdministrator(v.Context(), *v.By, place, v.Path("admin_id"), role)
	}
	var choice reach
	atMSP, below := choice.submitted(v, role)
	if err := choice.check(atMSP, below); err != nil {
		return identity.Administrator{}, err
	}
	if atMSP != "" || len(below) == 0 {
		below = append(below, identity.Privilege{Scope: place.Scope, MSPID: place.MSPID, Role: atMSP})
	}
	present, err := p.Accounts.Administrator(v.Context(), *v.By, place, v.Path("admin_id"))
	if err != nil {
		return identity.Administrator{}, err
	}
	for i, given := range below { // other programs' views stay
		for _, held := range present.Privileges {
			if held.Scope == given.Scope && held.LabelID == given.LabelID {
				below[i].Views = held.Views
			}
		}
	}
	return p.Accounts.WriteAdministrator(v.Context(), *v.By, place, v.Path("admin_id"), below)
}

// endAccess ends all sessions and API tokens of a person.
func (p Pages) endAccess(v *kit.Visit) error {
	place, err := scope.Find(v, p.Tenants)
	if err != nil {
		return err
	}
	if err := p.Accounts.EndAccess(v.Context(), *v.By, place, v.Path("admin_id")); err != nil {
		return p.again(v, err)
	}
	v.Done(v.T("All sessions and API tokens of the person have ended."))
	return v.GoTo(kit.PlacePath(place) + "/admins/" + v.Path("admin_id"))
}

// remove takes a person's roles at the place away. It asks first.
func (p Pages) remove(v *kit.Visit) error {
	shown, err := p.at(v)
	if err != nil {
		return err
	}
	if v.Line("confirmed") == "" {
		v.Trail(kit.Link{Label: shown.Name(), Path: shown.path})
		return v.Show(removePage(v.Frame(v.T("Remove %[1]s from %[2]s?", shown.Name(), shown.place.Name)), shown))
	}
	if err := p.Accounts.RemoveAdministrator(v.Context(), *v.By, shown.place, shown.ID); err != nil {
		return p.again(v, err)
	}
	v.Done(v.T("%[1]s has no role in %[2]s any more.", shown.Name(), shown.place.Name))
	return v.GoTo(kit.PlacePath(shown.place) + "/admins")
}
