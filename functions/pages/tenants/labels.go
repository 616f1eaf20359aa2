package tenants

import (
	"context"

	"github.com/a-h/templ"

	"github.com/tenantry/tenantry/functions/pages/kit"
	"github.com/tenantry/tenantry/functions/pages/scope"
	"github.com/tenantry/tenantry/shared/fault"
	"github.com/tenantry/tenantry/shared/identity"
	"github.com/tenantry/tenantry/shared/tenant"
)

// labelList is the page of an MSP's labels.
type labelList struct {
	path, name string
	labels     []tenant.Label
	mayChange  bool
}

// orgs returns the address of the organizations with a label.
func (l labelList) orgs(label tenant.Label) string { return l.path + "/orgs?label=" + label.ID }

// labels lists the labels of an MSP.
func (p Pages) labels(v *kit.Visit) error {
	shown, err := p.labelsOf(v)
	if err != nil {
		return err
	}
	return v.Show(labelsPage(v.Frame(v.T("Labels")), shown))
}

func (p Pages) labelsOf(v *kit.Visit) (labelList, error) {
	place, err := scope.Find(v, p.Tenants)
	if err != nil {
		return labelList{}, err
	}
	shown := labelList{path: kit.PlacePath(place), mayChange: v.May(identity.ChangeMSP, place)}
	shown.labels, err = p.Tenants.Labels(v.Context(), *v.By, place.MSPID)
	return shown, err
}

// newLabel creates a label.
func (p Pages) newLabel(v *kit.Visit) error {
	name := v.Line("name")
	label, err := p.Tenants.NewLabel(v.Context(), *v.By, v.Path("msp_id"), tenant.LabelChange{Name: &name})
	if err != nil {
		shown, failed := p.labelsOf(v)
		if failed != nil {
			return err
		}
		shown.name = name
		refusal := kit.Refusal{Title: v.T("Labels"), Heading: v.T("The label was not created")}
		return v.Again(err, refusal, func(f *kit.Frame) templ.Component { return labelsPage(f, shown) })
	}
	v.Done(v.T("The label %s was created.", label.Name))
	return v.GoTo("/msps/" + v.Path("msp_id") + "/labels")
}

// labelForm is the page that changes or deletes a label.
type labelForm struct {
	path, name string
	label      tenant.Label
}

// label asks for another name of a label, or for its deletion.
func (p Pages) label(v *kit.Visit) error {
	form, err := p.labelOf(v)
	if err != nil {
		return err
	}
	return v.Show(labelPage(v.Frame(form.label.Name), form))
}

func (p Pages) labelOf(v *kit.Visit) (labelForm, error) {
	place, err := scope.Find(v, p.Tenants)
	if err != nil {
		return labelForm{}, err
	}
	if err := v.By.Check(identity.ChangeMSP, place); err != nil {
		return labelForm{}, err
	}
	form := labelForm{path: kit.PlacePath(place) + "/labels"}
	v.Trail(kit.Link{Label: v.T("Labels"), Path: form.path})
	form.label, err = p.Tenants.Label(v.Context(), *v.By, place.MSPID, v.Path("label_id"))
	form.name = form.label.Name
	return form, err
}

// renameLabel changes the name of a label.
func (p Pages) renameLabel(v *kit.Visit) error {
	name := v.Line("name")
	_, err := p.Tenants.ChangeLabel(v.Context(), *v.By, v.Path("msp_id"), v.Path("label_id"),
		tenant.LabelChange{Name: &name, Version: v.Version()})
	if err != nil {
		return p.labelRefused(v, err, name, v.T("The label was not changed"))
	}
	v.Done(v.T("The label was saved."))
	return v.GoTo("/msps/" + v.Path("msp_id") + "/labels")
}

// deleteLabel deletes a label.
func (p Pages) deleteLabel(v *kit.Visit) error {
	err := p.Tenants.DeleteLabel(v.Context(), *v.By, v.Path("msp_id"), v.Path("label_id"))
	if fault.Is(err, fault.NotFound) {
		return err
	}
	if err != nil {
		return p.labelRefused(v, err, "", v.T("The label was not deleted"))
	}
	v.Done(v.T("The label was deleted."))
	return v.GoTo("/msps/" + v.Path("msp_id") + "/labels")
}

// labelRefused shows the form of a label again.
func (p Pages) labelRefused(v *kit.Visit, cause error, name, heading string) error {
	form, err := p.labelOf(v)
	if err != nil {
		return cause
	}
	if name != "" {
		form.name = name
	}
	refusal := kit.Refusal{Title: form.label.Name, Heading: heading}
	return v.Again(cause, refusal, func(f *kit.Frame) templ.Component { return labelPage(f, form) })
}

// labelOptions returns the labels of an MSP to choose from; none for those who do not see the MSP.
func (p Pages) labelOptions(ctx context.Context, v *kit.Visit, mspID string) ([]kit.Option, error) {
	if mspID == "" || !v.May(identity.ListOrgs, identity.Place{Scope: identity.MSPScope, MSPID: mspID}) {
		return nil, nil
	}
	labels, err := p.Tenants.Labels(ctx, *v.By, mspID)
	if err != nil {
		return nil, err
	}
	options := make([]kit.Option, len(labels))
	for i, label := range labels {
		options[i] = kit.Option{Value: label.ID, Label: label.Name}
	}
	return options, nil
}

// chosenSet returns values as a set.
func chosenSet(values []string) map[string]bool {
	set := make(map[string]bool, len(values))
	for _, value := range values {
		set[value] = true
	}
	return set
}
