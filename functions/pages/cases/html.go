package cases

import (
	"context"
	"io"
	"net/http"

	"github.com/tenantry/tenantry/functions/pages/kit"
	"github.com/tenantry/tenantry/functions/uploads"
	"github.com/tenantry/tenantry/shared/fault"
	"github.com/tenantry/tenantry/shared/mail/incoming"
	"github.com/tenantry/tenantry/shared/mail/incoming/markup"
)

// formatted shows the formatted text of a comment's mail in a frame that can do nothing.
func (p Pages) formatted(v *kit.Visit) error {
	shown, err := p.caseView(v)
	if err != nil {
		return err
	}
	v.Trail(kit.Link{Label: v.T("Case %d", shown.Number), Path: shown.path()})
	return v.Show(formattedPage(v.Frame(v.T("Formatted mail")), shown.path()+"/comments/"+v.Path("comment_id")+"/html/content"))
}

// formattedPolicy keeps the frame from loading and running anything, and from reaching its page.
const formattedPolicy = "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'self'; sandbox allow-popups"

// formattedContent is the content of that frame.
func (p Pages) formattedContent(v *kit.Visit) error {
	id := idOf(v)
	raw, err := p.Cases.OpenRawMail(v.Context(), *v.By, id.OrgID, id.CaseID, v.Path("comment_id"))
	if err != nil {
		return err
	}
	defer func() { _ = raw.Close() }() // opened for reading only
	content, err := markupOf(v.Context(), raw)
	if err != nil {
		return err
	}
	v.W.Header().Set("Content-Type", "text/html; charset=utf-8")
	v.W.Header().Set("Content-Security-Policy", formattedPolicy)
	v.W.WriteHeader(http.StatusOK)
	_, _ = io.WriteString(v.W, "<!DOCTYPE html><meta charset=utf-8><title>Mail</title><base target=_blank>"+content)
	return nil
}

// markupOf returns the HTML of a mail without scripts, styles, forms and pictures.
func markupOf(ctx context.Context, raw io.Reader) (string, error) {
	mail, err := incoming.Parse(ctx, raw, incoming.Limits{})
	if fault.Is(err, fault.Invalid) || fault.Is(err, fault.TooLarge) {
		return "", fault.Wrap(err, fault.Conflict, "The mail cannot be read. Get the raw mail instead.")
	}
	if err != nil {
		return "", err
	}
	return markup.WithPictures(mail.HTML, func(int) string { return "" }), nil
}

// rawMail leads to the whole mail of a comment, as it came.
func (p Pages) rawMail(v *kit.Visit) error {
	id := idOf(v)
	key, err := p.Cases.RawMail(v.Context(), *v.By, id.OrgID, id.CaseID, v.Path("comment_id"))
	if err != nil {
		return err
	}
	link, err := p.Links.Link(v.Context(), key, v.Path("comment_id")+".eml", "message/rfc822", uploads.LinkValid)
	if err != nil {
		return err
	}
	return v.GoTo(link)
}
