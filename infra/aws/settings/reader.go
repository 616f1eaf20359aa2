package settings

import (
	"fmt"
	"net/mail"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/tenantry/tenantry/shared/budget"
)

// reader reads values from a context and collects what is wrong with them.
type reader struct {
	context map[string]any
	faults  []error
}

func (r *reader) fault(setting, format string, values ...any) {
	r.faults = append(r.faults, fmt.Errorf("the setting %s: %s", setting, fmt.Sprintf(format, values...)))
}

// raw returns a value as text: the command line gives text, cdk.json may give numbers and booleans.
func (r *reader) raw(setting string) string {
	switch value := r.context[setting].(type) {
	case nil:
		return ""
	case string:
		return strings.TrimSpace(value)
	case float64:
		return strconv.FormatFloat(value, 'f', -1, 64)
	case bool:
		return strconv.FormatBool(value)
	default:
		r.fault(setting, "is %v; want a text, a number, or true or false", value)
		return ""
	}
}

// text reads a text and, if check is not nil, checks it.
func (r *reader) text(setting, usual string, check func(string) string) string {
	value := r.raw(setting)
	if value == "" {
		return usual
	}
	if check != nil {
		if wrong := check(value); wrong != "" {
			r.fault(setting, "%q %s", value, wrong)
		}
	}
	return value
}

// oneOf reads one of several words; the first is the default.
func (r *reader) oneOf(setting string, words ...string) string {
	value := r.text(setting, words[0], nil)
	if !slices.Contains(words, value) {
		r.fault(setting, "is %q; want one of %s", value, strings.Join(words, ", "))
	}
	return value
}

func (r *reader) flag(setting string, usual bool) bool {
	switch value := r.text(setting, strconv.FormatBool(usual), nil); value {
	case "true":
		return true
	case "false":
	default:
		r.fault(setting, "is %q; want true or false", value)
	}
	return false
}

func (r *reader) number(setting string, usual, least, most int) int {
	value := r.text(setting, strconv.Itoa(usual), nil)
	number, err := strconv.Atoi(value)
	if err != nil || number < least || number > most {
		r.fault(setting, "is %q; want a whole number from %d to %d", value, least, most)
	}
	return number
}

// unknown reports settings that do not exist, which are usually misspelled. The CDK's own have a
// ':' or '/' in their names.
func (r *reader) unknown() {
	for setting := range r.context {
		if !strings.ContainsAny(setting, ":/@") && !slices.Contains(Names(), setting) {
			r.fault(setting, "there is no such setting; the settings are %s", strings.Join(Names(), ", "))
		}
	}
}

var (
	namePattern   = regexp.MustCompile(`^[a-z][a-z0-9-]{0,18}[a-z0-9]$`)
	domainPattern = regexp.MustCompile(`^([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,63}$`)
)

func isName(value string) string {
	if namePattern.MatchString(value) {
		return ""
	}
	return "must have 2 to 20 lower-case letters, digits and '-', begin with a letter and not end with '-': the " +
		"names of all resources begin with it"
}

func isDomain(value string) string {
	if domainPattern.MatchString(value) && len(value) <= 200 {
		return ""
	}
	return "is not a domain in lower case, as in help.example.com"
}

func isBaseURL(value string) string {
	u, err := url.Parse(value)
	if err == nil && (u.Scheme == "https" || u.Scheme == "http") && u.Host != "" && u.Path == "" && u.RawQuery == "" &&
		u.Fragment == "" &&
		u.User == nil {
		return ""
	}
	return "is not a base URL; want one as in https://portal.example.com, with no slash at the end"
}

func isAddress(value string) string {
	if address, err := mail.ParseAddress(value); err == nil && address.Address == value {
		return ""
	}
	return "is not an e-mail address"
}

func isARN(service string) func(string) string {
	return func(value string) string {
		parts := strings.SplitN(value, ":", 6)
		if len(parts) == 6 && parts[0] == "arn" && parts[2] == service && parts[5] != "" {
			return ""
		}
		return "is not an ARN of the service " + service
	}
}

// budgets returns the variables of the budgets that are set; the others have their defaults.
func (r *reader) budgets() map[string]string {
	set := map[string]string{}
	for _, setting := range budget.Settings() {
		value := r.raw(setting.Name)
		if value == "" {
			continue
		}
		if err := setting.Check(value); err != nil {
			r.fault(setting.Name, "is %q: %v", value, err)
		}
		set[setting.Variable] = value
	}
	return set
}
