package cases

import (
	"context"
	"time"

	"github.com/tenantry/tenantry/functions/endpoint"
	"github.com/tenantry/tenantry/functions/grant"
	"github.com/tenantry/tenantry/shared/fault"
	"github.com/tenantry/tenantry/shared/mail/incoming"
	"github.com/tenantry/tenantry/shared/mail/incoming/markup"
)

type htmlOutput struct {
	Body struct {
		HTML string `json:"html" doc:"A fragment of HTML, without scripts, styles, forms and pictures, with links that send no referrer; empty if the mail has only plain text."`
		Cut  bool   `json:"cut,omitempty" doc:"Set if the mail has more text than is shown."`
	}
}

// getHTML returns the HTML text of a mail, for agents. It is parsed from the raw mail on each call
// and not stored.
func getHTML(s Services) endpoint.Endpoint {
	return endpoint.Get("cases.get_html", "/orgs/{org_id}/cases/{case_id}/comments/{comment_id}/html", "Read the formatted text of a comment's mail, as safe HTML (agents)",
		func(ctx context.Context, in *CommentID) (*htmlOutput, error) {
			raw, err := s.Cases.OpenRawMail(ctx, endpoint.Principal(ctx), in.OrgID, in.CaseID, in.CommentID)
			if err != nil {
				return nil, err
			}
			defer func() { _ = raw.Close() }() // opened for reading only
			mail, err := incoming.Parse(ctx, raw, incoming.Limits{})
			if fault.Is(err, fault.Invalid) || fault.Is(err, fault.TooLarge) {
				return nil, fault.Wrap(err, fault.Conflict, "The mail cannot be read. Get the raw mail instead.")
			}
			if err != nil {
				return nil, err
			}
			out := &htmlOutput{}
			out.Body.HTML = markup.WithPictures(mail.HTML, func(int) string { return "" })
			out.Body.Cut = mail.HTMLCut
			return out, nil
		}).
		Using(grant.On(grant.Audit, grant.Put), grant.On(grant.RawMails, grant.Open)).
		Sized(1769, 29*time.Second)
}
