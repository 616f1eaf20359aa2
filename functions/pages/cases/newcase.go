package cases

import (
	"strconv"

	"github.com/a-h/templ"

	"github.com/tenantry/tenantry/functions/pages/kit"
	"github.com/tenantry/tenantry/shared/identity"
	"github.com/tenantry/tenantry/shared/support"
	"github.com/tenantry/tenantry/shared/support/desk"
)

const newCaseTitle = "Open a case"

// newCaseForm asks for a new case of an organization.
func (p Pages) newCaseForm(v *kit.Visit) error {
	org, err := p.Tenants.Org(v.Context(), *v.By, v.Path("org_id"), identity.OpenCases)
	if err != nil {
		return err
	}
	p.at(v, org)
	setting, err := p.Desk.OrgSetting(v.Context(), *v.By, org.ID)
	if err != nil {
		return err
	}
	blank := support.NewCase{Fields: desk.Fields{Severity: desk.NormalSeverity}}
	return v.Show(newCasePage(v.Frame(v.T(newCaseTitle)), org, setting, blank))
}

// newCase opens a case.
func (p Pages) newCase(v *kit.Visit) error {
	ctx := v.Context()
	request := support.NewCase{
		Fields: desk.Fields{
			Subject: v.Line("subject"), Type: v.Line("type"), Component: v.Line("component"), Reason: v.Line("reason"),
			Version: v.Line("version"), Environment: v.Line("environment"), CustomTag: v.Line("custom_tag"),
		},
		Description: v.Text("description"),
	}
	var err error
	if request.Severity, err = strconv.Atoi(v.Line("severity")); err != nil {
		request.Severity = -1 // rejected like any other invalid severity
	}
	created, err := p.Cases.Create(ctx, *v.By, v.Path("org_id"), request)
	if err == nil {
		v.Done(v.T("Case %d is open. You get a mail when somebody answers.", created.Number))
		return v.GoTo(casePath(created.OrgID, created.ID))
	}
	org, orgErr := p.Tenants.Org(ctx, *v.By, v.Path("org_id"), identity.OpenCases)
	if orgErr != nil {
		return err
	}
	p.at(v, org)
	setting, settingErr := p.Desk.OrgSetting(ctx, *v.By, org.ID)
	if settingErr != nil {
		return settingErr
	}
	return v.Again(err, kit.Refusal{Title: v.T(newCaseTitle), Heading: v.T("Case not opened")}, func(f *kit.Frame) templ.Component {
		return newCasePage(f, org, setting, request)
	})
}
