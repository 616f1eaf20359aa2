package pages

import (
	"fmt"
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/tenantry/tenantry/shared/support/desk"
)

// word returns an API value in readable form: "feature_request" is "Feature request".
func word(value string) string {
	switch value {
	case "":
		return "none"
	case "hold":
		return "On hold"
	case "apic", "aws":
		return strings.ToUpper(value)
	case "cloudstack":
		return "CloudStack"
	case "openstack":
		return "OpenStack"
	case "vmware":
		return "VMware"
	}
	text := strings.ReplaceAll(value, "_", " ")
	first, size := utf8.DecodeRuneInString(text)
	return string(unicode.ToUpper(first)) + text[size:]
}

// sentence returns the message for a field as a sentence.
func sentence(name, message string) string {
	return strings.TrimRight(word(name)+" "+message, ".") + "."
}

func severityWord(severity int) string {
	switch severity {
	case desk.MostUrgent:
		return "1, most urgent"
	case desk.NormalSeverity:
		return "3, normal"
	case desk.LeastUrgent:
		return "4, least urgent"
	}
	return strconv.Itoa(severity)
}

// when formats a time for people and stamp for programs (RFC 3339); both take microseconds since
// 1970. Times are shown in UTC, because the server does not know the time zone of the reader.
func when(micros int64) string {
	return time.UnixMicro(micros).UTC().Format("2 Jan 2006, 15:04 UTC")
}

func stamp(micros int64) string { return time.UnixMicro(micros).UTC().Format(time.RFC3339) }

// size formats a number of bytes for people.
func size(bytes int64) string {
	switch {
	case bytes < 1<<10:
		return fmt.Sprintf("%d bytes", bytes)
	case bytes < 1<<20:
		return fmt.Sprintf("%d KiB", (bytes+1<<9)>>10)
	}
	return fmt.Sprintf("%.1f MiB", float64(bytes)/(1<<20))
}

// fact is one of the details of a case.
type fact struct{ name, value string }

// facts returns the details of a case that are not empty.
func (c caseView) facts() []fact {
	all := []fact{
		{
			"Severity",
			severityWord(c.Severity),
		},
		{"Type", word(c.Type)},
		{"Opened by", c.Submitter.Name},
		{"Opened", when(c.Created)},
		{
			"Last change",
			when(c.Updated),
		},
		{"Component", c.Component},
		{"Reason", valueOrNothing(c.Reason)},
		{"Version", c.Version},
		{"Environment", valueOrNothing(c.Environment)},
		{"Tag", c.CustomTag},
	}
	if c.Assignee != nil {
		all = append(all, fact{"Assigned to", c.Assignee.Name})
	}
	var watchers []string
	for _, watcher := range c.Watchers {
		watchers = append(watchers, watcher.Name)
	}
	all = append(all, fact{"Watchers", strings.Join(watchers, ", ")})
	var filled []fact
	for _, f := range all {
		if f.value != "" {
			filled = append(filled, f)
		}
	}
	return filled
}

func valueOrNothing(value string) string {
	if value == "" {
		return ""
	}
	return word(value)
}

// changed formats the old or new value of a change in the history.
func changed(value any) string {
	if text := fmt.Sprint(value); value != nil && text != "" {
		return text
	}
	return "none"
}
