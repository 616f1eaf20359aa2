package calendar

import (
	"slices"
	"strings"
	"time"

	"github.com/tenantry/tenantry/shared/mail/incoming/headers"
	"github.com/tenantry/tenantry/shared/mail/incoming/mimepart"
	"github.com/tenantry/tenantry/shared/mail/incoming/parsed"
	"github.com/tenantry/tenantry/shared/mail/incoming/plaintext"
)

const (
	// MaxCalendars is how many events of one mail are summed up.
	MaxCalendars     = 20
	maxCalendarBytes = 256 << 10
)

// Read reads the events of a calendar.
func Read(raw []byte, charset string) []parsed.Calendar {
	text := plaintext.CleanText(mimepart.ToUTF8(raw[:min(len(raw), maxCalendarBytes)], charset))
	text = strings.ReplaceAll(strings.ReplaceAll(text, "\n ", ""), "\n\t", "") // RFC 5545, 3.1
	var events []parsed.Calendar
	method, inner := "", ""
	var event *parsed.Calendar
	var begin, end string
	for line := range strings.SplitSeq(text, "\n") {
		name, parameters, value := property(line)
		switch {
		case name == "METHOD" && event == nil:
			method = strings.ToUpper(plaintext.OneLine(value, 30))
		case name == "BEGIN" && event == nil && slices.Contains([]string{"VEVENT", "VTODO", "VFREEBUSY", "VJOURNAL"}, strings.ToUpper(value)):
			event, begin, end = &parsed.Calendar{}, "", ""
		case event == nil:
		case name == "BEGIN" && inner == "":
			inner = value // an alarm has a summary of its own
		case name == "END" && inner != "":
			if value == inner {
				inner = ""
			}
		case inner != "":
		case name == "END":
			event.When = span(begin, end)
			events = append(events, *event)
			event = nil
			if len(events) == MaxCalendars {
				return withMethod(events, method)
			}
		case name == "DTSTART":
			begin = moment(parameters, value)
		case name == "DTEND", name == "DUE":
			end = moment(parameters, value)
		default:
			take(event, name, parameters, value)
		}
	}
	return withMethod(events, method)
}

func withMethod(events []parsed.Calendar, method string) []parsed.Calendar {
	for i := range events {
		events[i].Method = method
	}
	return events
}

func take(c *parsed.Calendar, name string, parameters map[string]string, value string) {
	switch name {
	case "UID":
		c.UID = plaintext.OneLine(value, 300)
	case "SUMMARY":
		c.Summary = plaintext.OneLine(unescape(value), 300)
	case "LOCATION":
		c.Location = plaintext.OneLine(unescape(value), 300)
	case "ORGANIZER":
		c.Organizer = who(parameters, value)
	case "ATTENDEE":
		if answer := strings.ToUpper(
			plaintext.OneLine(parameters["PARTSTAT"], 30),
		); c.Attendee == "" && answer != "" &&
			answer != "NEEDS-ACTION" {
			c.Attendee, c.Answer = who(parameters, value), answer
		}
	}
}

func who(parameters map[string]string, value string) string {
	scheme, address, ok := strings.Cut(value, ":")
	if ok && strings.EqualFold(scheme, "mailto") {
		if organizer, ok := headers.Normal(parsed.Address{Address: address}); ok {
			return organizer.Address
		}
	}
	return plaintext.OneLine(parameters["CN"], 200)
}

// property takes a line apart: NAME;PARAMETER="a:b":value.
func property(line string) (name string, parameters map[string]string, value string) {
	inQuotes := false
	end := strings.IndexFunc(line, func(r rune) bool {
		if r == '"' {
			inQuotes = !inQuotes
		}
		return r == ':' && !inQuotes
	})
	if end < 0 {
		return "", nil, ""
	}
	head, value := line[:end], strings.TrimSpace(line[end+1:])
	fields := strings.Split(plaintext.FirstBytes(head, 4<<10), ";")
	parameters = map[string]string{}
	for _, field := range fields[1:] {
		key, setting, _ := strings.Cut(field, "=")
		parameters[strings.ToUpper(key)] = strings.Trim(setting, `"`)
	}
	name = strings.ToUpper(strings.TrimSpace(fields[0]))
	if _, after, ok := strings.Cut(name, "."); ok {
		name = after
	}
	return name, parameters, value
}

// moment reads a time as it is written; it is not moved to another time zone, since the
// names that programs give them are often their own.
func moment(parameters map[string]string, value string) string {
	for _, layout := range []string{"20060102T150405Z", "20060102T150405", "20060102T1504", "20060102"} {
		parsed, err := time.Parse(layout, value)
		if err != nil {
			continue
		}
		switch {
		case layout == "20060102":
			return parsed.Format("2006-01-02")
		case strings.HasSuffix(value, "Z"):
			return parsed.Format("2006-01-02 15:04") + " (UTC)"
		case parameters["TZID"] != "":
			return parsed.Format("2006-01-02 15:04") + " (" + plaintext.OneLine(parameters["TZID"], 60) + ")"
		}
		return parsed.Format("2006-01-02 15:04")
	}
	return ""
}

// span writes two moments as one, with what they share only once.
func span(begin, end string) string {
	day, _, timed := strings.Cut(begin, " ")
	_, zone, _ := strings.Cut(begin, " (")
	_, otherZone, _ := strings.Cut(end, " (")
	if begin == "" || end == "" || !timed || !strings.HasPrefix(end, day) || zone != otherZone {
		if end != "" && end != begin && timed {
			return begin + " - " + end
		}
		return begin
	}
	first, _, _ := strings.Cut(begin, " (")
	_, last, _ := strings.Cut(end, " ")
	return first + " - " + last
}

func unescape(value string) string {
	return strings.NewReplacer(`\n`, " ", `\N`, " ", `\,`, ",", `\;`, ";", `\\`, `\`).Replace(value)
}
