// Package uploads has what endpoints of every domain need to take files in and give them out:
// reading a body with files as it comes in, links by which a stored file can be fetched or brought,
// and the shapes of uploads that are announced first. What a file belongs to is known to the
// packages that use it.
package uploads

import (
	"context"
	"time"
)

// Links makes links by which a stored file can be fetched, or one be brought, without further
// credentials.
type Links interface {
	// Link returns an absolute or root-relative URL that is valid for a while. The file is served
	// under name, as a download.
	Link(ctx context.Context, key, name, contentType string, valid time.Duration) (string, error)
	// UploadForm returns a URL to which a file of at most limit bytes can be posted as form data
	// for a while, to be stored under key, and the fields that must stand before the part "file".
	UploadForm(
		ctx context.Context,
		key, contentType string,
		limit int64,
		valid time.Duration,
	) (url string, fields map[string]string, err error)
}

// LinkValid is how long a download link works.
const LinkValid = 5 * time.Minute

// Announced says where a file is to be sent.
type Announced struct {
	Token   string            `json:"upload_token" doc:"Identifies the file when it is attached to the case."`
	URL     string            `json:"url" doc:"Where to POST the file as multipart/form-data, without credentials: all of fields first, the part 'file' last."`
	Fields  map[string]string `json:"fields"`
	Expires int64             `json:"expire_time" doc:"When the upload expires, in epoch seconds. The file must be attached to the case before."`
}

// Token is the body of a call that finishes an upload.
type Token struct {
	Token string `json:"upload_token" minLength:"1" maxLength:"2000" doc:"The upload id from announcing the file."`
}

// Announcement is an upload that a domain expects.
type Announcement struct {
	Token, Key, ContentType string
	// MaxBytes is how large the file may be.
	MaxBytes int64
	// Until is when the upload must have been finished.
	Until time.Time
}

// Announce returns the answer for an upload that is expected; now is the present time.
func Announce(ctx context.Context, links Links, expected Announcement, now time.Time) (Announced, error) {
	url, fields, err := links.UploadForm(
		ctx,
		expected.Key,
		expected.ContentType,
		expected.MaxBytes,
		expected.Until.Sub(now),
	)
	return Announced{Token: expected.Token, URL: url, Fields: fields, Expires: expected.Until.Unix()}, err
}
