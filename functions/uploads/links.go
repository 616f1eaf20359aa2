// Package uploads contains what endpoints of every domain need for receiving and handing out files:
// reading a body with files as a stream, links for downloading or uploading a stored file, and the
// shapes of announced uploads. The packages that use it know what a file belongs to.
package uploads

import (
	"context"
	"time"
)

// Links makes links with which a stored file can be downloaded, or a file uploaded, without further
// credentials.
type Links interface {
	// Link returns an absolute or root-relative URL that is valid for a limited time. The file is
	// served as a download under the given name.
	Link(ctx context.Context, key, name, contentType string, valid time.Duration) (string, error)
	// UploadForm returns a URL to which a file of at most limit bytes can be posted as form data
	// for a limited time, to be stored under key, and the fields that must come before the part
	// "file".
	UploadForm(
		ctx context.Context,
		key, contentType string,
		limit int64,
		valid time.Duration,
	) (url string, fields map[string]string, err error)
}

// LinkValid is how long a download link is valid.
const LinkValid = 5 * time.Minute

// Announced tells a client where to send a file.
type Announced struct {
	Token   string            `json:"upload_token" doc:"Identifies the file when it is attached to the case."`
	URL     string            `json:"url" doc:"Where to POST the file as multipart/form-data, without credentials: first all of fields, last the part 'file'."`
	Fields  map[string]string `json:"fields"`
	Expires int64             `json:"expire_time" doc:"When the upload expires, in epoch seconds. The file must be attached to the case before."`
}

// Token is the body of a call that finishes an upload.
type Token struct {
	Token string `json:"upload_token" minLength:"1" maxLength:"2000" doc:"The upload_token from announcing the file."`
}

// Announcement is an upload that a domain expects.
type Announcement struct {
	Token, Key, ContentType string
	// MaxBytes is the maximum size of the file.
	MaxBytes int64
	// Until is when the upload expires.
	Until time.Time
}

// Announce returns the response for an expected upload; now is the present time.
func Announce(ctx context.Context, links Links, expected Announcement, now time.Time) (Announced, error) {
	url, fields, err := links.UploadForm(ctx, expected.Key, expected.ContentType, expected.MaxBytes,
		expected.Until.Sub(now))
	return Announced{Token: expected.Token, URL: url, Fields: fields, Expires: expected.Until.Unix()}, err
}
