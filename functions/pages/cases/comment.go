package cases

import (
	"io"

	"github.com/tenantry/tenantry/functions/cases"
	"github.com/tenantry/tenantry/functions/endpoint"
	"github.com/tenantry/tenantry/functions/pages/kit"
	"github.com/tenantry/tenantry/functions/uploads"
	"github.com/tenantry/tenantry/shared/support"
)

// comment adds a comment with files to a case. The form is streamed: the text fields, with the CSRF
// token, come before the files, and no file is stored before the token is checked.
func (p Pages) comment(v *kit.Visit) error {
	ctx, id := v.Context(), idOf(v)
	contents := endpoint.NewFingerprint(v.R.Body, v.R.Header.Get("Content-Type"), kit.CSRFField, kit.OnceField)
	defer func() { _ = contents.Close() }() // closing a pipe for writing never fails
	v.R.Body = io.NopCloser(contents)
	upload, err := uploads.Of(v.W, v.R)
	if err != nil {
		return err
	}
	desk := cases.Services{Set: p.Set, Links: p.Links}
	form := desk.Form(id, kit.CSRFField, kit.OnceField, "comment", "internal", "status")
	form.Admit = func(texts map[string]string) error { return v.Genuine(texts[kit.CSRFField]) }
	read, err := form.Read(ctx, upload)
	comment := support.NewComment{
		Text:     kit.UnixLines(read.Texts["comment"]),
		Internal: read.Texts["internal"] != "",
		Status:   support.Status(read.Texts["status"]),
		Files:    read.Files,
	}
	var created support.Comment
	if err == nil {
		v.Submit(read.Texts[kit.OnceField], contents.Sum)
		ctx = v.Context()
		_, created, err = p.Cases.AddComment(ctx, *v.By, id.OrgID, id.CaseID, comment)
	}
	if err != nil {
		upload.Drain()
		return p.caseAgain(v, desk.Discard(ctx, read.Files, err), func(c *caseView) {
			c.typed, c.internal = comment.Text, comment.Internal
		})
	}
	if comment.Internal {
		v.Done(v.T("Your internal note was added."))
	} else {
		v.Done(v.T("Your comment was sent."))
	}
	return v.GoTo(casePath(id.OrgID, id.CaseID) + "#" + created.ID)
}
