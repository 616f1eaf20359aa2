package desk

import (
	"maps"
	"net/url"
	"slices"
	"strings"

	"github.com/tenantry/tenantry/shared/fault"
	"github.com/tenantry/tenantry/shared/identity"
)

// Hint is what a provider says under a field of the form for a new case.
type Hint struct {
	// Text is a sentence.
	Text string `json:"text"`
	// Link is the address of a page that says more, with Label as its text; both are empty for none.
	Link  string `json:"link,omitempty"`
	Label string `json:"label,omitempty"`
}

// The limits of a hint, in characters.
const (
	MaxHint  = 200
	MaxLink  = 1000
	MaxLabel = 60
)

// HintedFields lists the fields of the form for a new case.
func HintedFields() []string {
	return []string{
		"subject", "description", "type", "component", "reason", "version", "severity", "environment", "custom_tag",
		"cc", "attachments",
	}
}

// checkHints returns a fault of code Invalid if a hint breaks a rule.
func checkHints(hints map[string]Hint) error {
	for _, field := range slices.Sorted(maps.Keys(hints)) {
		hint, name := hints[field], "hints."+field
		if !slices.Contains(HintedFields(), field) {
			return fault.InField("hints", "%q is not a field of the form; must be one of %s",
				field, strings.Join(HintedFields(), ", "))
		}
		if err := identity.CheckText(name+".text", hint.Text, 1, MaxHint); err != nil {
			return err
		}
		if hint.Link == "" && hint.Label == "" {
			continue
		}
		if err := identity.CheckText(name+".label", hint.Label, 1, MaxLabel); err != nil {
			return err
		}
		if err := identity.CheckText(name+".link", hint.Link, 1, MaxLink); err != nil {
			return err
		}
		if !isWebAddress(hint.Link) {
			return fault.InField(name+".link", "must be an address that begins with https:// or http://, without a password")
		}
	}
	return nil
}

// isWebAddress reports whether a text is the address of a web page. An address with a user name can
// look like one of another host.
func isWebAddress(text string) bool {
	parsed, err := url.Parse(text)
	return err == nil && (parsed.Scheme == "https" || parsed.Scheme == "http") && parsed.Hostname() != "" &&
		parsed.User == nil && !strings.ContainsAny(text, " \\\"<>")
}
