// Package cases has the endpoints of an organization's support cases: opening, listing, reading and changing
// them, comments and attachments. The rules are in shared/support.
package cases

import (
	"context"
	"time"

	"github.com/tenantry/tenantry/functions/endpoint"
	"github.com/tenantry/tenantry/shared/support"
)

// Links makes links by which a stored file can be fetched without further credentials.
type Links interface {
	// Link gives an absolute or root-relative URL that is valid for a while. The file is
	// served under name, as a download.
	Link(ctx context.Context, key, name, contentType string, valid time.Duration) (string, error)
}

// Services are what these endpoints need.
type Services struct {
	Desk  *support.Desk
	Links Links
}

// Endpoints lists the endpoints of this package.
func Endpoints(s Services) []endpoint.Endpoint {
	return []endpoint.Endpoint{
		create(s), list(s), read(s), change(s), comment(s), comments(s), readComment(s), readMail(s), readRequest(s), attach(s), readAttachment(s),
	}
}

// LinkValid is how long a download link works.
const LinkValid = 5 * time.Minute
