// Package services creates the services of the support desk, each on top of those below it. It has
// no rules of its own.
package services

import (
	"github.com/tenantry/tenantry/shared/budget"
	"github.com/tenantry/tenantry/shared/change"
	"github.com/tenantry/tenantry/shared/identity"
	"github.com/tenantry/tenantry/shared/job"
	"github.com/tenantry/tenantry/shared/seal"
	"github.com/tenantry/tenantry/shared/search"
	"github.com/tenantry/tenantry/shared/store/blob"
	"github.com/tenantry/tenantry/shared/support"
	"github.com/tenantry/tenantry/shared/support/attachment"
	"github.com/tenantry/tenantry/shared/support/casejobs"
	"github.com/tenantry/tenantry/shared/support/desk"
	"github.com/tenantry/tenantry/shared/support/handover"
	"github.com/tenantry/tenantry/shared/support/intake"
	"github.com/tenantry/tenantry/shared/support/lists"
	"github.com/tenantry/tenantry/shared/support/mailthread"
	"github.com/tenantry/tenantry/shared/support/notification"
	"github.com/tenantry/tenantry/shared/support/rating"
	"github.com/tenantry/tenantry/shared/support/schedule"
	"github.com/tenantry/tenantry/shared/support/supportmail"
	"github.com/tenantry/tenantry/shared/support/upload"
	"github.com/tenantry/tenantry/shared/tenant"
	"github.com/tenantry/tenantry/shared/tenant/storage"
)

// Set is every service of the support desk.
type Set struct {
	Cases         *support.Service
	Desk          *desk.Service
	Attachments   *attachment.Service
	Lists         *lists.Service
	CaseJobs      *casejobs.Service
	Intake        *intake.Service
	Threads       *mailthread.Service
	Notifications *notification.Service
	Ratings       *rating.Service
	Uploads       *upload.Service
	Schedule      *schedule.Service
	Storage       *storage.Service
	SupportMails  *supportmail.Service
	Handover      *handover.Service
}

// Below are the services and stores that the support desk depends on.
type Below struct {
	Journal  *change.Journal
	Accounts *identity.Accounts
	Tenants  *tenant.Tenants
	Files    blob.Store
	Index    *search.Index
	Keyring  *seal.Keyring
	// MailDomain is the domain whose mail reaches Tenantry, in lower case.
	MailDomain string
	// Budgets are how much may be used up; nil means the usual ones.
	Budgets *budget.Limits
}

// New returns the services.
func New(b Below) Set {
	budgets := budget.Usual()
	if b.Budgets != nil {
		budgets = *b.Budgets
	}
	desks := desk.New(b.Journal, b.Accounts, b.Tenants, b.Index)
	stored := storage.New(b.Journal, b.Tenants, budgets)
	attachments := attachment.New(b.Journal, b.Files)
	cases := support.New(b.Journal, b.Accounts, b.Tenants, desks, b.Files, attachments, stored, budgets, b.MailDomain)
	threads := mailthread.New(b.Journal, b.Keyring, b.MailDomain)
	ratings := rating.New(b.Journal, b.Keyring, cases)
	mails := supportmail.New(b.Journal, b.Accounts, b.Tenants, threads, job.NewLedger(b.Journal))
	finder := lists.New(b.Journal, b.Accounts, b.Tenants, b.Index, desks)
	return Set{
		Cases: cases, Desk: desks, Attachments: attachments, Threads: threads, Ratings: ratings, Lists: finder,
		Storage: stored, SupportMails: mails,
		CaseJobs: casejobs.New(b.Accounts, b.Tenants, b.Files, b.Index, job.NewLedger(b.Journal), cases, finder, stored),
		Intake: intake.New(b.Journal, b.Accounts, b.Tenants, b.Files, cases, threads, attachments, mails, budgets,
			b.MailDomain),
		Notifications: notification.New(b.Journal, b.Accounts, b.Tenants, desks, cases, threads, ratings, b.Keyring,
			budgets),
		Uploads:  upload.New(b.Journal, b.Keyring, b.Files, cases, attachments, stored),
		Schedule: schedule.New(b.Journal, b.Accounts, b.Tenants, b.Files, desks, cases, threads),
		Handover: handover.New(b.Journal, b.Accounts, b.Tenants, cases, b.Index),
	}
}
