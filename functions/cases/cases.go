// Package cases has the endpoints of an organization's support cases: opening, listing, reading and
// changing them, comments and attachments. The rules are in shared/support.
package cases

import (
	"time"

	"github.com/tenantry/tenantry/functions/endpoint"
	"github.com/tenantry/tenantry/functions/uploads"
	"github.com/tenantry/tenantry/shared/support/services"
)

// Services are the dependencies of the endpoints.
type Services struct {
	services.Set
	Links uploads.Links
	Now   func() time.Time
}

// Endpoints lists the endpoints of this package.
func Endpoints(s Services) []endpoint.Endpoint {
	return []endpoint.Endpoint{
		create(s), list(s), read(s), change(s), comment(s), comments(s), readComment(s), readMail(s), readHTML(s),
		readRequest(s), attach(s), announce(s), finish(s), readAttachment(s), archive(s), unarchive(s), remove(s),
		restore(s), link(s), unlink(s), merge(s), split(s), own(s), rate(s), count(s), bulk(s), release(s),
		addresses(s), removeAddress(s),
	}
}
