// Package lists finds cases: lists, search, counts, and their index, with its rebuild and
// verification. It does not change cases.
package lists

import (
	"github.com/tenantry/tenantry/shared/change"
	"github.com/tenantry/tenantry/shared/identity"
	"github.com/tenantry/tenantry/shared/search"
	"github.com/tenantry/tenantry/shared/support/desk"
	"github.com/tenantry/tenantry/shared/tenant"
)

// Service finds cases. It is safe for concurrent use.
type Service struct {
	journal  *change.Journal
	accounts *identity.Accounts
	tenants  *tenant.Tenants
	index    *search.Index
	desk     *desk.Service
}

// New returns the service.
func New(
	journal *change.Journal, accounts *identity.Accounts, tenants *tenant.Tenants, index *search.Index,
	desks *desk.Service,
) *Service {
	return &Service{journal: journal, accounts: accounts, tenants: tenants, index: index, desk: desks}
}
