// Package notification collects the content of a mail about a case for one recipient, limited to
// what they may see. Its layout belongs to mail/outgoing.
package notification

import (
	"github.com/tenantry/tenantry/shared/identity"
	"github.com/tenantry/tenantry/shared/support"
	"github.com/tenantry/tenantry/shared/support/mailthread"
	"github.com/tenantry/tenantry/shared/support/rating"
	"github.com/tenantry/tenantry/shared/tenant"
)

// Service composes notifications. It is safe for concurrent use.
type Service struct {
	accounts *identity.Accounts
	tenants  *tenant.Tenants
	cases    *support.Service
	threads  *mailthread.Service
	ratings  *rating.Service
}

// New returns the service.
func New(
	accounts *identity.Accounts,
	tenants *tenant.Tenants,
	cases *support.Service,
	threads *mailthread.Service,
	ratings *rating.Service,
) *Service {
	return &Service{accounts: accounts, tenants: tenants, cases: cases, threads: threads, ratings: ratings}
}
