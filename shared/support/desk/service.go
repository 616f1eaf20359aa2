// Package desk holds how a provider runs its support desk: the fields of a case and their lists of
// values, prepared answers, service levels, and who is notified of new cases. Cases themselves are
// in package support.
package desk

import (
	"github.com/tenantry/tenantry/shared/change"
	"github.com/tenantry/tenantry/shared/identity"
	"github.com/tenantry/tenantry/shared/search"
	"github.com/tenantry/tenantry/shared/tenant"
)

// Service stores the desk settings and prepared answers of each provider. It is safe for concurrent
// use.
type Service struct {
	journal  *change.Journal
	accounts *identity.Accounts
	tenants  *tenant.Tenants
	index    *search.Index
}

// New returns the service.
func New(
	journal *change.Journal, accounts *identity.Accounts, tenants *tenant.Tenants, index *search.Index,
) *Service {
	return &Service{journal: journal, accounts: accounts, tenants: tenants, index: index}
}
