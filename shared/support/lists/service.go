// Package lists finds cases: lists, search, counts, and the index that they rest on, with its
// rebuild and verification. It changes no case.
package lists

import (
	"github.com/tenantry/tenantry/shared/change"
	"github.com/tenantry/tenantry/shared/identity"
	"github.com/tenantry/tenantry/shared/search"
	"github.com/tenantry/tenantry/shared/tenant"
)

// Service finds cases. It is safe for concurrent use.
type Service struct {
	journal  *change.Journal
	accounts *identity.Accounts
	tenants  *tenant.Tenants
	index    *search.Index
}

// New makes the service.
func New(
	journal *change.Journal, accounts *identity.Accounts, tenants *tenant.Tenants, index *search.Index,
) *Service {
	return &Service{journal: journal, accounts: accounts, tenants: tenants, index: index}
}
