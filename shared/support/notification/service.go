// Package notification gathers what a mail about a case says to one recipient, as far as they may
// see it. How the mail looks is mail/outgoing's business.
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

// New makes the service.
func New(
	accounts *identity.Accounts,
	tenants *tenant.Tenants,
	cases *support.Service,
	threads *mailthread.Service,
	ratings *rating.Service,
) *Service {
	return &Service{accounts: accounts, tenants: tenants, cases: cases, threads: threads, ratings: ratings}
}
