package cases

import (
	"context"
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"github.com/tenantry/tenantry/functions/endpoint"
	"github.com/tenantry/tenantry/functions/grant"
	"github.com/tenantry/tenantry/functions/uploads"
	"github.com/tenantry/tenantry/shared/fault"
	"github.com/tenantry/tenantry/shared/support/attachment"
)

type attachInput struct {
	ID
	uploads.Upload
}

type attachmentOutput struct {
	Body Attachment
}

// attach attaches a file to a case.
func attach(s Services) endpoint.Endpoint {
	return endpoint.New(endpoint.About{
		Name: "cases.attach", Method: http.MethodPost, Path: "/orgs/{org_id}/cases/{case_id}/attachments",
		Summary: "Attach a file to a case", MaxBody: uploads.MaxUpload,
		Body: AttachBody(),
	}, func(ctx context.Context, in *attachInput) (*attachmentOutput, error) {
		file, err := s.Attach(ctx, in.ID, &in.Upload)
		return &attachmentOutput{Body: attachmentOf(file)}, err
	}).Using(grant.On(grant.Core, grant.Count, grant.Delete, grant.Put), grant.On(grant.Audit, grant.Put),
		grant.On(grant.Attachments, grant.Delete, grant.Store))
}

// AttachBody describes the body of a call that attaches a file. The handler reads the body itself.
func AttachBody() *huma.RequestBody {
	file := &huma.Schema{Type: huma.TypeString, Format: "binary", Description: "The file, at most 25 MiB."}
	return &huma.RequestBody{Required: true, Content: map[string]*huma.MediaType{
		"multipart/form-data": uploads.Schema(map[string]*huma.Schema{"file": file}, "file"),
	}}
}

// Attach attaches the only file of a form to a case.
func (s Services) Attach(ctx context.Context, to ID, upload *uploads.Upload) (attachment.File, error) {
	read, err := s.Form(to).Read(ctx, upload)
	if err == nil && len(read.Files) != 1 {
		err = fault.InField("body.file", "must be exactly one file")
	}
	if err == nil {
		_, err = s.Cases.AttachFile(ctx, endpoint.Principal(ctx), to.OrgID, to.CaseID, read.Files[0])
	}
	if err != nil {
		return attachment.File{}, s.Discard(ctx, read.Files, err)
	}
	return read.Files[0], nil
}

type attachmentInput struct {
	ID
	AttachmentID string `path:"attachment_id" format:"uuid"`
}

// getAttachment returns the description of an attachment and a link to its content.
func getAttachment(s Services) endpoint.Endpoint {
	return endpoint.Get("cases.get_attachment", "/orgs/{org_id}/cases/{case_id}/attachments/{attachment_id}", "Read an attachment, with a link to its content",
		func(ctx context.Context, in *attachmentInput) (*attachmentOutput, error) {
			file, err := s.Cases.File(ctx, endpoint.Principal(ctx), in.OrgID, in.CaseID, in.AttachmentID)
			if err != nil {
				return nil, err
			}
			shown := attachmentOf(file)
			shown.ContentURL, err = s.Links.Link(ctx, file.BlobKey, file.Name, file.ContentType, uploads.LinkValid)
			return &attachmentOutput{Body: shown}, err
		}).
		Using(grant.On(grant.Audit, grant.Put), grant.On(grant.Attachments, grant.Link))
}
