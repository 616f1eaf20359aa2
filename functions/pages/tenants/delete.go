package tenants

import (
	"github.com/a-h/templ"

	"github.com/tenantry/tenantry/functions/pages/kit"
	"github.com/tenantry/tenantry/functions/pages/scope"
	"github.com/tenantry/tenantry/shared/fault"
	"github.com/tenantry/tenantry/shared/identity"
	"github.com/tenantry/tenantry/shared/tenant"
	"github.com/tenantry/tenantry/shared/tenant/life"
)

// deletion is the form that deletes an organization or an MSP.
type deletion struct {
	title string
	// effects say what happens then.
	effects []string
	// path is the target of the form, and cancel where it leads otherwise.
	path, cancel string
	// confirm is what must be typed, and hint what it is.
	confirm, hint string
	typed         string
	// blockers are what is in the way, in sentences, and orgs the list of the organizations of an MSP.
	blockers []string
	orgs     string
}

// deleteForm asks for the name of an organization that is to be deleted, and says what is in the way.
func (p Pages) deleteForm(v *kit.Visit) error {
	shown, _, err := p.deletionOf(v)
	if err != nil {
		return err
	}
	return v.Show(deletePage(v.Frame(shown.title), shown))
}

func (p Pages) deletionOf(v *kit.Visit) (deletion, tenant.Org, error) {
	org, err := p.Tenants.Org(v.Context(), *v.By, v.Path("org_id"), identity.SeeOrg)
	if err != nil {
		return deletion{}, tenant.Org{}, err
	}
	if err := life.MayEnd(*v.By, org); err != nil {
		return deletion{}, tenant.Org{}, err
	}
	blockers, err := p.Life.Blockers(v.Context(), []tenant.Org{org})
	if err != nil {
		return deletion{}, tenant.Org{}, err
	}
	v.At(org.Place())
	path := kit.PlacePath(org.Place())
	v.Trail(kit.Link{Label: v.T("Settings"), Path: path + "/settings"})
	shown := deletion{
		title: v.T("Delete %s", org.Name), path: path + "/delete", cancel: path + "/settings", confirm: org.Name,
		hint: v.T("Type the name of the organization: %s", org.Name),
		effects: []string{
			v.T("Its people cannot see the organization any more. Its cases stand still and are in no list. " +
				"Mail to it is kept out."),
			v.T("It can be restored for 30 days, with everything as it was. After that it goes for good."),
		},
	}
	for _, blocker := range blockers[0] {
		shown.blockers = append(shown.blockers, blocker.Message)
	}
	return shown, org, nil
}

// deleteOrg deletes an organization whose name was typed.
func (p Pages) deleteOrg(v *kit.Visit) error {
	shown, org, err := p.deletionOf(v)
	if err != nil {
		return err
	}
	if err = shown.confirmed(v); err == nil {
		_, err = p.Life.Delete(v.Context(), *v.By, org.ID)
	}
	if err != nil {
		return notDeleted(v, err, shown)
	}
	v.Done(v.T("%s was deleted. It can be restored for 30 days.", org.Name))
	if org.MSPID == "" {
		return v.GoTo("/orgs")
	}
	return v.GoTo("/msps/" + org.MSPID + "/orgs")
}

// confirmed takes what was typed from the form, and refuses it if it is not what must be typed.
func (d *deletion) confirmed(v *kit.Visit) error {
	if d.typed = v.Line("confirm"); d.typed != d.confirm {
		return fault.InField("confirm", "must be %s", d.confirm)
	}
	return nil
}

func notDeleted(v *kit.Visit, err error, shown deletion) error {
	refusal := kit.Refusal{Title: shown.title, Heading: v.T("Nothing was deleted")}
	return v.Again(err, refusal, func(f *kit.Frame) templ.Component { return deletePage(f, shown) })
}

// bin is a page of deleted organizations.
type bin struct {
	path  string
	orgs  []tenant.Org
	pager kit.Pager
	// msps has the names of the MSPs at the platform; nil at an MSP.
	msps map[string]string
	// mayRestore is set if the reader may restore them.
	mayRestore bool
}

// bin lists the deleted organizations of an MSP, or of the installation.
func (p Pages) bin(v *kit.Visit) error {
	place, err := scope.Find(v, p.Tenants)
	if err != nil {
		return err
	}
	paging := v.Paging()
	page, err := p.Tenants.Bin(v.Context(), *v.By, place.MSPID, pageSize, paging.After())
	if err != nil {
		return err
	}
	shown := bin{
		path: kit.PlacePath(place) + "/orgs/deleted", orgs: page.Orgs, pager: v.Pager(paging, page.Next),
		mayRestore: v.May(identity.RunPlatform, identity.ThePlatform()) || v.May(identity.ChangeMSP, place),
	}
	list := kit.Link{Label: v.T("Direct customers"), Path: "/orgs"}
	if place.Scope == identity.MSPScope {
		list = kit.Link{Label: v.T("Organizations of %s", place.Name), Path: kit.PlacePath(place) + "/orgs"}
	} else {
		ids := make([]string, len(page.Orgs))
		for i, org := range page.Orgs {
			ids[i] = org.MSPID
		}
		if shown.msps, err = p.Tenants.Names(v.Context(), ids, nil); err != nil {
			return err
		}
	}
	v.Trail(list)
	return v.Show(binPage(v.Frame(v.T("Deleted organizations")), shown))
}

// restore brings an organization back from the bin.
func (p Pages) restore(v *kit.Visit) error {
	restored, err := p.Life.Restore(v.Context(), *v.By, v.Path("org_id"))
	if err != nil {
		return err
	}
	v.Done(v.T("%s was restored.", restored.Name))
	return v.GoTo(kit.PlacePath(restored.Place()))
}
