package cases

import (
	"context"
	"net/http"
	"time"

	"github.com/tenantry/tenantry/functions/endpoint"
	"github.com/tenantry/tenantry/functions/grant"
)

type announceInput struct {
	ID
	Body struct {
		Name        string `json:"name" minLength:"1" maxLength:"255" doc:"The file's name."`
		ContentType string `json:"content_type,omitempty" maxLength:"127" doc:"As in image/png; application/octet-stream if absent."`
		Size        int64  `json:"size_in_bytes" minimum:"1" maximum:"26214400" doc:"At most 25 MiB."`
	}
}

// Announced says where a file is to be sent.
type Announced struct {
	Token   string            `json:"upload_token" doc:"Names the file when it is put on the case."`
	URL     string            `json:"url" doc:"Where to POST the file as multipart/form-data, without credentials: all of fields first, the part 'file' last."`
	Fields  map[string]string `json:"fields"`
	Expires int64             `json:"expire_time" doc:"Until when the file must have come and been put on the case, in epoch seconds."`
}

type announceOutput struct {
	Body Announced
}

// announce lets a client send a file past the API: on AWS a call may have 6 MB only.
func announce(s Services) endpoint.Endpoint {
	return endpoint.New(endpoint.About{
		Name: "cases.announce_upload", Method: http.MethodPost, Path: "/orgs/{org_id}/cases/{case_id}/uploads",
		Summary: "Announce a file for a case", PerHour: 600,
		Description: "For files that are too large for one call: on AWS those above 4 MB. Send the file to the URL in the answer, then finish the upload.",
	}, func(ctx context.Context, in *announceInput) (*announceOutput, error) {
		made, err := s.Uploads.AnnounceUpload(ctx, endpoint.Principal(ctx), in.OrgID, in.CaseID, in.Body.Name, in.Body.ContentType)
		if err != nil {
			return nil, err
		}
		out := &announceOutput{Body: Announced{Token: made.Token, Expires: made.Until.Unix()}}
		out.Body.URL, out.Body.Fields, err = s.Links.UploadForm(ctx, made.BlobKey, made.ContentType, min(made.MaxBytes, in.Body.Size), made.Until.Sub(s.Now()))
		return out, err
	}).Using(grant.On(grant.Audit, grant.Put), grant.On(grant.Uploads, grant.Store))
}

type finishInput struct {
	ID
	Body struct {
		Token string `json:"upload_token" minLength:"1" maxLength:"2000" doc:"The one that announcing the file gave."`
	}
}

// finish puts a file that has come on its case.
func finish(s Services) endpoint.Endpoint {
	return endpoint.New(endpoint.About{
		Name: "cases.finish_upload", Method: http.MethodPost, Path: "/orgs/{org_id}/cases/{case_id}/uploads/finish",
		Summary: "Put an announced file that has come on its case",
	}, func(ctx context.Context, in *finishInput) (*attachmentOutput, error) {
		file, err := s.Uploads.FinishUpload(ctx, endpoint.Principal(ctx), in.OrgID, in.CaseID, in.Body.Token)
		if err != nil {
			return nil, err
		}
		return &attachmentOutput{Body: attachmentOf(file)}, nil
	}).Using(grant.On(grant.Core, grant.Delete), grant.On(grant.Audit, grant.Put),
		grant.On(grant.Uploads, grant.Open, grant.Delete), grant.On(grant.Attachments, grant.Store, grant.Delete)).
		Sized(1024, 29*time.Second)
}
