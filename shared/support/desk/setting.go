package desk

import (
	"context"
	"errors"
	"slices"
	"strings"

	"github.com/tenantry/tenantry/shared/fault"
	"github.com/tenantry/tenantry/shared/store/table"
	"github.com/tenantry/tenantry/shared/support/servicelevel"
)

// Choice is a value in the list of a field of a case.
type Choice struct {
	Value string `json:"value"`
	// Label is the text shown for the value; empty to show the value.
	Label string `json:"label,omitempty"`
	// Retired values stay on the cases that have them, but cannot be chosen any more.
	Retired bool `json:"retired,omitempty"`
}

// Setting is how a provider runs its desk: an MSP for its organizations, the platform for its
// direct customers.
type Setting struct {
	// The lists of values of fields. If a list is empty, the field accepts any short text.
	Types        []Choice `json:"types"`
	Components   []Choice `json:"components"`
	Reasons      []Choice `json:"reasons"`
	Versions     []Choice `json:"versions"`
	Environments []Choice `json:"environments"`
	// SolvedDays is the number of days after which a solved case closes automatically; 0 for never.
	SolvedDays int `json:"solved_days"`
	// ReopenDays is the number of days during which a reply reopens a closed case; a later reply
	// opens a new case linked to it. 0 is no limit.
	ReopenDays int `json:"reopen_days"`
	// AskSatisfaction asks the submitter to rate the help when a case closes.
	AskSatisfaction bool `json:"ask_satisfaction"`
	// ServiceLevel is the service level policy; nil for none. PolicyVersion is the version of the
	// last policy.
	ServiceLevel  *servicelevel.Policy `json:"service_level,omitempty"`
	PolicyVersion int64                `json:"policy_version,omitempty"`
	// DeskIDs are the agents who are notified of unassigned cases.
	DeskIDs []string `json:"desk_ids"`
	// Hints are what the provider says under the fields of the form for a new case, by field.
	Hints map[string]Hint `json:"hints,omitempty"`
	// Revision is the version of the stored setting; 0 if none is stored.
	Revision int64 `json:"-"`
}

// The limits of a setting.
const (
	MaxChoices  = 200
	MaxDays     = 365
	MaxDeskIDs  = 10
	usualSolved = 7
	usualReopen = 14
)

// Default is the setting of a provider who has not changed it.
func Default() Setting {
	return Setting{
		Types:        choices("issue", "bug", "feature_request", "question"),
		Reasons:      choices("configuration", "documentation", "installation", "traffic", "upgrade"),
		Environments: choices("all", "apic", "aws", "bare_metal", "cloudstack", "openstack", "vmware"),
		SolvedDays:   usualSolved, ReopenDays: usualReopen,
	}
}

func choices(values ...string) []Choice {
	list := make([]Choice, len(values))
	for i, value := range values {
		list[i].Value = value
	}
	return list
}

// deskSort is the sort key of a provider's setting.
const deskSort = "DESK"

// Partition returns the partition of an MSP, or of the platform for its direct customers.
func Partition(mspID string) string {
	if mspID == "" {
		return "PLATFORM"
	}
	return "MSP#" + mspID
}

func settingKey(mspID string) table.Key {
	return table.Key{Partition: Partition(mspID), Sort: deskSort}
}

// Load reads the desk setting of a provider without a permission check, for Tenantry itself.
func (s *Service) Load(ctx context.Context, mspID string) (Setting, error) {
	var setting Setting
	version, err := s.journal.Get(ctx, settingKey(mspID), &setting)
	if errors.Is(err, table.ErrAbsent) {
		return Default(), nil
	}
	setting.Revision = version
	return setting, err
}

// Of returns the list of a field; nil if the field has no list. It may be assigned to.
func (s *Setting) Of(field string) *[]Choice {
	switch field {
	case "type":
		return &s.Types
	case "component":
		return &s.Components
	case "reason":
		return &s.Reasons
	case "version":
		return &s.Versions
	case "environment":
		return &s.Environments
	}
	return nil
}

// list is a list of a setting, with its field.
type list struct {
	Field   string
	choices []Choice
	// Value returns the field's value in a case.
	Value func(Fields) string
}

// Lists returns the lists of the setting, each with its field of a case.
func (s Setting) Lists() []list {
	return []list{
		{"type", s.Types, func(f Fields) string { return f.Type }},
		{"component", s.Components, func(f Fields) string { return f.Component }},
		{"reason", s.Reasons, func(f Fields) string { return f.Reason }},
		{"version", s.Versions, func(f Fields) string { return f.Version }},
		{"environment", s.Environments, func(f Fields) string { return f.Environment }},
	}
}

// Check returns a fault if a field has a value that is not in the provider's list. A case may keep
// the values that it had before.
func (s Setting) Check(before, after Fields) error {
	for _, l := range s.Lists() {
		value := l.Value(after)
		if value == l.Value(before) || value == "" && l.Field != "type" || len(l.choices) == 0 {
			continue
		}
		at := slices.IndexFunc(l.choices, func(c Choice) bool { return c.Value == value })
		if at < 0 {
			return fault.InField(l.Field, "must be one of %s", l.Names())
		}
		if l.choices[at].Retired {
			return fault.InField(l.Field, "%q is retired; must be one of %s", value, l.Names())
		}
	}
	return nil
}

// open lists the choices that are not retired.
func (l list) open() []Choice {
	return slices.DeleteFunc(slices.Clone(l.choices), func(c Choice) bool { return c.Retired })
}

// Accepts reports whether the list has a value, including retired ones; an empty list accepts every
// value.
func (l list) Accepts(value string) bool {
	return len(l.choices) == 0 || slices.ContainsFunc(l.choices, func(c Choice) bool { return c.Value == value })
}

// maxNamed is the maximum number of values named in an error.
const maxNamed = 30

// Names joins the values that are not retired, for an error.
func (l list) Names() string {
	var values []string
	for i, choice := range l.open() {
		if i == maxNamed {
			values = append(values, "…")
			break
		}
		values = append(values, choice.Value)
	}
	return strings.Join(values, ", ")
}

// Open lists the choices for a field that are not retired; none if any short text is accepted.
func (s Setting) Open(field string) []Choice {
	for _, l := range s.Lists() {
		if l.Field == field {
			return l.open()
		}
	}
	return nil
}

// UsualType returns the type of a case for which the submitter gives no type.
func (s Setting) UsualType() string {
	if types := s.Open("type"); len(types) > 0 {
		return types[0].Value
	}
	return DefaultType
}
