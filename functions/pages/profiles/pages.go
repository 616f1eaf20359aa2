// Package profiles contains the pages of operator profiles. The rules are in shared/tenant/profile.
package profiles

import (
	"strconv"
	"strings"

	"github.com/a-h/templ"

	"github.com/tenantry/tenantry/functions/pages/kit"
	"github.com/tenantry/tenantry/functions/pages/scope"
	"github.com/tenantry/tenantry/shared/fault"
	"github.com/tenantry/tenantry/shared/tenant"
	"github.com/tenantry/tenantry/shared/tenant/bulk"
	"github.com/tenantry/tenantry/shared/tenant/profile"
)

// Pages are the dependencies of the pages.
type Pages struct {
	Tenants  *tenant.Tenants
	Profiles *profile.Service
	OrgJobs  *bulk.Service
}

const (
	listPath = "/platform/profiles"
	onePath  = listPath + "/{profile_id}"
)

// Routes returns the pages and the targets of their forms.
func (p Pages) Routes() []kit.Route {
	also := []string{"profiles.get", "profiles.list_orgs", "orgs.list"}
	routes := []kit.Route{
		{Pattern: "GET " + listPath, Like: "profiles.list", Handle: p.list},
		{Pattern: "GET /platform/profiles.csv", Like: "profiles.list", Handle: p.csv},
		{Pattern: "GET " + listPath + "/new", Like: "profiles.list", Handle: p.form},
		{Pattern: "POST " + listPath + "/new", Like: "profiles.create", Handle: p.create},
		{Pattern: "GET " + onePath, Like: "profiles.get", Also: also, Handle: p.one},
		{Pattern: "POST " + onePath, Like: "profiles.change", Also: also, Handle: p.change},
		{Pattern: "POST " + onePath + "/duplicate", Like: "profiles.clone", Also: also, Handle: p.duplicate},
		{Pattern: "POST " + onePath + "/remove", Like: "profiles.remove", Also: also, Handle: p.remove},
		{Pattern: "POST " + onePath + "/delete", Like: "profiles.delete", Also: also, Handle: p.delete},
	}
	for i := range routes {
		routes[i].Area = "tenants"
	}
	return routes
}

// list lists the profiles.
func (p Pages) list(v *kit.Visit) error {
	if err := scope.Platform(v); err != nil {
		return err
	}
	all, err := p.Profiles.List(v.Context(), *v.By)
	if err != nil {
		return err
	}
	return v.Show(listPage(v.Frame(v.T("Operator profiles")), all))
}

// usersShown is how many of the organizations with a profile its page names.
const usersShown = 50

// shown is the page of a profile; its ID is empty for a new one.
type shown struct {
	profile profile.Profile
	// fields are what was typed.
	fields profile.Fields
	// orgs are the names of organizations that have it, by ID, in the order of the IDs in ids.
	ids  []string
	orgs map[string]string
}

func (s shown) path() string {
	if s.profile.ID == "" {
		return listPath + "/new"
	}
	return listPath + "/" + s.profile.ID
}

// form asks for a new profile.
func (p Pages) form(v *kit.Visit) error {
	if err := scope.Platform(v); err != nil {
		return err
	}
	v.Trail(kit.Link{Label: v.T("Operator profiles"), Path: listPath})
	return v.Show(formPage(v.Frame(v.T("Create a profile")), shown{fields: profile.Defaults()}))
}

// create creates a profile.
func (p Pages) create(v *kit.Visit) error {
	fields := typed(v)
	created, err := p.Profiles.Create(v.Context(), *v.By, fields)
	if err != nil {
		if err := scope.Platform(v); err != nil {
			return err
		}
		refusal := kit.Refusal{Title: v.T("Create a profile"), Heading: v.T("The profile was not created")}
		return v.Again(err, refusal, func(f *kit.Frame) templ.Component { return formPage(f, shown{fields: fields}) })
	}
	v.Done(v.T("The profile %s was created.", created.Name))
	return v.GoTo(listPath + "/" + created.ID)
}

// typed reads the fields of the form.
func typed(v *kit.Visit) profile.Fields {
	fields := profile.Fields{
		Name: v.Line("name"), Description: v.Text("description"), Image: v.Line("image"),
		ApplicationMap: v.Line("application_map"), Selection: profile.Selection(v.Line("gateway_selection")),
		Address: v.Line("address"), Heartbeat: seconds(v.Line("heartbeat")), TimeSlice: seconds(v.Line("time_slice")),
		Interval: seconds(v.Line("stats_interval")),
	}
	for name := range strings.SplitSeq(v.Text("gateways"), "\n") {
		if name = strings.TrimSpace(name); name != "" {
			fields.Gateways = append(fields.Gateways, name)
		}
	}
	return fields
}

// seconds reads a number of seconds; -1, which is refused, if it is none.
func seconds(text string) int {
	number, err := strconv.Atoi(text)
	if err != nil || number == 0 {
		return -1
	}
	return number
}

// read reads a profile with some of the organizations that have it.
func (p Pages) read(v *kit.Visit) (shown, error) {
	if err := scope.Platform(v); err != nil {
		return shown{}, err
	}
	v.Trail(kit.Link{Label: v.T("Operator profiles"), Path: listPath})
	one, err := p.Profiles.Get(v.Context(), *v.By, v.Path("profile_id"))
	if err != nil {
		return shown{}, err
	}
	page := shown{profile: one, fields: one.Fields}
	users, err := p.Profiles.Users(v.Context(), *v.By, one.ID, "", usersShown)
	if err != nil {
		return shown{}, err
	}
	page.ids = users.OrgIDs
	page.orgs, err = p.Tenants.LiveNames(v.Context(), nil, users.OrgIDs)
	return page, err
}

// one shows a profile.
func (p Pages) one(v *kit.Visit) error {
	page, err := p.read(v)
	if err != nil {
		return err
	}
	return v.Show(formPage(v.Frame(page.profile.Name), page))
}

// refused shows a profile again after something about it was refused.
func (p Pages) refused(v *kit.Visit, cause error, heading string, fields *profile.Fields) error {
	if fault.Is(cause, fault.NotFound) {
		return cause
	}
	page, err := p.read(v)
	if err != nil {
		return cause
	}
	if fields != nil {
		page.fields = *fields
	}
	refusal := kit.Refusal{Title: page.profile.Name, Heading: heading}
	return v.Again(cause, refusal, func(f *kit.Frame) templ.Component { return formPage(f, page) })
}

// change changes a profile.
func (p Pages) change(v *kit.Visit) error {
	fields := typed(v)
	if _, err := p.Profiles.Change(v.Context(), *v.By, v.Path("profile_id"), fields, v.Version()); err != nil {
		return p.refused(v, err, v.T("The profile was not changed"), &fields)
	}
	v.Done(v.T("The profile was saved."))
	return v.GoTo(listPath)
}

// duplicate creates a profile like this one.
func (p Pages) duplicate(v *kit.Visit) error {
	created, err := p.Profiles.Duplicate(v.Context(), *v.By, v.Path("profile_id"), v.Line("duplicate_name"))
	if err != nil {
		return p.refused(v, err, v.T("The profile was not created"), nil)
	}
	v.Done(v.T("The profile %s was created.", created.Name))
	return v.GoTo(listPath + "/" + created.ID)
}

// remove takes the profile from all organizations, if the reader types how many have it.
func (p Pages) remove(v *kit.Visit) error {
	id := v.Path("profile_id")
	number, err := strconv.ParseInt(v.Line("num_orgs"), 10, 64)
	if err != nil {
		number = -1
	}
	ids, err := p.Profiles.Confirmed(v.Context(), *v.By, id, number)
	if err != nil {
		return p.refused(v, err, v.T("Nothing was changed"), nil)
	}
	created, err := p.OrgJobs.Create(v.Context(), *v.By, "",
		bulk.Request{Action: profile.RemoveAction, OrgIDs: ids, ProfileID: id})
	if err != nil {
		return p.refused(v, err, v.T("Nothing was changed"), nil)
	}
	return v.GoTo("/platform/jobs/" + created.ID)
}

// delete deletes the profile.
func (p Pages) delete(v *kit.Visit) error {
	if err := p.Profiles.Delete(v.Context(), *v.By, v.Path("profile_id")); err != nil {
		return p.refused(v, err, v.T("The profile was not deleted"), nil)
	}
	v.Done(v.T("The profile was deleted."))
	return v.GoTo(listPath)
}
