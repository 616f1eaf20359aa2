// Package schedule performs scheduled work on cases: waiting cases reopen, solved cases close,
// service levels run out, deleted cases are purged, and new service levels are applied to open
// cases. The rules for each are in packages support and servicelevel.
package schedule

import (
	"github.com/tenantry/tenantry/shared/change"
	"github.com/tenantry/tenantry/shared/identity"
	"github.com/tenantry/tenantry/shared/store/blob"
	"github.com/tenantry/tenantry/shared/support"
	"github.com/tenantry/tenantry/shared/support/desk"
	"github.com/tenantry/tenantry/shared/support/mailthread"
	"github.com/tenantry/tenantry/shared/tenant"
)

// Service performs scheduled work. It is safe for concurrent use.
type Service struct {
	journal  *change.Journal
	accounts *identity.Accounts
	tenants  *tenant.Tenants
	files    blob.Store
	desk     *desk.Service
	cases    *support.Service
	threads  *mailthread.Service
}

// New returns the service.
func New(
	journal *change.Journal, accounts *identity.Accounts, tenants *tenant.Tenants, files blob.Store,
	desk *desk.Service, cases *support.Service, threads *mailthread.Service,
) *Service {
	return &Service{
		journal: journal, accounts: accounts, tenants: tenants, files: files, desk: desk, cases: cases, threads: threads,
	}
}
