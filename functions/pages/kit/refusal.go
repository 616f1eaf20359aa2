package kit

import (
	"regexp"
	"strconv"
	"strings"

	"github.com/tenantry/tenantry/functions/endpoint"
	"github.com/tenantry/tenantry/shared/fault"
)

// filesLimit matches the refusal of too many files, storageLimit that of a limit for storage, in bytes.
var (
	filesLimit   = regexp.MustCompile(`^must be at most (\d+) files$`)
	storageLimit = regexp.MustCompile(`^must be from 0, for the limit of the installation, to (\d+)$`)
)

// fieldName returns the name of the form's field for that of the API: without the path to it, and as the
// form calls it.
func fieldName(name string) string {
	switch name = name[strings.LastIndexByte(name, '.')+1:]; name {
	case "privileges":
		return "role"
	case "file":
		return "files"
	case "assignee_id":
		return "assignee"
	}
	return name
}

// refused returns what is wrong with a field as a sentence of the page. Rules say it in the words of the
// API, where a field has a name, and a time is a number.
func refused(t Teller, field fault.Field) string {
	name := fieldName(field.Name)
	if most := filesLimit.FindStringSubmatch(field.Message); most != nil {
		return t.T("Choose at most %s files.", most[1])
	}
	if most := storageLimit.FindStringSubmatch(field.Message); most != nil {
		bytes, _ := strconv.ParseInt(most[1], 10, 64) // digits of a number that a rule wrote
		return t.T("Enter GiB of storage from 0, for the limit of the platform, to %s.", strconv.FormatInt(bytes>>30, 10))
	}
	switch {
	case strings.Contains(field.Message, "one hour to two years"):
		return t.T("The last day must be from today to two years from now.")
	case strings.Contains(field.Message, "epoch seconds"):
		return t.T("The last day must be today or later.")
	case name == "role" && strings.HasPrefix(field.Message, "must be one of"):
		return t.T("Choose a role.")
	}
	if label := labelOf(t, name); label != "" {
		return strings.TrimRight(label+" "+field.Message, ".") + "."
	}
	return Sentence(name, field.Message)
}

// labelOf returns what pages call a field whose name does not say it; "" for the others.
func labelOf(t Teller, name string) string {
	switch name {
	case "account_number":
		return t.T("Account number")
	case "assignee":
		return t.T("Assigned to")
	case "cc":
		return t.T("Copies to")
	case "custom_tag":
		return t.T("Tag")
	case "desk_ids":
		return t.T("People of the desk")
	case "entry":
		return t.T("Address or domain")
	case "files":
		return t.T("File")
	case "logo_url":
		return t.T("Picture's address")
	case "url":
		return t.T("Web site")
	case "expire_time", "until":
		return t.T("Last day")
	case "expiry_in_days":
		return t.T("Days until a new one is needed")
	case "min_length":
		return t.T("Characters at least")
	case "return_at":
		return t.T("Comes back at")
	case "src_ips":
		return t.T("Allowed addresses")
	case "ui_idle_timeout":
		return t.T("Minutes without use until people log in again")
	case "watcher_ids":
		return t.T("Watchers")
	}
	return ""
}

// explained returns what an answer says, as a page says it: the refused fields in its words, and without
// the call that helps programs only.
func explained(t Teller, answer *endpoint.Problem) string {
	if len(answer.Fields) == 0 {
		return answer.ForPeople()
	}
	sentences := make([]string, len(answer.Fields))
	for i, field := range answer.Fields {
		sentences[i] = refused(t, field)
	}
	return strings.Join(sentences, " ")
}
