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
		{Name: f.T("Type"), Value: kit.Word(c.Type)},
		{Name: f.T("Opened by"), Value: c.Submitter.Name},
		{Name: f.T("Opened"), Value: f.When(c.Created)},
		{Name: f.T("Last change"), Value: f.When(c.Updated)},
		{Name: f.T("Assigned to"), Value: assignee},
		{Name: f.T("Watchers"), Value: strings.Join(watchers, ", ")},
		{Name: f.T("Component"), Value: c.Component},
		{Name: f.T("Reason"), Value: valueOrNothing(c.Reason)},
		{Name: f.T("Version"), Value: c.Version},
		{Name: f.T("Environment"), Value: valueOrNothing(c.Environment)},
		{Name: f.T("Tag"), Value: c.CustomTag},
	}
}

func valueOrNothing(value string) string {
	if value == "" {
		return ""
	}
	return kit.Word(value)
}

// changed formats the old or new value of a change in the history.
func changed(value any) string {
	if text := fmt.Sprint(value); value != nil && text != "" {
		return text
	}
	return "none"
}
