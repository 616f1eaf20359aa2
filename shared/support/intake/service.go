// Package intake decides what a mail that came in becomes: a comment, a new case, a delivery report
// in a case's history, or an entry in the quarantine. It decides who may write, whether the sender
// is believed, and how much one sender may send. Reading the mail is mail/incoming's business.
package intake

import (
	"github.com/tenantry/tenantry/shared/change"
	"github.com/tenantry/tenantry/shared/identity"
	"github.com/tenantry/tenantry/shared/store/blob"
	"github.com/tenantry/tenantry/shared/support"
	"github.com/tenantry/tenantry/shared/support/attachment"
	"github.com/tenantry/tenantry/shared/support/mailthread"
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
	mailDomain  string
}

// New makes the service. mailDomain is the domain whose mail reaches Tenantry, in lower case.
func New(
	journal *change.Journal,
	accounts *identity.Accounts,
	tenants *tenant.Tenants,
	files blob.Store,
	cases *support.Service,
	threads *mailthread.Service,
	attachments *attachment.Service,
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
		mailDomain:  mailDomain,
	}
}
