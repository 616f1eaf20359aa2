package desk

import (
	"slices"

	"github.com/tenantry/tenantry/shared/fault"
	"github.com/tenantry/tenantry/shared/identity"
)

// The limits of a case's fields, in characters.
const (
	MaxSubject = 300
	MaxText    = 65_536
	MaxShort   = 100 // type, component, reason, version, environment, custom tag
)

// The default severity and type of a case.
const (
	MostUrgent     = 1
	LeastUrgent    = 4
	DefaultType    = "issue"
	NormalSeverity = 3
)

// Fields are the fields of a case that people fill in.
type Fields struct {
	Subject     string `json:"subject"`
	Type        string `json:"type"`
	Component   string `json:"component,omitempty"`
	Reason      string `json:"reason,omitempty"`
	Version     string `json:"version,omitempty"` // of the software concerned
	Severity    int    `json:"severity"`          // 1 is the most urgent, 4 the least
	Environment string `json:"environment,omitempty"`
	CustomTag   string `json:"custom_tag,omitempty"`
}

// Check returns a fault if a field breaks a rule that applies to every provider; Setting.Check
// checks the others.
func (f Fields) Check() error {
	if err := identity.CheckText("subject", f.Subject, 1, MaxSubject); err != nil {
		return err
	}
	for _, short := range []struct{ name, text string }{
		{"type", f.Type}, {"component", f.Component}, {"reason", f.Reason},
		{"version", f.Version}, {"environment", f.Environment}, {"custom_tag", f.CustomTag},
	} {
		if err := identity.CheckText(short.name, short.text, 0, MaxShort); err != nil {
			return err
		}
	}
	if f.Severity < MostUrgent || f.Severity > LeastUrgent {
		return fault.InField("severity", "must be %d (most urgent) to %d", MostUrgent, LeastUrgent)
	}
	return nil
}

// Differs reports whether two cases differ in a field that has a list of values.
func (f Fields) Differs(other Fields) bool {
	return slices.ContainsFunc(Setting{}.Lists(), func(l list) bool { return l.Value(f) != l.Value(other) })
}
