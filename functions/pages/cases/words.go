package cases

import (
	"fmt"
	"strings"

	"github.com/tenantry/tenantry/functions/pages/kit"
	"github.com/tenantry/tenantry/shared/support"
)

// statusKind returns what a status means to the reader.
func statusKind(status support.Status) string {
	switch status {
	case support.Open:
		return kit.Good
	case support.Pending, support.Hold:
		return kit.Wait
	}
	return kit.Neutral
}

// facts returns the details of a case.
func (c caseView) facts(f *kit.Frame) []kit.Fact {
	assignee := ""
	if c.Assignee != nil {
		assignee = c.Assignee.Name
	}
	var watchers []string
	for _, watcher := range c.Watchers {
		watchers = append(watchers, watcher.Name)
	}
	return []kit.Fact{
		{Name: f.T("Severity"), Value: kit.Severity(f, c.Severity)},
		{Name: f.T("Type"), Value: kit.Word(f, c.Type)},
		{Name: f.T("Opened by"), Value: c.Submitter.Name},
		{Name: f.T("Opened"), Value: f.When(c.Created)},
		{Name: f.T("Last change"), Value: f.When(c.Updated)},
		{Name: f.T("Assigned to"), Value: assignee},
		{Name: f.T("Watchers"), Value: strings.Join(watchers, ", ")},
		{Name: f.T("Component"), Value: c.Component},
		{Name: f.T("Reason"), Value: valueOrNothing(f, c.Reason)},
		{Name: f.T("Version"), Value: c.Version},
		{Name: f.T("Environment"), Value: valueOrNothing(f, c.Environment)},
		{Name: f.T("Tag"), Value: c.CustomTag},
	}
}

func valueOrNothing(f *kit.Frame, value string) string {
	if value == "" {
		return ""
	}
	return kit.Word(f, value)
}

// changed formats the old or new value of a field in the history.
func changed(f *kit.Frame, field string, value any) string {
	text := fmt.Sprint(value)
	switch {
	case value == nil || text == "":
		return f.T("none")
	case field == "status" || field == "type" || field == "reason" || field == "environment":
		return kit.Word(f, text)
	}
	return text
}
