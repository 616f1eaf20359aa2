package cases

import (
	"context"
	"net/http"
	"time"

	"github.com/tenantry/tenantry/functions/endpoint"
	"github.com/tenantry/tenantry/functions/grant"
	"github.com/tenantry/tenantry/functions/uploads"
)

type announceInput struct {
	ID
	Body struct {
		Name        string `json:"name" minLength:"1" maxLength:"255" doc:"The file's name."`
		ContentType string `json:"content_type,omitempty" maxLength:"127" doc:"As in image/png; application/octet-stream if absent."`
		Size        int64  `json:"size_in_bytes" minimum:"1" maximum:"26214400" doc:"At most 25 MiB."`
	}
}

type announceOutput struct {
	Body uploads.Announced
}

// announceUpload lets a client upload a file directly to the store, because on AWS a call through
// the API is limited to 6 MB.
func announceUpload(s Services) endpoint.Endpoint {
	return endpoint.New(endpoint.About{
		Name:        "cases.announce_upload",
		Method:      http.MethodPost,
		Path:        "/orgs/{org_id}/cases/{case_id}/uploads",
		Summary:     "Announce a file for a case",
		PerHour:     600,
		Description: "For files that are too large for one call: on AWS, those above 4 MB. Send the file to the URL in the response, then finish the upload.",
	}, func(ctx context.Context, in *announceInput) (*announceOutput, error) {
		announced, err := s.Uploads.AnnounceUpload(
			ctx,
			endpoint.Principal(ctx),
			in.OrgID,
			in.CaseID,
			in.Body.Name,
			in.Body.ContentType,
			in.Body.Size,
		)
		if err != nil {
			return nil, err
		}
		shown, err := uploads.Announce(ctx, s.Links, uploads.Announcement{
			Token:       announced.Token,
			Key:         announced.BlobKey,
			ContentType: announced.ContentType,
			MaxBytes:    announced.MaxBytes,
			Until:       announced.Until,
		}, s.Now())
		return &announceOutput{Body: shown}, err
	}).Using(grant.On(grant.Core, grant.Count), grant.On(grant.Audit, grant.Put), grant.On(grant.Uploads, grant.Store))
}

type finishInput struct {
	ID
	Body uploads.Token
}

// finishUpload attaches an uploaded file to its case.
func finishUpload(s Services) endpoint.Endpoint {
	return endpoint.New(endpoint.About{
		Name: "cases.finish_upload", Method: http.MethodPost, Path: "/orgs/{org_id}/cases/{case_id}/uploads/finish",
		Summary: "Attach an uploaded file to its case",
	}, func(ctx context.Context, in *finishInput) (*attachmentOutput, error) {
		file, err := s.Uploads.FinishUpload(ctx, endpoint.Principal(ctx), in.OrgID, in.CaseID, in.Body.Token)
		if err != nil {
			return nil, err
		}
		return &attachmentOutput{Body: attachmentOf(file)}, nil
	}).Using(grant.On(grant.Core, grant.Count, grant.Delete, grant.Put), grant.On(grant.Audit, grant.Put),
		grant.On(grant.Uploads, grant.Open, grant.Delete), grant.On(grant.Attachments, grant.Store, grant.Delete)).
		Sized(1024, 29*time.Second)
}
