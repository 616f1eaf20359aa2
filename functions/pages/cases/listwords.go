package cases

import (
	"maps"
	"slices"
	"strconv"

	"github.com/tenantry/tenantry/functions/pages/kit"
	"github.com/tenantry/tenantry/shared/support"
	"github.com/tenantry/tenantry/shared/support/desk"
	"github.com/tenantry/tenantry/shared/support/lists"
)

// tabs lead to the lists of the console.
func (l list) tabs(f *kit.Frame) []kit.Tab {
	all := []struct {
		state support.State
		label string
	}{
		{support.OpenList, f.T("Open")}, {support.ClosedList, f.T("Closed")}, {support.ArchiveList, f.T("Archived")},
		{lists.AllLists, f.T("All")},
	}
	var tabs []kit.Tab
	for _, one := range all {
		value := string(one.state)
		if one.state == support.OpenList {
			value = ""
		}
		tabs = append(tabs, kit.Tab{
			Label: one.label, Path: l.address(map[string]string{"list": value}), Current: l.state == one.state,
		})
	}
	if l.mayDelete {
		tabs = append(tabs, kit.Tab{
			Label: f.T("Bin"), Path: l.address(map[string]string{"list": string(support.DeletedList)}),
			Current: l.state == support.DeletedList,
		})
	}
	return tabs
}

// chips show the search and the filters.
func (l list) chips(f *kit.Frame) []kit.Chip {
	var chips []kit.Chip
	if l.search != "" {
		chips = append(chips, kit.Chip{
			Label: f.T("Search: %s", l.search), Path: l.address(map[string]string{"search": ""}),
		})
	}
	for _, field := range slices.Sorted(maps.Keys(l.filters)) {
		chips = append(chips, kit.Chip{
			Label: kit.Word(f, field) + ": " + l.valueWord(f, field, l.filters[field]),
			Path:  l.address(map[string]string{field: ""}),
		})
	}
	return chips
}

// valueWord returns the value of a filter in words.
func (l list) valueWord(f *kit.Frame, field, value string) string {
	switch {
	case field == "due":
		for _, option := range dueOptions(f) {
			if option.Value == value {
				return option.Label
			}
		}
	case value == "me":
		return f.T("me")
	case field == "org_id":
		return l.orgs[value]
	case field == "assignee" && value != "none":
		for _, line := range l.lines {
			if line.Assignee != nil && line.Assignee.ID == value {
				return line.Assignee.Name
			}
		}
		return f.T("an agent")
	case field == "submitter":
		for _, line := range l.lines {
			if line.Submitter.ID == value {
				return line.Submitter.Name
			}
		}
		return f.T("a person")
	}
	return kit.Word(f, value)
}

// hits describes the number of cases.
func (l list) hits(f *kit.Frame) string {
	if l.atLeast {
		return f.T("At least %d cases", l.total)
	}
	return f.T("%d cases", l.total)
}

// filtered reports whether the list has a search or a filter.
func (l list) filtered() bool { return l.search != "" || len(l.filters) > 0 }

// nothing says that the list is empty, and why says why.
func (l list) nothing(f *kit.Frame) string {
	switch {
	case l.filtered() && l.pager.Next != "":
		return f.T("No matches so far")
	case l.filtered():
		return f.T("No cases match")
	case l.state == support.ClosedList:
		return f.T("There are no closed cases")
	case l.state == support.ArchiveList:
		return f.T("There are no archived cases")
	case l.state == support.DeletedList:
		return f.T("The bin is empty")
	}
	return f.T("There are no open cases")
}

func (l list) why(f *kit.Frame) string {
	switch {
	case l.filtered() && l.pager.Next != "":
		return f.T("There is more to search. Go on to the next page.")
	case l.filtered():
		return f.T("Try fewer or other words, or another list.")
	case l.state == support.DeletedList:
		return f.T("Deleted cases can be restored for 30 days.")
	}
	return f.T("A case is a question or a problem that somebody opened here or by mail.")
}

func statusOptions(f *kit.Frame) []kit.Option {
	var options []kit.Option
	for _, status := range support.Statuses() {
		options = append(options, kit.Option{Value: string(status), Label: kit.Word(f, string(status))})
	}
	return options
}

func severityOptions() []kit.Option {
	var options []kit.Option
	for severity := desk.MostUrgent; severity <= desk.LeastUrgent; severity++ {
		options = append(options, kit.Option{Value: strconv.Itoa(severity), Label: strconv.Itoa(severity)})
	}
	return options
}

// assigneeOptions are the queues of an agent: their own cases, and those of nobody.
func assigneeOptions(f *kit.Frame) []kit.Option {
	return []kit.Option{{Value: "me", Label: f.T("me")}, {Value: "none", Label: f.T("nobody")}}
}

// dueOptions are the cases whose promised time has passed, or runs out.
func dueOptions(f *kit.Frame) []kit.Option {
	return []kit.Option{
		{Value: lists.Breached, Label: f.T("passed")}, {Value: "4", Label: f.T("within 4 hours")},
		{Value: "24", Label: f.T("within a day")},
	}
}

// bulkPath is where the ticked cases are sent to, with the filters of the list.
func (l list) bulkPath() string { return l.path + "/bulk" + l.address(nil)[len(l.path):] }

// more reports whether the list has further pages that an action can be meant for, too. The number of
// a case finds that case and others, which are not meant.
func (l list) more() bool {
	return (l.pager.Next != "" || l.pager.Number > 1) && lists.Number(l.search) == 0
}

// allMatching names all cases of the list, on all its pages.
func (l list) allMatching(f *kit.Frame) string {
	if l.atLeast || l.total == 0 {
		return f.T("All that match, on all pages")
	}
	return f.T("All %d that match, on all pages", l.total)
}

// bulkActions are what can be done with the cases of the list.
func (l list) bulkActions(f *kit.Frame) []kit.Option {
	var options []kit.Option
	switch l.state {
	case support.DeletedList:
		return []kit.Option{{Value: "restore", Label: f.T("Restore…")}}
	case support.ArchiveList:
		options = append(options, kit.Option{Value: "unarchive", Label: f.T("Back from the archive…")})
	case support.ClosedList:
		options = append(options, kit.Option{Value: "archive", Label: f.T("Archive…")})
	default:
		options = append(options, kit.Option{Value: "close", Label: f.T("Close…")})
	}
	if l.agent {
		options = append(options, kit.Option{Value: "assign", Label: f.T("Assign…")})
	}
	options = append(options, kit.Option{Value: "tag", Label: f.T("Tag…")})
	if l.mayDelete {
		options = append(options, kit.Option{Value: "delete", Label: f.T("Delete…")})
	}
	return options
}
