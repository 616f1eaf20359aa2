package desk

import (
	"errors"
	"maps"
	"slices"
	"strings"

	"github.com/a-h/templ"

	"github.com/tenantry/tenantry/functions/pages/kit"
	"github.com/tenantry/tenantry/shared/fault"
	"github.com/tenantry/tenantry/shared/support/desk"
)

// hints are what a provider says under the fields of the form for a new case.
type hints struct {
	provider
	hints    map[string]desk.Hint
	revision int64
	// theirs are the stored ones while the form has others; nil if they are the same.
	theirs map[string]desk.Hint
}

func (h hints) path() string { return h.provider.path + "/desk/hints" }

// changed reports whether a form was refused because somebody else changed the hint of a field.
func (h hints) changed(field string) bool {
	return h.theirs != nil && h.theirs[field] != h.hints[field]
}

// hints shows the hints of a provider.
func (p Pages) hints(v *kit.Visit) error {
	at, setting, err := p.setting(v)
	if err != nil {
		return err
	}
	shown := hints{provider: at, hints: setting.Hints, revision: revisionOf(setting)}
	return v.Show(hintsPage(v.Frame(v.T("Hints of %s", at.Name)), shown))
}

// changeHints saves all hints of a provider.
func (p Pages) changeHints(v *kit.Visit) error {
	at, setting, err := p.setting(v)
	if err != nil {
		return err
	}
	typed := hints{provider: at, hints: map[string]desk.Hint{}, revision: revisionOf(setting)}
	for _, field := range desk.HintedFields() {
		hint := desk.Hint{
			Text: v.Line(field + "_text"), Link: v.Line(field + "_link"), Label: v.Line(field + "_label"),
		}
		if hint != (desk.Hint{}) {
			typed.hints[field] = hint
		}
	}
	_, err = p.Desk.ChangeSetting(v.Context(), *v.By, at.MSPID, revision(v), func(s *desk.Setting) {
		s.Hints = maps.Clone(typed.hints)
	})
	if err != nil {
		if overtaken(err) {
			typed.theirs = map[string]desk.Hint{}
			maps.Copy(typed.theirs, setting.Hints)
		}
		refusal := kit.Refusal{Title: v.T("Hints of %s", at.Name), Heading: v.T("The hints were not saved")}
		return v.Again(ofForm(err), refusal, func(f *kit.Frame) templ.Component { return hintsPage(f, typed) })
	}
	v.Done(v.T("The hints were saved."))
	return v.GoTo(typed.path())
}

// ofForm names the wrong parts of hints as the form does: "hints.subject.text" is "subject_text".
func ofForm(err error) error {
	problem, ok := errors.AsType[*fault.Error](err)
	if !ok {
		return err
	}
	renamed := *problem
	renamed.Fields = slices.Clone(problem.Fields)
	for i, field := range renamed.Fields {
		renamed.Fields[i].Name = strings.ReplaceAll(strings.TrimPrefix(field.Name, "hints."), ".", "_")
	}
	return &renamed
}

// hintedName returns the name of a field of the form for a new case.
func hintedName(t kit.Teller, field string) string {
	switch field {
	case "description":
		return t.T("Description")
	case "custom_tag":
		return t.T("Tag")
	case "cc":
		return t.T("Copies to")
	case "attachments":
		return t.T("Files")
	}
	return kit.Word(t, field)
}
