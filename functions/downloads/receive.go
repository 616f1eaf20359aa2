package downloads

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"github.com/tenantry/tenantry/functions/endpoint"
	"github.com/tenantry/tenantry/functions/grant"
	"github.com/tenantry/tenantry/functions/uploads"
	"github.com/tenantry/tenantry/shared/fault"
	"github.com/tenantry/tenantry/shared/store/blob"
)

const uploadPurpose = "upload form"

// form is the sealed content of an upload link.
type form struct {
	Key   string `json:"k"`
	Limit int64  `json:"l"` // bytes
	Until int64  `json:"u"` // epoch seconds
}

// UploadForm returns an absolute URL to which a file can be posted for a limited time; it needs no
// fields.
func (l Links) UploadForm(
	_ context.Context,
	key, _ string,
	limit int64,
	valid time.Duration,
) (string, map[string]string, error) {
	text, err := json.Marshal(form{Key: key, Limit: limit, Until: l.Now().Add(valid).Unix()})
	if err != nil {
		return "", nil, err
	}
	return l.BaseURL + endpoint.Prefix + "/uploads/" + l.Keyring.Seal(uploadPurpose, "", text), map[string]string{}, nil
}

type receiveInput struct {
	Link string `path:"link" maxLength:"2000" doc:"The sealed end of the upload URL."`
	uploads.Upload
}

// receive receives a file through an upload link.
func receive(links Links, files blob.Store) endpoint.Endpoint {
	file := &huma.Schema{Type: huma.TypeString, Format: "binary", Description: "The file."}
	return endpoint.New(endpoint.About{
		Name: "downloads.receive", Method: http.MethodPost, Path: "/uploads/{link}", Access: endpoint.Public,
		Summary: "Upload an announced file", MaxBody: uploads.MaxUpload,
		Body: &huma.RequestBody{Required: true, Content: map[string]*huma.MediaType{
			"multipart/form-data": {
				Schema: &huma.Schema{
					Type:       huma.TypeObject,
					Properties: map[string]*huma.Schema{"file": file},
					Required:   []string{"file"},
				},
			},
		}},
	}, func(ctx context.Context, in *receiveInput) (*endpoint.Empty, error) {
		var f form
		if err := links.unseal(uploadPurpose, in.Link, &f); err != nil || links.Now().Unix() >= f.Until {
			return nil, fault.New(fault.NotFound,
				"This link is not valid or has expired. Announce the file again to get a new one.")
		}
		stored := 0
		read, err := uploads.Form[struct{}]{
			MaxFiles: 2,
			Store: func(ctx context.Context, _, _ string, content io.Reader) (struct{}, error) {
				if stored++; stored > 1 {
					return struct{}{}, fault.InField("body.file", "must be exactly one file")
				}
				_, err := files.Put(ctx, f.Key, content, f.Limit)
				return struct{}{}, err
			},
		}.Read(ctx, &in.Upload)
		if err == nil && len(read.Files) != 1 {
			err = fault.InField("body.file", "must be exactly one file")
		}
		if err != nil && stored > 0 {
			err = errors.Join(err, files.Delete(context.WithoutCancel(ctx), f.Key)) // discard an incomplete form
		}
		return &endpoint.Empty{}, err
	}).Using(grant.On(grant.Uploads, grant.Store, grant.Delete))
}
