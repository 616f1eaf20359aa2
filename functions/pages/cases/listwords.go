package cases

import (
	"github.com/tenantry/tenantry/functions/pages/kit"
	"github.com/tenantry/tenantry/shared/support"
)

// tabs lead to the lists of the console.
func (l list) tabs(f *kit.Frame) []kit.Tab {
	names := map[support.State]string{
		support.OpenList: f.T("Open"), support.ClosedList: f.T("Closed"), support.ArchiveList: f.T("Archived"),
	}
	var tabs []kit.Tab
	for _, state := range states() {
		value := string(state)
		if state == support.OpenList {
			value = ""
		}
		tabs = append(tabs, kit.Tab{
			Label: names[state], Path: l.address(map[string]string{"list": value}), Current: l.state == state,
		})
	}
	return tabs
}

func (l list) columns(f *kit.Frame) []kit.Column {
	columns := []kit.Column{
		{Label: f.T("Number"), Sort: "number", Number: true},
		{Label: f.T("Subject"), Sort: "subject"},
	}
	if l.orgs != nil {
		columns = append(columns, kit.Column{Label: f.T("Organization")})
	}
	submitter := kit.Column{Label: f.T("Submitter"), Sort: "submitter"}
	if l.masked {
		submitter.Sort = ""
	}
	return append(columns,
		kit.Column{Label: f.T("Status"), Sort: "status"},
		kit.Column{Label: f.T("Severity"), Sort: "severity"},
		submitter,
		kit.Column{Label: f.T("Changed"), Sort: "updated"},
	)
}

func (l list) chips(f *kit.Frame) []kit.Chip {
	if l.search == "" {
		return nil
	}
	return []kit.Chip{{Label: f.T("Search: %s", l.search), Path: l.address(map[string]string{"search": ""})}}
}

// hits describes the number of cases.
func (l list) hits(f *kit.Frame) string {
	if l.atLeast {
		return f.T("At least %d cases", l.total)
	}
	return f.T("%d cases", l.total)
}

// nothing says that the list is empty, and why says why.
func (l list) nothing(f *kit.Frame) string {
	switch {
	case l.search != "" && l.pager.Next != "":
		return f.T("No matches so far")
	case l.search != "":
		return f.T("No cases match")
	case l.state == support.ClosedList:
		return f.T("There are no closed cases")
	case l.state == support.ArchiveList:
		return f.T("There are no archived cases")
	}
	return f.T("There are no open cases")
}

func (l list) why(f *kit.Frame) string {
	switch {
	case l.search != "" && l.pager.Next != "":
		return f.T("There is more to search. Go on to the next page.")
	case l.search != "":
		return f.T("Try fewer or other words, or another list.")
	}
	return f.T("A case is a question or a problem that somebody opened here or by mail.")
}
