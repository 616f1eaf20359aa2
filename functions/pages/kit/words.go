package kit

import (
	"fmt"
	"net/url"
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/tenantry/tenantry/functions/pages/language"
	"github.com/tenantry/tenantry/shared/identity"
	"github.com/tenantry/tenantry/shared/support/desk"
)

// Word returns a value or a field of the API in readable form, in the reader's language:
// "feature_request" is "Feature request". What a provider or person made up stays as it is.
func Word(t Teller, value string) string {
	readable := word(value)
	if strings.Contains(readable, "%") {
		return readable // no value of the API, and not a sentence with values in it
	}
	return t.T(readable)
}

// word returns the English form.
func word(value string) string {
	switch value {
	case "":
		return "none"
	case "hold":
		return "On hold"
	case "apic", "aws", "msp":
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

// Severity names a severity of cases.
func Severity(t Teller, severity int) string {
	switch severity {
	case desk.MostUrgent:
		return t.T("1, most urgent")
	case desk.NormalSeverity:
		return t.T("3, normal")
	case desk.LeastUrgent:
		return t.T("4, least urgent")
	}
	return strconv.Itoa(severity)
}

// Sentence returns the message for a field as a sentence.
func Sentence(name, message string) string {
	return strings.TrimRight(word(name)+" "+message, ".") + "."
}

// Role returns the name of a role at a kind of place, in the reader's language.
func Role(t Teller, role identity.Role, at identity.ScopeKind) string {
	readable := role.NameAt(at)
	return t.T(readable)
}

// When formats a time in the reader's zone; micros are microseconds since 1970. The zone itself stands
// at the foot of the page.
func (f *Frame) When(micros int64) string {
	at := time.UnixMicro(micros).In(f.zone)
	return language.Day(f.code, at) + at.Format(", 15:04")
}

// Day formats the day of a time in the reader's zone.
func (f *Frame) Day(micros int64) string {
	return language.Day(f.code, time.UnixMicro(micros).In(f.zone))
}

func (f *Frame) zoneName() string { return f.zone.String() }

// Stamp formats a time for programs (RFC 3339).
func Stamp(micros int64) string { return time.UnixMicro(micros).UTC().Format(time.RFC3339) }

// Size formats a number of bytes for people.
func Size(bytes int64) string {
	switch {
	case bytes < 1<<10:
		return fmt.Sprintf("%d bytes", bytes)
	case bytes < 1<<20:
		return fmt.Sprintf("%d KiB", (bytes+1<<9)>>10)
	case bytes < 1<<30:
		return fmt.Sprintf("%.1f MiB", float64(bytes)/(1<<20))
	}
	return fmt.Sprintf("%.1f GiB", float64(bytes)/(1<<30))
}

// helpPath returns the address of the guide for the page.
func (f *Frame) helpPath() string { return "/help?page=" + url.QueryEscape(f.Path) }
