// Package cases has the endpoints of an organization's support cases: to open, list, read and
// change cases, and for comments and attachments. The rules are in shared/support.
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

// Endpoints returns the endpoints of this package.
func Endpoints(s Services) []endpoint.Endpoint {
	return []endpoint.Endpoint{
		create(s), list(s), get(s), change(s).ReadingOnly(readOnly()...), comment(s), listComments(s), getComment(s),
		getMail(s), getHTML(s),
		getRequest(s), attach(s), announceUpload(s), finishUpload(s), getAttachment(s), getPicture(s),
		archive(s), unarchive(s), deleteCase(s), restore(s), link(s), unlink(s), merge(s), split(s), listOwn(s), rate(s),
		unwatch(s), count(s), changeMany(s), countMatching(s), releaseMail(s), listMailAddresses(s), deleteMailAddress(s),
		listViewers(s), announceViewer(s),
	}
}
