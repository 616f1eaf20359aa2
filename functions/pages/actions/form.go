package actions

import (
	"slices"
	"strconv"

	"github.com/a-h/templ"

	"github.com/tenantry/tenantry/functions/pages/kit"
	"github.com/tenantry/tenantry/functions/pages/scope"
	"github.com/tenantry/tenantry/shared/fault"
	"github.com/tenantry/tenantry/shared/identity"
	"github.com/tenantry/tenantry/shared/tenant"
	"github.com/tenantry/tenantry/shared/tenant/bulk"
	"github.com/tenantry/tenantry/shared/tenant/directory"
)

// form is what a person asks for: an action, the organizations, and what to do with them.
type form struct {
	action action
	// path is that of the place's organizations, below which the form is sent; list is the list that the
	// organizations were chosen from, and mspID its MSP, "" for direct customers.
	path, list, mspID string
	// at is the MSP for which the action is taken; "" at the platform.
	at string
	// ids are the ticked organizations; all is set if those that match the filter are meant instead.
	ids    []string
	all    bool
	filter tenant.OrgFilter
	total  int
	// labels are those of the MSP.
	labels []kit.Option
	// profiles are the operator profiles.
	profiles []kit.Option
	// values are the fields of the action.
	values map[string][]string
	// confirm is the word that was typed.
	confirm string
	// preview says what would be done; nil before it was asked for.
	preview *bulk.Preview
}

// value returns the only value of a field.
func (f form) value(name string) string {
	if values := f.values[name]; len(values) > 0 {
		return values[0]
	}
	return ""
}

// chosen reports which values of a field are chosen.
func (f form) chosen(name string) map[string]bool {
	chosen := map[string]bool{}
	for _, value := range f.values[name] {
		chosen[value] = true
	}
	return chosen
}

// request returns the action that the form asks for.
func (f form) request() bulk.Request {
	request := bulk.Request{Action: f.action.name, OrgIDs: f.ids}
	if f.all {
		request.OrgIDs, request.Filter = nil, &bulk.Filter{OrgFilter: f.filter, MSPID: f.mspID}
	}
	f.action.read(f, &request)
	return request
}

// names returns the names of labels.
func (f form) names(ids []string) []string {
	var names []string
	for _, label := range f.labels {
		if slices.Contains(ids, label.Value) {
			names = append(names, label.Label)
		}
	}
	return names
}

// read reads the form, for those whom the list offers the action.
func (p Pages) read(v *kit.Visit) (form, error) {
	place, err := scope.Find(v, p.Tenants)
	if err != nil {
		return form{}, err
	}
	read := form{
		mspID: place.MSPID, at: place.MSPID, list: "/orgs", ids: v.Several("id"), all: v.Ticked("all"),
		confirm: v.Line("confirm"),
		filter:  tenant.OrgFilter{LabelID: v.Line("label"), Name: v.Line("search")}, values: map[string][]string{},
	}
	if place.Scope == identity.PlatformScope {
		read.mspID = v.Line("msp_id")
	}
	if read.mspID != "" {
		read.list = "/msps/" + read.mspID + "/orgs"
	}
	known := false
	if read.action, known = find(v.Line("action")); !known {
		return form{}, fault.InField("action", "must be chosen from the list")
	}
	if read.action.platform {
		place, read.at = identity.ThePlatform(), ""
	}
	need := identity.RunPlatform
	if place.Scope == identity.MSPScope {
		need = identity.ChangeMSP
	}
	if err := v.By.Check(need, place); err != nil {
		return form{}, err
	}
	read.path = kit.PlacePath(place) + "/orgs"
	v.Trail(kit.Link{Label: v.T("Organizations"), Path: read.list})
	for _, name := range read.action.fields {
		read.values[name] = v.Several(name)
	}
	if read.action.msp {
		if read.labels, err = p.labels(v, read.mspID); err != nil {
			return form{}, err
		}
	}
	if read.action.profiles {
		all, err := p.Profiles.List(v.Context(), *v.By)
		if err != nil {
			return form{}, err
		}
		for _, one := range all {
			read.profiles = append(read.profiles, kit.Option{Value: one.ID, Label: one.Name})
		}
	}
	read.total = len(read.ids)
	if read.all {
		counted, err := p.Directory.Count(v.Context(), *v.By, directory.Scope{MSPID: read.mspID},
			directory.Query{Name: read.filter.Name, LabelID: read.filter.LabelID})
		if err != nil {
			return form{}, err
		}
		read.total = int(counted.Total)
	}
	return read, nil
}

// labels returns the labels of an MSP as options.
func (p Pages) labels(v *kit.Visit, mspID string) ([]kit.Option, error) {
	labels, err := p.Tenants.Labels(v.Context(), *v.By, mspID)
	if err != nil {
		return nil, err
	}
	options := make([]kit.Option, len(labels))
	for i, label := range labels {
		options[i] = kit.Option{Value: label.ID, Label: label.Name}
	}
	return options, nil
}

// ask asks what to do with the ticked organizations, or with all that match.
func (p Pages) ask(v *kit.Visit) error {
	if v.Line("action") == "" {
		v.Warn(v.T("Choose first what to do with the organizations."))
		return v.GoTo(p.listOf(v))
	}
	asked, err := p.read(v)
	if err != nil {
		return err
	}
	switch {
	case len(asked.ids) == 0 && !asked.all:
		v.Warn(v.T("Tick the organizations first, and then choose what to do with them."))
		return v.GoTo(asked.list)
	case asked.action.msp && len(asked.labels) == 0:
		v.Warn(v.T("There are no labels yet. Create one first."))
		return v.GoTo("/msps/" + asked.mspID + "/labels")
	case asked.action.profiles && len(asked.profiles) == 0:
		v.Warn(v.T("There are no profiles yet. Create one first."))
		return v.GoTo("/platform/profiles")
	case asked.action.options == nil:
		return p.show(v, asked)
	}
	return v.Show(page(v.Frame(asked.action.title(v, asked.total)), asked))
}

// listOf returns the path of the list that a form comes from.
func (p Pages) listOf(v *kit.Visit) string {
	if id := v.Path("msp_id"); id != "" {
		return "/msps/" + id + "/orgs"
	}
	return "/orgs"
}

// preview shows what the action would change.
func (p Pages) preview(v *kit.Visit) error {
	asked, err := p.read(v)
	if err != nil {
		return err
	}
	return p.show(v, asked)
}

// show shows the form with what the action would change.
func (p Pages) show(v *kit.Visit, asked form) error {
	preview, err := p.OrgJobs.Preview(v.Context(), *v.By, asked.at, asked.request())
	if err != nil {
		return p.again(v, err, asked)
	}
	asked.preview = &preview
	return v.Show(page(v.Frame(asked.action.title(v, asked.total)), asked))
}

// start starts the job, if as many organizations match as when the reader saw what would change.
func (p Pages) start(v *kit.Visit) error {
	asked, err := p.read(v)
	if err != nil {
		return err
	}
	request := asked.request()
	if asked.all {
		total, err := strconv.Atoi(v.Line("total"))
		if err != nil {
			return fault.InField("total", "must be the number of organizations that you looked at")
		}
		request.Expected = &total
	}
	created, err := p.OrgJobs.Create(v.Context(), *v.By, asked.at, request)
	if err != nil {
		if preview, again := p.OrgJobs.Preview(v.Context(), *v.By, asked.at, asked.request()); again == nil {
			asked.preview = &preview
		}
		return p.again(v, err, asked)
	}
	if asked.at == "" {
		return v.GoTo("/platform/jobs/" + created.ID)
	}
	return v.GoTo("/msps/" + asked.at + "/jobs/" + created.ID)
}

func (p Pages) again(v *kit.Visit, err error, asked form) error {
	refusal := kit.Refusal{Title: asked.action.title(v, asked.total), Heading: v.T("Nothing was changed")}
	return v.Again(err, refusal, func(f *kit.Frame) templ.Component { return page(f, asked) })
}
