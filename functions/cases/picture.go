package cases

import (
	"context"
	"io"
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"github.com/tenantry/tenantry/functions/endpoint"
	"github.com/tenantry/tenantry/functions/grant"
)

// PicturePolicy keeps a picture from being anything else in a browser that opens it.
const PicturePolicy = "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; sandbox"

type pictureOutput struct {
	ContentType string `header:"Content-Type"`
	Policy      string `header:"Content-Security-Policy"`
	Body        func(huma.Context)
}

// getPicture answers an attachment that is a picture.
func getPicture(s Services) endpoint.Endpoint {
	binary := &huma.MediaType{Schema: &huma.Schema{Type: huma.TypeString, Format: "binary"}}
	return endpoint.New(endpoint.About{
		Name: "cases.get_picture", Method: http.MethodGet,
		Path:    "/orgs/{org_id}/cases/{case_id}/attachments/{attachment_id}/picture",
		Summary: "Read an attachment that is a picture (PNG, JPEG, GIF or WebP, at most 4 MiB), to show it",
		Responses: map[string]*huma.Response{"200": {
			Description: "The picture.",
			Content: map[string]*huma.MediaType{
				"image/png": binary, "image/jpeg": binary, "image/gif": binary, "image/webp": binary,
			},
		}},
	}, func(ctx context.Context, in *attachmentInput) (*pictureOutput, error) {
		file, content, err := s.Cases.OpenPicture(ctx, endpoint.Principal(ctx), in.OrgID, in.CaseID, in.AttachmentID)
		if err != nil {
			return nil, err
		}
		return &pictureOutput{ContentType: file.ContentType, Policy: PicturePolicy, Body: func(c huma.Context) {
			defer func() { _ = content.Close() }() // it was only read
			if _, err := io.Copy(c.BodyWriter(), content); err != nil {
				panic(http.ErrAbortHandler) // an aborted connection tells the client that the picture is incomplete
			}
		}}, nil
	}).Using(grant.On(grant.Audit, grant.Put), grant.On(grant.Attachments, grant.Open))
}
