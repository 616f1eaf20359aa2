package account

import (
	"net/url"

	"github.com/a-h/templ"

	"github.com/tenantry/tenantry/functions/pages/kit"
	"github.com/tenantry/tenantry/shared/identity"
	"github.com/tenantry/tenantry/shared/identity/preference"
)

// caseList is the name of the lists of cases among the columns that people prefer.
const caseList = "cases"

// viewForm is the page of saved views: of one that exists, or of a new one.
type viewForm struct {
	// view is the name of the view that is changed; "" for a new one. name is what it shall be called.
	view, name string
	// back is the address of the list that leads here; "/" if none did.
	back string
}

// viewFormOf reads the fields of a form about a view.
func viewFormOf(v *kit.Visit) viewForm {
	return viewForm{view: v.Raw("view"), name: v.Line("name"), back: kit.LocalPath(v.Line("back"))}
}

// title is the title of the page.
func (w viewForm) title(t kit.Teller) string {
	if w.view == "" {
		return t.T("Saved views")
	}
	return t.T("View %s", w.view)
}

// path is the address of the page of a view.
func (w viewForm) path(view string) string {
	return "/account/views?view=" + url.QueryEscape(view) + "&back=" + url.QueryEscape(w.back)
}

// views shows the reader's saved views, or one of them to be renamed or deleted.
func (p Pages) views(v *kit.Visit) error {
	form := viewForm{view: v.Query("view"), name: v.Query("view"), back: kit.LocalPath(v.Query("back"))}
	if _, there := v.By.Preferences.ViewOf(form.view); !there {
		form.view, form.name = "", ""
	}
	return v.Show(viewsPage(v.Frame(form.title(v)), form))
}

// changeViews ends a form about views: it shows it again after a refusal.
func (p Pages) changeViews(v *kit.Visit, form viewForm, change preference.ViewChange, done, next string) error {
	request := identity.SelfChange{Preferences: preference.Change{Views: change}}
	if _, _, err := p.Accounts.ChangeSelf(v.Context(), *v.By, request); err != nil {
		refusal := kit.Refusal{Title: form.title(v), Heading: v.T("Nothing was saved")}
		return v.Again(err, refusal, func(f *kit.Frame) templ.Component { return viewsPage(f, form) })
	}
	v.Done(done)
	return v.GoTo(kit.LocalPath(next))
}

// saveView saves what a list of cases shows under a name, and opens it.
func (p Pages) saveView(v *kit.Visit) error {
	form := viewFormOf(v)
	form.view = ""
	view := kit.ViewAt(form.back, v.By.Preferences.ColumnsOf(caseList))
	view.Name = form.name
	path := "/"
	if list, err := url.Parse(form.back); err == nil {
		path = list.Path
	}
	return p.changeViews(v, form, preference.ViewChange{Save: &view}, v.T("The view %s was saved.", view.Name),
		kit.ViewPath(path, view))
}

// renameView gives a view another name.
func (p Pages) renameView(v *kit.Visit) error {
	form := viewFormOf(v)
	renaming := preference.ViewRenaming{From: form.view, To: form.name}
	return p.changeViews(v, form, preference.ViewChange{Rename: &renaming},
		v.T("The view is called %s now.", form.name), form.back)
}

// deleteView deletes a view.
func (p Pages) deleteView(v *kit.Visit) error {
	form := viewFormOf(v)
	return p.changeViews(v, form, preference.ViewChange{Delete: &form.view},
		v.T("The view %s was deleted.", form.view), form.back)
}
