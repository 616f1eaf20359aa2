// Package schedule does what is due with cases by itself: pending cases return, solved ones close,
// promised times run out, deleted cases are purged, and open cases come under new service levels.
package schedule

import (
	"github.com/tenantry/tenantry/shared/change"
	"github.com/tenantry/tenantry/shared/store/blob"
	"github.com/tenantry/tenantry/shared/support"
	"github.com/tenantry/tenantry/shared/support/desk"
)

// Service does what is due. It is safe for concurrent use.
type Service struct {
	journal *change.Journal
	files   blob.Store
	desk    *desk.Service
	cases   *support.Service
}

// New makes the service.
func New(
	journal *change.Journal, files blob.Store, desk *desk.Service, cases *support.Service,
) *Service {
	return &Service{journal: journal, files: files, desk: desk, cases: cases}
}
