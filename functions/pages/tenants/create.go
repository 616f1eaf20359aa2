package tenants

import (
	"github.com/a-h/templ"

	"github.com/tenantry/tenantry/functions/pages/kit"
	"github.com/tenantry/tenantry/functions/pages/scope"
	"github.com/tenantry/tenantry/shared/identity"
	"github.com/tenantry/tenantry/shared/tenant"
)

// newTenant is the form of a new MSP or organization.
type newTenant struct {
	name, path, cancel, hint, button string
}

// newMSPForm asks for the name of a new MSP.
func (p Pages) newMSPForm(v *kit.Visit) error {
	if err := scope.Platform(v); err != nil {
		return err
	}
	if err := v.By.Check(identity.RunPlatform, identity.ThePlatform()); err != nil {
		return err
	}
	form := p.mspForm(v)
	return v.Show(newPage(v.Frame(form.button), form))
}

func (p Pages) mspForm(v *kit.Visit) newTenant {
	v.At(identity.ThePlatform())
	v.Trail(kit.Link{Label: v.T("MSPs"), Path: "/msps"})
	return newTenant{
		path: "/msps/new", cancel: "/msps", button: v.T("Create an MSP"),
		hint: v.T("Its customers and their mails show this name."),
	}
}

// newMSP creates an MSP.
func (p Pages) newMSP(v *kit.Visit) error {
	if err := scope.Platform(v); err != nil {
		return err
	}
	form := p.mspForm(v)
	form.name = v.Line("name")
	created, err := p.Tenants.CreateMSP(v.Context(), *v.By, form.name)
	if err != nil {
		refusal := kit.Refusal{Title: form.button, Heading: v.T("The MSP was not created")}
		return v.Again(err, refusal, func(f *kit.Frame) templ.Component { return newPage(f, form) })
	}
	path := kit.PlacePath(created.Place())
	v.DoneAt(v.T("%s was created.", created.Name), v.T("Invite its first administrator"), inviteFirst(path))
	return v.GoTo(path)
}

// orgForm returns the form of a new organization: of the MSP of the path, or of a direct customer.
func (p Pages) orgForm(v *kit.Visit) (newTenant, error) {
	place, list := identity.ThePlatform(), kit.Link{Label: v.T("Direct customers"), Path: "/orgs"}
	if v.Path("msp_id") == "" {
		if err := scope.Platform(v); err != nil {
			return newTenant{}, err
		}
	} else {
		var err error
		if place, err = scope.Find(v, p.Tenants); err != nil {
			return newTenant{}, err
		}
		list = kit.Link{Label: v.T("Organizations of %s", place.Name), Path: kit.PlacePath(place) + "/orgs"}
	}
	if err := v.By.Check(identity.CreateOrg, place); err != nil {
		return newTenant{}, err
	}
	v.At(place)
	v.Trail(list)
	return newTenant{
		path: list.Path + "/new", cancel: list.Path, button: v.T("Create an organization"),
		hint: v.T("The customer's name, as its people know it."),
	}, nil
}

// newOrgForm asks for the name of a new organization.
func (p Pages) newOrgForm(v *kit.Visit) error {
	form, err := p.orgForm(v)
	if err != nil {
		return err
	}
	return v.Show(newPage(v.Frame(form.button), form))
}

// newOrg creates an organization.
func (p Pages) newOrg(v *kit.Visit) error {
	form, err := p.orgForm(v)
	if err != nil {
		return err
	}
	form.name = v.Line("name")
	created, err := p.Tenants.NewOrg(v.Context(), *v.By, v.Path("msp_id"), tenant.OrgChange{Name: &form.name})
	if err != nil {
		refusal := kit.Refusal{Title: form.button, Heading: v.T("The organization was not created")}
		return v.Again(err, refusal, func(f *kit.Frame) templ.Component { return newPage(f, form) })
	}
	path := kit.PlacePath(created.Place())
	v.DoneAt(v.T("%s was created.", created.Name), v.T("Invite its first administrator"), inviteFirst(path))
	return v.GoTo(path)
}

// inviteFirst returns the address of the form that invites the first administrator of a place.
func inviteFirst(path string) string { return path + "/invites/new?role=" + string(identity.Admin) }
