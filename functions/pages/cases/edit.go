package cases

import (
	"cmp"
	"strconv"
	"strings"
	"time"

	"github.com/a-h/templ"

	"github.com/tenantry/tenantry/functions/pages/kit"
	"github.com/tenantry/tenantry/shared/fault"
	"github.com/tenantry/tenantry/shared/identity"
	"github.com/tenantry/tenantry/shared/support"
	"github.com/tenantry/tenantry/shared/support/desk"
)

// edited is a case in the form that changes it.
type edited struct {
	caseView
	setting desk.Setting
	agents  []kit.Option
	// typed are the values of the form, and stored those of the case. theirs, after a conflict, is what
	// differs, by the field's name.
	typed, stored typedCase
	theirs        []kit.Fact
}

// typedCase is what the form has.
type typedCase struct {
	subject, kind, component, reason, version, environment, tag string
	severity, status, assignee, returnAt                        string
	cc                                                          string
}

func typedOf(c support.Case, zone *time.Location) typedCase {
	typed := typedCase{
		subject: c.Subject, kind: c.Type, component: c.Component, reason: c.Reason, version: c.Version,
		environment: c.Environment, tag: c.CustomTag, severity: strconv.Itoa(c.Severity), status: string(c.Status),
	}
	if c.Assignee != nil {
		typed.assignee = c.Assignee.ID
	}
	if c.ReturnAt > 0 {
		typed.returnAt = time.UnixMicro(c.ReturnAt).In(zone).Format(localTime)
	}
	var addresses []string
	for _, party := range c.CC {
		addresses = append(addresses, party.Email)
	}
	typed.cc = strings.Join(addresses, "\n")
	return typed
}

// localTime is the format of an input of type datetime-local (HTML, 2.3.5.5).
const localTime = "2006-01-02T15:04"

// edited reads what the form of the case shows.
func (p Pages) edited(v *kit.Visit) (edited, error) {
	view, err := p.caseView(v)
	if err != nil {
		return edited{}, err
	}
	place := view.org.Place()
	if err := v.By.Check(identity.OpenCases, place); err != nil {
		return edited{}, err
	}
	stored := typedOf(view.Case, v.Zone())
	shown := edited{caseView: view, typed: stored, stored: stored}
	if shown.setting, err = p.Desk.OrgSetting(v.Context(), *v.By, view.OrgID); err != nil {
		return edited{}, err
	}
	if view.agent {
		if shown.agents, err = p.agents(v, place); err != nil {
			return edited{}, err
		}
	}
	v.Trail(kit.Link{Label: v.T("Cases of %s", view.org.Name), Path: "/orgs/" + view.OrgID + "/cases"},
		kit.Link{Label: v.T("Case %d", view.Number), Path: view.path()})
	return shown, nil
}

// editForm shows the form that changes a case.
func (p Pages) editForm(v *kit.Visit) error {
	shown, err := p.edited(v)
	if err != nil {
		return err
	}
	return v.Show(editPage(v.Frame(v.T("Change case %d", shown.Number)), shown))
}

// field is a field of the form by its name.
type field struct {
	name  string
	value *string
}

// fields are those of the form that the reader has.
func (t *typedCase) fields(agent bool) []field {
	all := []field{
		{"subject", &t.subject}, {"type", &t.kind}, {"component", &t.component}, {"reason", &t.reason},
		{"version", &t.version}, {"environment", &t.environment}, {"custom_tag", &t.tag}, {"severity", &t.severity},
		{"status", &t.status}, {"cc", &t.cc},
	}
	if agent {
		all = append(all, field{"assignee", &t.assignee}, field{"return_at", &t.returnAt})
	}
	return all
}

// loadedPrefix begins the names of the fields with what the form had when it was loaded.
const loadedPrefix = "loaded_"

// read fills in what was typed. What the form was loaded with stays as it is now in the case: somebody
// else may have changed it since. It reports whether the reader changed the same as somebody else, and
// otherwise.
func (t *typedCase) read(v *kit.Visit, agent bool) (conflict bool) {
	for _, one := range t.fields(agent) {
		typed, loaded := v.Line(one.name), v.Line(loadedPrefix+one.name)
		if one.name == "cc" {
			typed, loaded = v.Text(one.name), v.Text(loadedPrefix+one.name)
		}
		if typed == loaded {
			continue
		}
		conflict = conflict || *one.value != loaded && *one.value != typed
		*one.value = typed
	}
	return conflict
}

// edit changes a case.
func (p Pages) edit(v *kit.Visit) error {
	shown, err := p.edited(v)
	if err != nil {
		return err
	}
	before := shown.typed
	conflict := shown.typed.read(v, shown.agent)
	request, err := shown.typed.change(v, before)
	switch {
	case err != nil:
	case conflict && v.Line("revision") != strconv.FormatInt(shown.Revision, 10):
		err = fault.New(fault.Conflict, "Compare what you changed with what somebody else did.")
	default:
		request.Revision = shown.Revision
		_, err = p.Cases.Change(v.Context(), *v.By, shown.OrgID, shown.ID, request)
	}
	if err != nil {
		if fault.Is(err, fault.Conflict) {
			shown.theirs = differences(v, shown.typed, before)
		}
		refusal := kit.Refusal{Title: v.T("Change case %d", shown.Number), Heading: v.T("The case was not changed")}
		return v.Again(err, refusal, func(f *kit.Frame) templ.Component { return editPage(f, shown) })
	}
	v.Done(v.T("Case %d was changed.", shown.Number))
	return v.GoTo(shown.path())
}

// change returns what differs from the case as it was read now.
func (t typedCase) change(v *kit.Visit, before typedCase) (support.CaseChange, error) {
	var request support.CaseChange
	for _, field := range []struct {
		typed, before string
		set           **string
	}{
		{t.subject, before.subject, &request.Subject}, {t.kind, before.kind, &request.Type},
		{t.component, before.component, &request.Component}, {t.reason, before.reason, &request.Reason},
		{t.version, before.version, &request.Version}, {t.environment, before.environment, &request.Environment},
		{t.tag, before.tag, &request.CustomTag}, {t.assignee, before.assignee, &request.AssigneeID},
	} {
		if field.typed != field.before {
			*field.set = &field.typed
		}
	}
	if t.status != before.status {
		status := support.Status(t.status)
		request.Status = &status
	}
	if t.severity != before.severity {
		severity, err := strconv.Atoi(t.severity)
		if err != nil {
			severity = -1 // refused like any other wrong number
		}
		request.Severity = &severity
	}
	if t.returnAt != before.returnAt {
		var micros int64
		if t.returnAt != "" {
			at, err := time.ParseInLocation(localTime, t.returnAt, v.Zone())
			if err != nil {
				return request, fault.InField("return_at", "must be a day and a time, as in 2026-11-30T08:00")
			}
			micros = at.UnixMicro()
		}
		request.ReturnAt = &micros
	}
	if t.cc != before.cc {
		addresses := addressesIn(t.cc)
		request.CC = &addresses
	}
	return request, nil
}

// differences returns the fields of the form that differ from the present state of the case.
func differences(v *kit.Visit, typed, present typedCase) []kit.Fact {
	var facts []kit.Fact
	for _, field := range []struct {
		name, typed, present string
		shown                func(kit.Teller, string) string
	}{
		{v.T("Subject"), typed.subject, present.subject, asTyped}, {v.T("Type"), typed.kind, present.kind, kit.Word},
		{v.T("Severity"), typed.severity, present.severity, asTyped},
		{v.T("Status"), typed.status, present.status, kit.Word},
		{v.T("Component"), typed.component, present.component, asTyped},
		{v.T("Reason"), typed.reason, present.reason, kit.Word},
		{v.T("Version"), typed.version, present.version, asTyped},
		{v.T("Environment"), typed.environment, present.environment, kit.Word},
		{v.T("Tag"), typed.tag, present.tag, asTyped}, {v.T("Copies to"), typed.cc, present.cc, asTyped},
	} {
		if field.typed != field.present {
			facts = append(facts, kit.Fact{Name: field.name, Value: v.T("%[1]s now, %[2]s in your form",
				field.shown(v, field.present), field.shown(v, field.typed))})
		}
	}
	return facts
}

// asTyped shows a text that people write.
func asTyped(t kit.Teller, text string) string { return cmp.Or(text, kit.Word(t, "")) }
