// Package notification decides who is notified of a change of a case, and collects the content of
// the mail to each of them, limited to what they may see. Changes within seconds of each other are
// collected in one mail. mail/outgoing defines the layout of a mail.
package notification

import (
	"github.com/tenantry/tenantry/shared/budget"
	"github.com/tenantry/tenantry/shared/change"
	"github.com/tenantry/tenantry/shared/identity"
	"github.com/tenantry/tenantry/shared/seal"
	"github.com/tenantry/tenantry/shared/support"
	"github.com/tenantry/tenantry/shared/support/desk"
	"github.com/tenantry/tenantry/shared/support/mailthread"
	"github.com/tenantry/tenantry/shared/support/rating"
	"github.com/tenantry/tenantry/shared/tenant"
)

// Service composes notifications. It is safe for concurrent use.
type Service struct {
	journal  *change.Journal
	accounts *identity.Accounts
	tenants  *tenant.Tenants
	desk     *desk.Service
	cases    *support.Service
	threads  *mailthread.Service
	ratings  *rating.Service
	keyring  *seal.Keyring
	limits   budget.Limits
}

// New returns the service.
func New(
	journal *change.Journal,
	accounts *identity.Accounts,
	tenants *tenant.Tenants,
	desk *desk.Service,
	cases *support.Service,
	threads *mailthread.Service,
	ratings *rating.Service,
	keyring *seal.Keyring,
	limits budget.Limits,
) *Service {
	return &Service{
		journal: journal, accounts: accounts, tenants: tenants, desk: desk, cases: cases, threads: threads,
		ratings: ratings, keyring: keyring, limits: limits,
	}
}
