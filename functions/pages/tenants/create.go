package tenants

import (
	"strings"

	"github.com/a-h/templ"

	"github.com/tenantry/tenantry/functions/pages/kit"
	"github.com/tenantry/tenantry/functions/pages/scope"
	"github.com/tenantry/tenantry/shared/fault"
	"github.com/tenantry/tenantry/shared/identity"
	"github.com/tenantry/tenantry/shared/tenant"
	"github.com/tenantry/tenantry/shared/tenant/directory"
)

// newTenant is the form of a new MSP or organization.
type newTenant struct {
	name, path, cancel, hint, button string
	// forMSP is set for an MSP, which has a tier and may have somebody to invite.
	forMSP                     bool
	tier                       string
	email, firstName, lastName string
	// labels are those that an organization of an MSP can have, chosen those that it gets.
	labels []kit.Option
	chosen map[string]bool
	// template is the ID of the organization that it is like; "" for none. search is what templates are
	// looked for by, found are the first of them, and more is set if there are others.
	template, templateName, search string
	found                          []kit.Option
	more                           bool
}

// maxTemplates is how many organizations are offered as templates at once.
const maxTemplates = 20

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
		hint: v.T("Its customers and their mails show this name."), forMSP: true, tier: string(tenant.BaseTier),
	}
}

// newMSP creates an MSP.
func (p Pages) newMSP(v *kit.Visit) error {
	if err := scope.Platform(v); err != nil {
		return err
	}
	form := p.mspForm(v)
	form.name, form.tier = v.Line("name"), v.Line("tier")
	form.email, form.firstName, form.lastName = v.Line("email"), v.Line("first_name"), v.Line("last_name")
	request := tenant.MSPChange{Name: &form.name, Tier: new(tenant.Tier(form.tier))}
	if form.email+form.firstName+form.lastName != "" {
		request.Admin = &identity.NewInvite{Email: form.email, FirstName: form.firstName, LastName: form.lastName}
	}
	created, err := p.Tenants.NewMSP(v.Context(), *v.By, request)
	if err != nil {
		refusal := kit.Refusal{Title: form.button, Heading: v.T("The MSP was not created")}
		return v.Again(err, refusal, func(f *kit.Frame) templ.Component { return newPage(f, form) })
	}
	path := kit.PlacePath(created.Place())
	if request.Admin != nil {
		v.Done(v.T("%[1]s was created, and %[2]s was invited.", created.Name, form.email))
		return v.GoTo(path)
	}
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
	labels, err := p.labelOptions(v.Context(), v, place.MSPID)
	return newTenant{
		path: list.Path + "/new", cancel: list.Path, button: v.T("Create an organization"),
		hint: v.T("The customer's name, as its people know it."), labels: labels,
	}, err
}

// like makes the form that of an organization like another one of the same MSP, or another direct
// customer's. It shows the labels of the template as chosen.
func (p Pages) like(v *kit.Visit, form *newTenant, template string) error {
	if template == "" {
		return nil
	}
	org, err := p.Tenants.Org(v.Context(), *v.By, template, identity.SeeOrg)
	if err != nil {
		return err
	}
	if org.MSPID != v.Path("msp_id") {
		return fault.Missing()
	}
	form.template, form.templateName, form.chosen = org.ID, org.Name, chosenSet(org.Labels)
	return nil
}

// findTemplates fills in the organizations whose names have what is looked for.
func (p Pages) findTemplates(v *kit.Visit, form *newTenant) error {
	form.search = strings.TrimSpace(v.Query("search"))
	if form.search == "" || form.template != "" {
		return nil
	}
	page, err := p.Directory.List(v.Context(), *v.By, directory.Scope{MSPID: v.Path("msp_id")},
		directory.Query{Name: form.search, Limit: maxTemplates})
	for _, org := range page.Orgs {
		form.found = append(form.found, kit.Option{Value: org.ID, Label: org.Name})
	}
	form.more = page.Next != ""
	return err
}

// newOrgForm asks for the name of a new organization.
func (p Pages) newOrgForm(v *kit.Visit) error {
	form, err := p.orgForm(v)
	if err != nil {
		return err
	}
	if err := p.like(v, &form, v.Query("template")); err != nil {
		return err
	}
	if err := p.findTemplates(v, &form); err != nil {
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
	if err := p.like(v, &form, v.Line("template")); err != nil {
		return err
	}
	labels := v.Several("labels")
	form.name, form.chosen = v.Line("name"), chosenSet(labels)
	request := tenant.OrgChange{Name: &form.name, Template: form.template}
	if len(labels) > 0 || len(form.labels) > 0 && form.template != "" { // none are ticked on purpose
		request.Labels = &labels
	}
	created, err := p.Tenants.NewOrg(v.Context(), *v.By, v.Path("msp_id"), request)
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
