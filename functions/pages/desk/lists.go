package desk

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/a-h/templ"

	"github.com/tenantry/tenantry/functions/pages/kit"
	"github.com/tenantry/tenantry/shared/fault"
	"github.com/tenantry/tenantry/shared/identity"
	"github.com/tenantry/tenantry/shared/support/desk"
)

// overview is all lists of a provider.
type overview struct {
	provider
	lists []valueList
	// stored is set if the provider has changed its desk.
	stored bool
}

// valueList is the list of a field as a page shows it.
type valueList struct {
	provider
	// field is the field's name in the API.
	field    string
	rows     []row
	revision int64
	// usual is set if the list is the default.
	usual bool
	// newValue and newLabel are typed for a further value.
	newValue, newLabel string
}

// row is a value with what is typed for it.
type row struct {
	desk.Choice
	remove bool
	// recent is set if somebody else added the value while the form was filled in.
	recent bool
}

// name is the last part of the list's path, which is also the name of its field in refusals.
func (l valueList) name() string { return l.field + "s" }

func (l valueList) path() string { return l.provider.path + "/desk/lists/" + l.name() }

// shownValue is a value as forms of cases show it.
func shownValue(t kit.Teller, choice desk.Choice) string {
	return cmp.Or(choice.Label, kit.Word(t, choice.Value))
}

// usualOf returns the default list of a field.
func usualOf(field string) []desk.Choice {
	usual := desk.Default()
	return *usual.Of(field)
}

func listOf(at provider, setting desk.Setting, field string) valueList {
	shown := valueList{provider: at, field: field, revision: revisionOf(setting)}
	shown.usual = slices.Equal(*setting.Of(field), usualOf(field))
	for _, choice := range *setting.Of(field) {
		shown.rows = append(shown.rows, row{Choice: choice})
	}
	return shown
}

// lists shows all lists of a provider.
func (p Pages) lists(v *kit.Visit) error {
	at, setting, err := p.setting(v)
	if err != nil {
		return err
	}
	shown := overview{provider: at, stored: setting.Revision != 0}
	for _, l := range setting.Lists() {
		shown.lists = append(shown.lists, listOf(at, setting, l.Field))
	}
	return v.Show(listsPage(v.Frame(v.T("Lists of %s", at.Name)), shown))
}

// readList reads the list of the path.
func (p Pages) readList(v *kit.Visit) (valueList, error) {
	at, setting, err := p.setting(v)
	if err != nil {
		return valueList{}, err
	}
	field, plural := strings.CutSuffix(v.Path("list"), "s")
	if !plural || setting.Of(field) == nil {
		return valueList{}, fault.Missing()
	}
	v.Trail(kit.Link{Label: v.T("Lists of %s", at.Name), Path: at.path + "/desk"})
	return listOf(at, setting, field), nil
}

// list shows a list, with a form for those who may change it.
func (p Pages) list(v *kit.Visit) error {
	shown, err := p.readList(v)
	if err != nil {
		return err
	}
	return v.Show(listPage(v.Frame(fieldName(v, shown.field)), shown))
}

// changeList saves a list as a whole.
func (p Pages) changeList(v *kit.Visit) error {
	shown, err := p.readList(v)
	if err != nil {
		return err
	}
	typed := typedList(v, shown)
	_, err = p.Desk.ChangeSetting(v.Context(), *v.By, shown.MSPID, revision(v), func(s *desk.Setting) {
		*s.Of(shown.field) = typed.choices(v.Line("move"))
	})
	if err != nil {
		if overtaken(err) {
			typed.addRecent(shown)
		}
		refusal := kit.Refusal{Title: fieldName(v, shown.field), Heading: v.T("The list was not saved")}
		return v.Again(err, refusal, func(f *kit.Frame) templ.Component { return listPage(f, typed) })
	}
	v.Done(v.T("The list was saved."))
	return v.GoTo(shown.path())
}

// typedList returns the list with what was typed into its form instead of what is stored. It has the
// present revision, so that it can be sent again after a conflict.
func typedList(v *kit.Visit, stored valueList) valueList {
	typed := stored
	typed.rows, typed.newValue, typed.newLabel = nil, v.Line("new_value"), v.Line("new_label")
	for i := 0; i <= desk.MaxChoices; i++ {
		value := v.Line(fmt.Sprintf("value_%d", i))
		if value == "" {
			break
		}
		typed.rows = append(typed.rows, row{
			Choice: desk.Choice{
				Value: value, Label: v.Line(fmt.Sprintf("label_%d", i)), Retired: v.Ticked(fmt.Sprintf("retired_%d", i)),
			},
			remove: v.Ticked(fmt.Sprintf("remove_%d", i)),
		})
	}
	return typed
}

// addRecent adds the stored values that the form lacks: somebody else added them meanwhile.
func (l *valueList) addRecent(stored valueList) {
	for _, one := range stored.rows {
		if !slices.ContainsFunc(l.rows, func(r row) bool { return r.Value == one.Value }) {
			l.rows = append(l.rows, row{Choice: one.Choice, recent: true})
		}
	}
}

// choices returns the list that the form asks for. move is the button that was pressed, as in "up 3",
// which moves that row; "" saves only.
func (l valueList) choices(move string) []desk.Choice {
	rows := slices.Clone(l.rows)
	way, text, _ := strings.Cut(move, " ")
	if at := number(text); at >= 0 && at < len(rows) {
		switch {
		case way == "up" && at > 0:
			rows[at-1], rows[at] = rows[at], rows[at-1]
		case way == "down" && at < len(rows)-1:
			rows[at+1], rows[at] = rows[at], rows[at+1]
		}
	}
	list := []desk.Choice{}
	for _, one := range rows {
		if !one.remove {
			list = append(list, one.Choice)
		}
	}
	if l.newValue != "" || l.newLabel != "" {
		list = append(list, desk.Choice{Value: l.newValue, Label: l.newLabel})
	}
	return list
}

// askReset asks whether a list shall be the default again.
func (p Pages) askReset(v *kit.Visit) error {
	shown, err := p.readList(v)
	if err == nil {
		err = v.By.Check(identity.ChangeDesk, shown.Place)
	}
	if err != nil {
		return err
	}
	return v.Show(resetPage(v.Frame(resetTitle(v, shown)), shown, usualOf(shown.field)))
}

func resetTitle(t kit.Teller, l valueList) string {
	return t.T("Use the default list again: %s?", fieldName(t, l.field))
}

// reset makes a list the default again.
func (p Pages) reset(v *kit.Visit) error {
	shown, err := p.readList(v)
	if err != nil {
		return err
	}
	_, err = p.Desk.ChangeSetting(v.Context(), *v.By, shown.MSPID, revision(v), func(s *desk.Setting) {
		*s.Of(shown.field) = usualOf(shown.field)
	})
	if err != nil {
		refusal := kit.Refusal{Title: resetTitle(v, shown), Heading: v.T("The list was not changed")}
		return v.Again(err, refusal, func(f *kit.Frame) templ.Component { return resetPage(f, shown, usualOf(shown.field)) })
	}
	v.Done(v.T("The list is the default again."))
	return v.GoTo(shown.path())
}

// fieldName returns the name of a field that has a list.
func fieldName(t kit.Teller, field string) string {
	switch field {
	case "type":
		return t.T("Types of cases")
	case "component":
		return t.T("Components")
	case "reason":
		return t.T("Reasons")
	case "version":
		return t.T("Versions")
	}
	return t.T("Environments")
}
