package cases

import (
	"context"
	"io"
	"net/url"
	"strconv"
	"strings"
	"unicode"

	"github.com/a-h/templ"

	"github.com/tenantry/tenantry/functions/cases"
	"github.com/tenantry/tenantry/functions/pages/kit"
	"github.com/tenantry/tenantry/functions/uploads"
	"github.com/tenantry/tenantry/shared/identity"
	"github.com/tenantry/tenantry/shared/support"
	"github.com/tenantry/tenantry/shared/support/attachment"
	"github.com/tenantry/tenantry/shared/support/desk"
)

const newCaseTitle = "Open a case"

// newCaseFields are the fields of the form.
func newCaseFields() []string {
	return []string{
		kit.CSRFField, kit.OnceField, "subject", "description", "type", "severity", "component", "version", "reason",
		"environment", "custom_tag", "cc",
	}
}

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
	return v.Show(newCasePage(v.Frame(v.T(newCaseTitle)), org, setting, blank, p.fileLimits(v)))
}

// newCase opens a case with files. The form is streamed: the case is opened when its texts have been
// read and its CSRF token checked, and the files that follow are stored with it. A file that is refused
// leaves the case open without it, and the next page says so.
func (p Pages) newCase(v *kit.Visit) error {
	upload, err := uploads.Of(v.W, v.R)
	if err != nil {
		return err
	}
	orgID := v.Path("org_id")
	var created support.Case
	handlers := cases.Services{Set: p.Set, Links: p.Links}
	form := handlers.Form(cases.ID{OrgID: orgID}, newCaseFields()...)
	form.Admit = func(texts map[string]string) error {
		if err := v.Genuine(texts[kit.CSRFField]); err != nil {
			return err
		}
		v.Submit(texts[kit.OnceField], func() string {
			form := url.Values{}
			for name, text := range texts {
				form.Set(name, text)
			}
			return kit.Fingerprint(form)
		})
		var err error
		created, err = p.Cases.Create(v.Context(), *v.By, orgID, requestOf(texts))
		return err
	}
	form.Store = func(ctx context.Context, name, contentType string, content io.Reader) (attachment.File, error) {
		return p.Cases.StoreFile(ctx, *v.By, orgID, created.ID, name, contentType, content)
	}
	read, err := form.Read(v.Context(), upload)
	if created.ID == "" {
		upload.Drain()
		return p.newCaseAgain(v, orgID, read.Texts, err)
	}
	for _, file := range read.Files {
		if err == nil {
			_, err = p.Cases.AttachFile(v.Context(), *v.By, orgID, created.ID, file)
		}
	}
	if err != nil {
		upload.Drain()
		v.NotDone(handlers.Discard(v.Context(), read.Files, err))
		return v.GoTo(casePath(created.OrgID, created.ID))
	}
	v.Done(v.T("Case %d is open. You get a mail when somebody answers.", created.Number))
	return v.GoTo(casePath(created.OrgID, created.ID))
}

// requestOf returns what the texts of the form ask for.
func requestOf(texts map[string]string) support.NewCase {
	line := func(name string) string { return strings.TrimSpace(texts[name]) }
	request := support.NewCase{
		Fields: desk.Fields{
			Subject: line("subject"), Type: line("type"), Component: line("component"), Reason: line("reason"),
			Version: line("version"), Environment: line("environment"), CustomTag: line("custom_tag"),
		},
		Description: kit.UnixLines(texts["description"]),
		CC:          addressesIn(texts["cc"]),
	}
	var err error
	if request.Severity, err = strconv.Atoi(line("severity")); err != nil {
		request.Severity = -1 // refused like any other invalid severity
	}
	return request
}

// addressesIn returns the mail addresses in a field, whatever is between them.
func addressesIn(text string) []string {
	return strings.FieldsFunc(text, func(r rune) bool { return unicode.IsSpace(r) || r == ',' || r == ';' })
}

// newCaseAgain shows the form again after it was refused.
func (p Pages) newCaseAgain(v *kit.Visit, orgID string, texts map[string]string, cause error) error {
	org, err := p.Tenants.Org(v.Context(), *v.By, orgID, identity.OpenCases)
	if err != nil {
		return cause
	}
	p.at(v, org)
	setting, err := p.Desk.OrgSetting(v.Context(), *v.By, org.ID)
	if err != nil {
		return err
	}
	refusal := kit.Refusal{Title: v.T(newCaseTitle), Heading: v.T("Case not opened")}
	return v.Again(cause, refusal, func(f *kit.Frame) templ.Component {
		return newCasePage(f, org, setting, requestOf(texts), p.fileLimits(v))
	})
}
