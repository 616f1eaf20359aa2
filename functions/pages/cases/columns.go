package cases

import (
	"slices"

	"github.com/tenantry/tenantry/functions/pages/kit"
)

// columnList is the name of the lists of cases in the columns that people prefer.
const columnList = "cases"

// column is a column of a list of cases that a reader can choose, besides the number and the subject,
// which every list has.
type column struct {
	// name is what lists of the API filter or sort by, as the preferences of a reader have it.
	name string
	kit.Column
	// rare is set if lists show the column only to readers who chose it.
	rare bool
}

// columns are those that the list can show, in their usual order.
func (l list) columns(f *kit.Frame) []column {
	sortable := func(name, label string) column {
		return column{name: name, Column: kit.Column{Label: label, Sort: name}}
	}
	var all []column
	if l.orgs != nil {
		all = append(all, column{name: "org_id", Column: kit.Column{Label: f.T("Organization")}})
	}
	submitter := sortable("submitter", f.T("Submitter"))
	if l.masked {
		submitter.Sort = ""
	}
	all = append(all,
		sortable("status", f.T("Status")), sortable("severity", f.T("Severity")),
		column{name: "type", Column: kit.Column{Label: f.T("Type"), Sort: "type"}, rare: true},
		column{name: "custom_tag", Column: kit.Column{Label: f.T("Tag")}, rare: true},
		submitter)
	if l.agent {
		all = append(all, column{name: "assignee", Column: kit.Column{Label: f.T("Assigned to")}})
	}
	opened := sortable("opened", f.T("Opened"))
	opened.rare = true
	return append(all, opened, sortable("updated", f.T("Changed")))
}

// shown are the columns that the reader chose, in their order; the usual ones if they chose none that
// this list has.
func (l list) shown(f *kit.Frame) []column {
	all := l.columns(f)
	var shown []column
	for _, name := range l.chosen {
		if at := slices.IndexFunc(all, func(c column) bool { return c.name == name }); at >= 0 {
			shown = append(shown, all[at])
		}
	}
	if shown == nil {
		shown = slices.DeleteFunc(all, func(c column) bool { return c.rare })
	}
	return shown
}

// heads are the heads of a table with these columns.
func heads(f *kit.Frame, columns []column) []kit.Column {
	heads := []kit.Column{
		{Label: f.T("Number"), Sort: "number", Number: true}, {Label: f.T("Subject"), Sort: "subject"},
	}
	for _, one := range columns {
		heads = append(heads, one.Column)
	}
	return heads
}

// columnChoice is the choice of columns, and which of them the list shows.
func (l list) columnChoice(f *kit.Frame) (kit.Select, map[string]bool) {
	choice, ticked := kit.Select{Name: "columns", Label: f.T("Columns beside number and subject")}, map[string]bool{}
	for _, one := range l.columns(f) {
		choice.Options = append(choice.Options, kit.Option{Value: one.name, Label: one.Label})
	}
	for _, one := range l.shown(f) {
		ticked[one.name] = true
	}
	return choice, ticked
}
