package pages

import (
	"io"

	"github.com/tenantry/tenantry/functions/cases"
	"github.com/tenantry/tenantry/functions/endpoint"
	"github.com/tenantry/tenantry/functions/uploads"
	"github.com/tenantry/tenantry/shared/support"
)

// comment adds a comment with files to a case. The form is streamed: the text fields, with the CSRF
// token, come before the files, and no file is stored before the token is checked.
func (p *portal) comment(v *visit) error {
	ctx, id := v.r.Context(), v.caseID()
	contents := endpoint.NewFingerprint(v.r.Body, v.r.Header.Get("Content-Type"), csrfField, onceField)
	defer func() { _ = contents.Close() }() // closing a pipe for writing never fails
	v.r.Body = io.NopCloser(contents)
	upload, err := uploads.Of(v.w, v.r)
	if err != nil {
		return err
	}
	desk := cases.Services{Set: p.Set, Links: p.Links}
	form := desk.Form(id, csrfField, onceField, "comment", "internal")
	form.Admit = func(texts map[string]string) error { return p.genuine(v, texts[csrfField]) }
	read, err := form.Read(ctx, upload)
	comment := support.NewComment{
		Text:     unixLines(read.Texts["comment"]),
		Internal: read.Texts["internal"] != "",
		Files:    read.Files,
	}
	var created support.Comment
	if err == nil {
		p.submit(v, read.Texts[onceField], contents.Sum)
		ctx = v.r.Context()
		_, created, err = p.Cases.AddComment(ctx, *v.by, id.OrgID, id.CaseID, comment)
	}
	if err != nil {
		upload.Drain()
		return p.caseAgain(v, desk.Discard(ctx, read.Files, err), func(c *caseView) {
			c.typed, c.internal = comment.Text, comment.Internal
		})
	}
	return v.goTo(casePath(id.OrgID, id.CaseID) + "#" + created.ID)
}
