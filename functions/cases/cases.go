// Package cases has the endpoints of an organization's support cases: opening, listing, reading and changing
// them, comments and attachments. The rules are in shared/support.
package cases

import (
	"context"
	"time"

	"github.com/tenantry/tenantry/functions/endpoint"
	"github.com/tenantry/tenantry/shared/support/services"
)

// Links makes links by which a stored file can be fetched, or one be brought, without further credentials.
type Links interface {
	// Link gives an absolute or root-relative URL that is valid for a while. The file is
	// served under name, as a download.
	Link(ctx context.Context, key, name, contentType string, valid time.Duration) (string, error)
	// UploadForm gives a URL to which a file of at most limit bytes can be posted as form data for a while, to be
	// stored under key, and the fields that must stand before the part "file".
	UploadForm(ctx context.Context, key, contentType string, limit int64, valid time.Duration) (url string, fields map[string]string, err error)
}

// Services are what these endpoints need.
type Services struct {
	services.Set
	Links Links
	Now   func() time.Time
}

// Endpoints lists the endpoints of this package.
func Endpoints(s Services) []endpoint.Endpoint {
	return []endpoint.Endpoint{
		create(s), list(s), read(s), change(s), comment(s), comments(s), readComment(s), readMail(s), readHTML(s), readRequest(s), attach(s), announce(s), finish(s), readAttachment(s),
		archive(s), unarchive(s), remove(s), restore(s), link(s), unlink(s), merge(s), split(s), own(s), rate(s),
		count(s), bulk(s), jobs(s), readJob(s), retryJob(s), export(s), report(s),
	}
}

// LinkValid is how long a download link works.
const LinkValid = 5 * time.Minute
