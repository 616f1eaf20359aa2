// Package casejobs runs long operations on cases as jobs: bulk actions, and reports as CSV. It
// decides nothing about a single case; package support does.
package casejobs

import (
	"github.com/tenantry/tenantry/shared/identity"
	"github.com/tenantry/tenantry/shared/job"
	"github.com/tenantry/tenantry/shared/search"
	"github.com/tenantry/tenantry/shared/store/blob"
	"github.com/tenantry/tenantry/shared/support"
	"github.com/tenantry/tenantry/shared/support/lists"
	"github.com/tenantry/tenantry/shared/tenant"
	"github.com/tenantry/tenantry/shared/tenant/storage"
)

// Service runs jobs on cases. It is safe for concurrent use.
type Service struct {
	accounts *identity.Accounts
	tenants  *tenant.Tenants
	files    blob.Store
	index    *search.Index
	jobs     *job.Ledger
	cases    *support.Service
	lists    *lists.Service
	storage  *storage.Service
}

// New returns the service.
func New(
	accounts *identity.Accounts,
	tenants *tenant.Tenants,
	files blob.Store,
	index *search.Index,
	jobs *job.Ledger,
	cases *support.Service,
	lists *lists.Service,
	storage *storage.Service,
) *Service {
	return &Service{
		accounts: accounts,
		tenants:  tenants,
		files:    files,
		index:    index,
		jobs:     jobs,
		cases:    cases,
		lists:    lists,
		storage:  storage,
	}
}
