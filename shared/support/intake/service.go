// Package intake decides what a received mail becomes: a comment, a new case, a delivery report in
// the history of a case, or a quarantined mail. It decides who may write, whether to believe the
// sender, and how much a sender may send. mail/incoming parses mail.
package intake

import (
	"github.com/tenantry/tenantry/shared/budget"
	"github.com/tenantry/tenantry/shared/change"
	"github.com/tenantry/tenantry/shared/identity"
	"github.com/tenantry/tenantry/shared/store/blob"
	"github.com/tenantry/tenantry/shared/support"
	"github.com/tenantry/tenantry/shared/support/attachment"
	"github.com/tenantry/tenantry/shared/support/mailthread"
	"github.com/tenantry/tenantry/shared/support/supportmail"
	"github.com/tenantry/tenantry/shared/tenant"
)

// Service decides what mails become. It is safe for concurrent use.
type Service struct {
	journal     *change.Journal
	accounts    *identity.Accounts
	tenants     *tenant.Tenants
	files       blob.Store
	cases       *support.Service
	threads     *mailthread.Service
	attachments *attachment.Service
	mails       *supportmail.Service
	budgets     budget.Limits
	mailDomain  string
}

// New returns the service. mailDomain is the domain of our own addresses, in lower case.
func New(
	journal *change.Journal,
	accounts *identity.Accounts,
	tenants *tenant.Tenants,
	files blob.Store,
	cases *support.Service,
	threads *mailthread.Service,
	attachments *attachment.Service,
	mails *supportmail.Service,
	budgets budget.Limits,
	mailDomain string,
) *Service {
	return &Service{
		journal:     journal,
		accounts:    accounts,
		tenants:     tenants,
		files:       files,
		cases:       cases,
		threads:     threads,
		attachments: attachments,
		mails:       mails,
		budgets:     budgets,
		mailDomain:  mailDomain,
	}
}
