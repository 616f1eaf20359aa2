package cases

import (
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
	// typed are the values of the form; theirs, after a conflict, are what somebody else changed in the
	// meantime, by the field's name.
	typed  typedCase
	theirs []kit.Fact
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
	shown := edited{caseView: view, typed: typedOf(view.Case, v.Zone())}
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

// edit changes a case.
func (p Pages) edit(v *kit.Visit) error {
	shown, err := p.edited(v)
	if err != nil {
		return err
	}
	before := shown.typed
	typed := typedCase{
		subject: v.Line("subject"), kind: v.Line("type"), component: v.Line("component"), reason: v.Line("reason"),
		version: v.Line("version"), environment: v.Line("environment"), tag: v.Line("custom_tag"),
		severity: v.Line("severity"), status: v.Line("status"), assignee: v.Line("assignee"),
		returnAt: v.Line("return_at"), cc: v.Text("cc"),
	}
	if !shown.agent {
		typed.assignee, typed.returnAt = before.assignee, before.returnAt
	}
	request, err := typed.change(v, before)
	if err == nil {
		request.Revision, _ = strconv.ParseInt(v.Line("revision"), 10, 64) // 0 would not be checked
		request.Revision = max(request.Revision, 1)
		_, err = p.Cases.Change(v.Context(), *v.By, shown.OrgID, shown.ID, request)
	}
	if err != nil {
		shown.typed = typed
		if fault.Is(err, fault.Conflict) {
			shown.theirs = differences(v, typed, before)
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
	for _, field := range []struct{ name, typed, present string }{
		{v.T("Subject"), typed.subject, present.subject}, {v.T("Type"), typed.kind, present.kind},
		{v.T("Severity"), typed.severity, present.severity}, {v.T("Status"), typed.status, present.status},
		{v.T("Component"), typed.component, present.component}, {v.T("Reason"), typed.reason, present.reason},
		{v.T("Version"), typed.version, present.version}, {v.T("Environment"), typed.environment, present.environment},
		{v.T("Tag"), typed.tag, present.tag}, {v.T("Copies to"), typed.cc, present.cc},
	} {
		if field.typed != field.present {
			facts = append(facts, kit.Fact{Name: field.name, Value: v.T("%[1]s now, %[2]s in your form",
				kit.Word(field.present), kit.Word(field.typed))})
		}
	}
	return facts
}
