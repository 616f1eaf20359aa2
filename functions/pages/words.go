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

// word gives a value of the API as people read it: "feature_request" is "Feature request".
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

// sentence begins with a capital letter and ends with a full stop.
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

// when gives a time as people read it, and stamp as programs do (RFC 3339); both of microseconds
// since 1970. The server does not know where the reader is, so it is UTC.
func when(micros int64) string {
	return time.UnixMicro(micros).UTC().Format("2 Jan 2006, 15:04 UTC")
}

func stamp(micros int64) string { return time.UnixMicro(micros).UTC().Format(time.RFC3339) }

// size gives a number of bytes as people read it.
func size(bytes int64) string {
	switch {
	case bytes < 1<<10:
		return fmt.Sprintf("%d bytes", bytes)
	case bytes < 1<<20:
		return fmt.Sprintf("%d KiB", (bytes+1<<9)>>10)
	}
	return fmt.Sprintf("%.1f MiB", float64(bytes)/(1<<20))
}

// fact is a line of a case's details.
type fact struct{ name, value string }

// facts lists what is known of a case, without what is empty.
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

// changed gives one side of a change in the history.
func changed(value any) string {
	if text := fmt.Sprint(value); value != nil && text != "" {
		return text
	}
	return "none"
}
