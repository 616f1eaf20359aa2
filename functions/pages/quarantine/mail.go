package quarantine

import (
	"context"
	"errors"
	"slices"

	"github.com/a-h/templ"
	"github.com/google/uuid"

	"github.com/tenantry/tenantry/functions/pages/kit"
	"github.com/tenantry/tenantry/functions/pages/scope"
	"github.com/tenantry/tenantry/functions/uploads"
	"github.com/tenantry/tenantry/shared/fault"
	"github.com/tenantry/tenantry/shared/identity"
	"github.com/tenantry/tenantry/shared/support/intake"
	"github.com/tenantry/tenantry/shared/support/mailthread"
)

// detail is a quarantined mail as its page shows it.
type detail struct {
	intake.Quarantined
	reason  intake.ReasonText
	content intake.Content
	// gone is set if the content is no longer there, and withheld says why the reader, who may see
	// that there is the mail, may not see its content.
	gone     bool
	withheld string
}

func (d detail) path() string { return listPath + "/" + d.ID }

// recipients returns the addresses that the mail was sent to, without the part of reply addresses that
// lets one write in another's name.
func (d detail) recipients() []string {
	masked := make([]string, len(d.Recipients))
	for i, address := range d.Recipients {
		masked[i] = mailthread.MaskAddress(address)
	}
	return masked
}

// read reads the mail of the path without its content.
func (p Pages) read(v *kit.Visit) (detail, error) {
	if err := scope.Platform(v); err != nil {
		return detail{}, err
	}
	v.Trail(kit.Link{Label: v.T("Quarantine"), Path: listPath})
	id := v.Path("mail_id")
	reasons, err := p.Intake.ExplainQuarantine(*v.By)
	if err != nil {
		return detail{}, err
	}
	if uuid.Validate(id) != nil {
		return detail{}, fault.Missing()
	}
	mail, err := p.Intake.QuarantinedMail(v.Context(), *v.By, id)
	if err != nil {
		return detail{}, err
	}
	shown := detail{Quarantined: mail, reason: intake.ReasonText{Reason: mail.Reason}}
	if at := slices.IndexFunc(reasons, func(r intake.ReasonText) bool { return r.Reason == mail.Reason }); at >= 0 {
		shown.reason = reasons[at]
	}
	return shown, nil
}

// readContent also reads the content.
func (p Pages) readContent(v *kit.Visit) (detail, error) {
	shown, err := p.read(v)
	if err != nil {
		return detail{}, err
	}
	shown.content, err = p.Intake.QuarantinedContent(v.Context(), *v.By, shown.ID)
	switch problem, _ := errors.AsType[*fault.Error](err); fault.CodeOf(err) {
	case fault.NotFound:
		shown.gone, err = true, nil
	case fault.Forbidden:
		shown.withheld, err = problem.Message, nil
	}
	return shown, err
}

// subjectOf returns what a mail is called.
func subjectOf(t kit.Teller, mail intake.Quarantined) string {
	if mail.Subject == "" {
		return t.T("Mail without a subject")
	}
	return mail.Subject
}

// mail shows a quarantined mail.
func (p Pages) mail(v *kit.Visit) error {
	shown, err := p.readContent(v)
	if err != nil {
		return err
	}
	return v.Show(mailPage(v.Frame(subjectOf(v, shown.Quarantined)), shown))
}

// raw redirects to the raw mail through a short-lived link.
func (p Pages) raw(v *kit.Visit) error {
	if err := scope.Platform(v); err != nil {
		return err
	}
	if uuid.Validate(v.Path("mail_id")) != nil {
		return fault.Missing()
	}
	mail, err := p.Intake.RawQuarantined(v.Context(), *v.By, v.Path("mail_id"))
	if err != nil {
		return err
	}
	link, err := p.Links.Link(v.Context(), mail.Mail.RawKey, mail.ID+".eml", "message/rfc822", uploads.LinkValid)
	if err != nil {
		return err
	}
	return v.GoTo(link)
}

// release accepts a mail despite the reason for its quarantine.
func (p Pages) release(v *kit.Visit) error {
	return p.letIn(v, p.Intake.ReleaseQuarantined, v.T("The mail was released. It is being processed."))
}

// replay processes a mail again.
func (p Pages) replay(v *kit.Visit) error {
	return p.letIn(v, p.Intake.ReplayQuarantined,
		v.T("The mail is being processed again. If its cause is still there, it comes back."))
}

func (p Pages) letIn(
	v *kit.Visit, do func(ctx context.Context, by identity.Principal, id string) error, done string,
) error {
	err := do(v.Context(), *v.By, v.Path("mail_id"))
	if fault.Is(err, fault.Conflict) {
		shown, readErr := p.readContent(v)
		if readErr != nil {
			return err // the mail is gone, or was let in by the same form
		}
		refusal := kit.Refusal{Title: subjectOf(v, shown.Quarantined), Heading: v.T("The mail stays in the quarantine")}
		return v.Again(err, refusal, func(f *kit.Frame) templ.Component { return mailPage(f, shown) })
	}
	if err != nil {
		return err
	}
	v.Done(done)
	return v.GoTo(listPath)
}

// askDelete asks whether a mail shall be deleted.
func (p Pages) askDelete(v *kit.Visit) error {
	shown, err := p.read(v)
	if err != nil {
		return err
	}
	v.Trail(kit.Link{Label: v.T("Quarantine"), Path: listPath}, kit.Link{Label: subjectOf(v, shown.Quarantined), Path: shown.path()})
	return v.Show(deletePage(v.Frame(v.T("Delete this mail?")), shown))
}

// delete deletes a mail.
func (p Pages) delete(v *kit.Visit) error {
	if err := p.Intake.DiscardQuarantined(v.Context(), *v.By, v.Path("mail_id")); err != nil {
		return err
	}
	v.Done(v.T("The mail was deleted."))
	return v.GoTo(listPath)
}
