package pages

import (
	"net/http"
	"strconv"

	"github.com/a-h/templ"

	"github.com/tenantry/tenantry/shared/identity"
	"github.com/tenantry/tenantry/shared/support"
	"github.com/tenantry/tenantry/shared/support/desk"
)

const newCaseTitle = "Open a case"

// newCaseForm asks for a new case of an organization.
func (p *portal) newCaseForm(v *visit) error {
	org, err := p.Tenants.Org(v.r.Context(), *v.by, v.r.PathValue("org_id"), identity.OpenCases)
	if err != nil {
		return err
	}
	setting, err := p.Desk.OrgSetting(v.r.Context(), *v.by, org.ID)
	if err != nil {
		return err
	}
	blank := support.NewCase{Fields: desk.Fields{Severity: desk.NormalSeverity}}
	return p.show(v, http.StatusOK, newCasePage(p.frame(v, newCaseTitle), org, setting, blank))
}

// newCase opens a case.
func (p *portal) newCase(v *visit) error {
	ctx := v.r.Context()
	request := support.NewCase{
		Fields: desk.Fields{
			Subject: v.line("subject"), Type: v.line("type"), Component: v.line("component"), Reason: v.line("reason"),
			Version: v.line("version"), Environment: v.line("environment"), CustomTag: v.line("custom_tag"),
		},
		Description: v.text("description"),
	}
	var err error
	if request.Severity, err = strconv.Atoi(v.line("severity")); err != nil {
		request.Severity = -1 // rejected like any other invalid severity
	}
	created, err := p.Cases.Create(ctx, *v.by, v.r.PathValue("org_id"), request)
	if err == nil {
		return v.goTo(casePath(created.OrgID, created.ID))
	}
	org, orgErr := p.Tenants.Org(ctx, *v.by, v.r.PathValue("org_id"), identity.OpenCases)
	if orgErr != nil {
		return err
	}
	setting, settingErr := p.Desk.OrgSetting(ctx, *v.by, org.ID)
	if settingErr != nil {
		return settingErr
	}
	return p.again(v, err, newCaseTitle, "Case not opened", func(f frame) templ.Component {
		return newCasePage(f, org, setting, request)
	})
}
