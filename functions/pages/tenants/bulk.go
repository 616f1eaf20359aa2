package tenants

import (
	"slices"

	"github.com/a-h/templ"

	"github.com/tenantry/tenantry/functions/pages/kit"
	"github.com/tenantry/tenantry/functions/pages/scope"
	"github.com/tenantry/tenantry/shared/identity"
	"github.com/tenantry/tenantry/shared/tenant"
	"github.com/tenantry/tenantry/shared/tenant/bulk"
)

// relabeling is the form that labels many organizations.
type relabeling struct {
	path string
	// ids are the ticked organizations; all is set if those that match the filter are meant instead.
	ids         []string
	all         bool
	filter      tenant.OrgFilter
	total       int
	labels      []kit.Option
	add, remove map[string]bool
	// preview says what would be done; nil before it was asked for.
	preview *bulk.Preview
}

// labelAll is the value of the button that means all organizations of the list instead of the ticked ones.
const labelAll = "label_all"

// request returns the action that the form asks for.
func (r relabeling) request() bulk.Request {
	request := bulk.Request{Action: bulk.Label, OrgIDs: r.ids}
	if r.all {
		request.OrgIDs, request.Filter = nil, &bulk.Filter{OrgFilter: r.filter}
	}
	for _, label := range r.labels {
		if r.add[label.Value] {
			request.Labels.Add = append(request.Labels.Add, label.Value)
		}
		if r.remove[label.Value] {
			request.Labels.Remove = append(request.Labels.Remove, label.Value)
		}
	}
	return request
}

// names returns the names of labels.
func (r relabeling) names(ids []string) []string {
	var names []string
	for _, label := range r.labels {
		if slices.Contains(ids, label.Value) {
			names = append(names, label.Label)
		}
	}
	return names
}

// relabelingOf reads the form, for principals who may change the labels.
func (p Pages) relabelingOf(v *kit.Visit) (relabeling, error) {
	place, err := scope.Find(v, p.Tenants)
	if err != nil {
		return relabeling{}, err
	}
	if err := v.By.Check(identity.ChangeMSP, place); err != nil {
		return relabeling{}, err
	}
	form := relabeling{
		path: kit.PlacePath(place) + "/orgs", ids: v.Several("id"), all: v.Line("action") == labelAll || v.Line("action") == deleteAll,
		filter: tenant.OrgFilter{LabelID: v.Line("label"), Name: v.Line("search")},
		add:    chosenSet(v.Several("add")), remove: chosenSet(v.Several("remove")),
	}
	v.Trail(kit.Link{Label: v.T("Organizations of %s", place.Name), Path: form.path})
	if form.labels, err = p.labelOptions(v.Context(), v, place.MSPID); err != nil {
		return relabeling{}, err
	}
	form.total = len(form.ids)
	if form.all {
		orgs, err := p.Tenants.MSPOrgs(v.Context(), *v.By, place.MSPID, form.filter)
		if err != nil {
			return relabeling{}, err
		}
		form.total = len(orgs)
	}
	return form, nil
}

// askLabels asks which labels the ticked organizations, or all that match, shall get and lose.
func (p Pages) askLabels(v *kit.Visit) error {
	form, err := p.relabelingOf(v)
	if err != nil {
		return err
	}
	if len(form.ids) == 0 && !form.all {
		v.Warn(v.T("Tick the organizations first, and then choose what to do with them."))
		return v.GoTo(form.path)
	}
	if len(form.labels) == 0 {
		v.Warn(v.T("There are no labels yet. Create one first."))
		return v.GoTo("/msps/" + v.Path("msp_id") + "/labels")
	}
	return v.Show(relabelPage(v.Frame(v.T("Label %d organizations", form.total)), form))
}

// previewLabels shows what the chosen labels would change.
func (p Pages) previewLabels(v *kit.Visit) error {
	form, err := p.relabelingOf(v)
	if err != nil {
		return err
	}
	preview, err := p.OrgJobs.Preview(v.Context(), *v.By, v.Path("msp_id"), form.request())
	if err != nil {
		return p.notLabelled(v, err, form)
	}
	form.preview = &preview
	return v.Show(relabelPage(v.Frame(v.T("Label %d organizations", form.total)), form))
}

// startLabels starts the job that labels the organizations.
func (p Pages) startLabels(v *kit.Visit) error {
	form, err := p.relabelingOf(v)
	if err != nil {
		return err
	}
	created, err := p.OrgJobs.Create(v.Context(), *v.By, v.Path("msp_id"), form.request())
	if err != nil {
		return p.notLabelled(v, err, form)
	}
	return v.GoTo("/msps/" + v.Path("msp_id") + "/jobs/" + created.ID)
}

func (p Pages) notLabelled(v *kit.Visit, err error, form relabeling) error {
	refusal := kit.Refusal{Title: v.T("Label %d organizations", form.total), Heading: v.T("Nothing was changed")}
	return v.Again(err, refusal, func(f *kit.Frame) templ.Component { return relabelPage(f, form) })
}
