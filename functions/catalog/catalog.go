// Package catalog lists every endpoint and worker; it is the one place where all of them are named.
// The server of one machine, the API's document and the tests that walk every endpoint are built
// from it.
package catalog

import (
	"cmp"
	"log/slog"
	"net/http"
	"slices"
	"time"

	"github.com/tenantry/tenantry/functions/accounts"
	"github.com/tenantry/tenantry/functions/administrators"
	bastionendpoints "github.com/tenantry/tenantry/functions/bastion"
	"github.com/tenantry/tenantry/functions/cases"
	"github.com/tenantry/tenantry/functions/desk"
	"github.com/tenantry/tenantry/functions/downloads"
	"github.com/tenantry/tenantry/functions/endpoint"
	"github.com/tenantry/tenantry/functions/exports"
	"github.com/tenantry/tenantry/functions/jobs"
	"github.com/tenantry/tenantry/functions/mail"
	"github.com/tenantry/tenantry/functions/msps"
	"github.com/tenantry/tenantry/functions/orgs"
	"github.com/tenantry/tenantry/functions/outbox"
	"github.com/tenantry/tenantry/functions/pages"
	"github.com/tenantry/tenantry/functions/platform"
	"github.com/tenantry/tenantry/functions/profiles"
	"github.com/tenantry/tenantry/functions/reports"
	"github.com/tenantry/tenantry/functions/tickets"
	"github.com/tenantry/tenantry/functions/uploads"
	"github.com/tenantry/tenantry/functions/worker"
	"github.com/tenantry/tenantry/shared/audit"
	"github.com/tenantry/tenantry/shared/audit/archive"
	"github.com/tenantry/tenantry/shared/bastion"
	"github.com/tenantry/tenantry/shared/budget"
	"github.com/tenantry/tenantry/shared/change"
	"github.com/tenantry/tenantry/shared/deadletter"
	"github.com/tenantry/tenantry/shared/feedback"
	"github.com/tenantry/tenantry/shared/identity"
	"github.com/tenantry/tenantry/shared/job"
	sender "github.com/tenantry/tenantry/shared/mail"
	"github.com/tenantry/tenantry/shared/outward"
	"github.com/tenantry/tenantry/shared/seal"
	"github.com/tenantry/tenantry/shared/search"
	"github.com/tenantry/tenantry/shared/store/blob"
	"github.com/tenantry/tenantry/shared/store/queue"
	"github.com/tenantry/tenantry/shared/store/table"
	"github.com/tenantry/tenantry/shared/support/lists"
	"github.com/tenantry/tenantry/shared/support/services"
	"github.com/tenantry/tenantry/shared/tenant"
	"github.com/tenantry/tenantry/shared/tenant/bulk"
	"github.com/tenantry/tenantry/shared/tenant/directory"
	"github.com/tenantry/tenantry/shared/tenant/export"
	"github.com/tenantry/tenantry/shared/tenant/life"
	"github.com/tenantry/tenantry/shared/tenant/logo"
	"github.com/tenantry/tenantry/shared/tenant/profile"
)

// Version is the API's version. It changes with a release.
const Version = "0.3.0"

// Adapters are the stores and services that the product runs on.
type Adapters struct {
	Store  table.Store
	Queues queue.Sender
	// Depths returns the depths of the queues.
	Depths queue.Inspector
	// Postponer sets when failed messages come again; nil if the queues do it by themselves.
	Postponer queue.Postponer
	Files     blob.Store
	// Links makes links to stored files; if nil, they lead to this installation's own endpoints.
	Links uploads.Links
	// Direct is set if large files go from browsers to the store, because a function takes only small
	// forms.
	Direct  bool
	Sender  sender.Sender
	Keyring *seal.Keyring
	Log     *slog.Logger
	Now     func() time.Time
	// NewID returns a new ID, a UUID of version 7; nil for random ones of the machine's time.
	NewID func() string
	// BaseURL is the beginning of links, as in https://portal.example.com, without a slash at the
	// end.
	BaseURL string
	// MailDomain is the domain whose mail Tenantry receives, in lower case.
	MailDomain string
	// Region is the name of this installation; "" for tenant.DefaultRegion.
	Region string
	// NewOrgs is what new organizations consent to; nil for tenant.DefaultStart.
	NewOrgs *tenant.Start
	// Collect is for how long changes of a case are collected before people get one mail about
	// them.
	Collect time.Duration
	// Budgets are how much may be used up; nil means the usual ones.
	Budgets *budget.Limits
	// Outward fetches what people name by an address; nil for a client that reaches public addresses.
	Outward *outward.Client
	// Peer calls the bastion; nil for a client that reaches public addresses.
	Peer *outward.Client
}

// Services holds the rules of the product on a set of adapters.
type Services struct {
	Adapters
	Journal  *change.Journal
	Accounts *identity.Accounts
	Tenants  *tenant.Tenants
	services.Set
	Directory   *directory.Service
	OrgJobs     *bulk.Service
	Profiles    *profile.Service
	Bastion     *bastion.Service
	Life        *life.Service
	Exports     *export.Service
	Logos       *logo.Service
	Jobs        *job.Service
	Audit       *audit.Log
	Archive     *archive.Archive
	DeadLetters *deadletter.Store
	Feedback    *feedback.Service
}

// NewServices returns the services.
func NewServices(adapters Adapters) Services {
	journal := change.NewJournal(adapters.Store, adapters.Now)
	if adapters.NewID != nil {
		journal = journal.WithIDs(adapters.NewID)
	}
	budgets := budget.Usual()
	if adapters.Budgets != nil {
		budgets = *adapters.Budgets
	}
	accounts := identity.NewAccountsWithin(budgets, journal, adapters.Keyring, adapters.Log)
	tenants := tenant.NewTenants(journal).Inviting(accounts).InRegion(cmp.Or(adapters.Region, tenant.DefaultRegion)).
		ServedAt(adapters.BaseURL)
	if adapters.NewOrgs != nil {
		tenants = tenants.StartingWith(*adapters.NewOrgs)
	}
	index := search.New(adapters.Store, adapters.Now)
	orgs := directory.New(journal, tenants, index)
	tenants = tenants.ListedBy(orgs.IndexNow)
	ofDesk := services.New(services.Below{
		Journal:    journal,
		Accounts:   accounts,
		Tenants:    tenants,
		Files:      adapters.Files,
		Index:      index,
		Keyring:    adapters.Keyring,
		MailDomain: adapters.MailDomain,
		Budgets:    adapters.Budgets,
	})
	operatorProfiles := profile.New(journal, tenants)
	archives := archive.New(journal, tenants, adapters.Files)
	client := adapters.Outward
	if client == nil {
		client = outward.New(outward.Options{})
	}
	peer := adapters.Peer
	if peer == nil {
		peer = outward.New(outward.Options{})
	}
	copies := bastion.New(journal, tenants, adapters.Keyring, peer)
	logos := logo.New(journal, tenants, adapters.Files, client, adapters.Log)
	ending := life.New(life.Below{
		Journal: journal, Accounts: accounts, Tenants: tenants, Cases: ofDesk.Cases, Schedule: ofDesk.Schedule,
		Intake: ofDesk.Intake, Jobs: job.NewLedger(journal), Index: index, Archive: archives, Logos: logos,
		Forgets: []life.Forget{orgs.ForgetWrites, operatorProfiles.ForgetWrites, copies.ForgetWrites},
		Checks:  []life.Check{life.Moving, life.Staged},
	})
	orgJobs := bulk.New(accounts, tenants, job.NewLedger(journal), ofDesk.Handover.Finish, slices.Concat(
		ending.Definitions(), operatorProfiles.Definitions(), copies.Definitions(),
		[]bulk.Definition{ofDesk.SupportMails.Definition()})...)
	exporter := export.New(accounts, tenants, adapters.Files, job.NewLedger(journal), ofDesk.Lists.OpenCasesColumn(),
		operatorProfiles.Column())
	return Services{
		Adapters: adapters, Journal: journal, Accounts: accounts, Tenants: tenants, Set: ofDesk, OrgJobs: orgJobs,
		Life: ending, Directory: orgs, Profiles: operatorProfiles, Exports: exporter,
		Logos: logos, Bastion: copies,
		Jobs: job.NewService(job.NewLedger(journal), tenants,
			kinds(ofDesk.CaseJobs.JobKinds(), orgJobs.JobKinds(), exporter.JobKinds())),
		Audit: audit.NewLog(journal), Archive: archives,
		DeadLetters: deadletter.NewStore(journal, adapters.Depths),
		Feedback:    feedback.New(journal),
	}
}

// kinds returns the kinds of jobs of all domains.
func kinds(domains ...[]job.Kind) job.Kinds {
	registry, err := job.NewKinds(slices.Concat(domains...)...)
	if err != nil {
		panic("catalog: " + err.Error()) // a mistake in a domain's declaration
	}
	return registry
}

// Endpoints lists every endpoint.
func Endpoints(s Services) []endpoint.Endpoint {
	links := s.FileLinks()
	ofCases := cases.Services{Set: s.Set, Links: links, Now: s.Now}
	return withFormerNames(slices.Concat(
		accounts.Endpoints(accounts.Services{Accounts: s.Accounts, Tenants: s.Tenants, Log: s.Audit, Feedback: s.Feedback}),
		administrators.Endpoints(administrators.Services{Accounts: s.Accounts, Tenants: s.Tenants}),
		platform.Endpoints(platform.Services{
			Set: s.Set, DeadLetters: s.DeadLetters, Log: s.Audit, Archive: s.Archive, Links: links, CaseHandlers: ofCases,
			Feedback: s.Feedback, Tenants: s.Tenants, OrgJobs: s.OrgJobs, Directory: s.Directory,
		}),
		msps.Endpoints(msps.Services{
			Tenants: s.Tenants, Directory: s.Directory, OrgJobs: s.OrgJobs, Logos: s.Logos, CaseHandlers: ofCases, Log: s.Audit,
			Life: s.Life,
		}),
		orgs.Endpoints(orgs.Services{
			Accounts: s.Accounts, Tenants: s.Tenants, Log: s.Audit, Storage: s.Storage, Directory: s.Directory, Lists: s.Lists,
			Life: s.Life,
		}),
		bastionendpoints.Endpoints(bastionendpoints.Services{Bastion: s.Bastion}),
		profiles.Endpoints(profiles.Services{Profiles: s.Profiles, OrgJobs: s.OrgJobs}),
		cases.Endpoints(ofCases),
		jobs.Endpoints(jobs.Services{Jobs: s.Jobs}),
		exports.Endpoints(exports.Services{Exports: s.Exports, Links: links}),
		reports.Endpoints(reports.Services{CaseJobs: s.CaseJobs, Links: links}),
		tickets.Endpoints(tickets.Services{Set: s.Set, CaseHandlers: ofCases}),
		desk.Endpoints(desk.Services{Desk: s.Desk}),
		downloads.Endpoints(s.sealed(), s.Files),
	))
}

// sealed returns the maker of links to this installation's own endpoints.
func (s Services) sealed() downloads.Links {
	return downloads.Links{Keyring: s.Keyring, BaseURL: s.BaseURL, Now: s.Now}
}

// FileLinks returns the maker of links to stored files.
func (s Services) FileLinks() uploads.Links {
	if s.Links != nil {
		return s.Links
	}
	return s.sealed()
}

// API returns the handler of what belongs to the API and is not an endpoint: its document, its
// health check, and the response to unknown paths. It serves no endpoint.
func API(settings endpoint.Settings, s Services) http.Handler {
	return endpoint.Other(settings, Endpoints(s), s.Store)
}

// Pages returns the handler of the portal's pages in an area of pages.Areas; "" stands for all
// areas. It needs the settings of the endpoints, because they share their limits.
func Pages(settings endpoint.Settings, s Services, area string) http.Handler {
	services := pages.Services{
		Accounts: s.Accounts, Tenants: s.Tenants, Set: s.Set, Audit: s.Audit, Feedback: s.Feedback, Jobs: s.Jobs,
		DeadLetters: s.DeadLetters, Links: s.FileLinks(), OrgJobs: s.OrgJobs, Life: s.Life, Profiles: s.Profiles,
		Exports: s.Exports, Bastion: s.Bastion, Direct: s.Direct, Logos: s.Logos, Archive: s.Archive, Directory: s.Directory,
	}
	return pages.Handler(settings, services, Endpoints(s), area)
}

// Workers lists the workers of all queues.
func Workers(s Services) []worker.Worker {
	return []worker.Worker{
		mail.Send(mail.SendServices{
			Journal:  s.Journal,
			Accounts: s.Accounts,
			Tenants:  s.Tenants,
			Set:      s.Set,
			Logos:    s.Logos,
			Queues:   s.Queues,
			Sender:   s.Sender,
			BaseURL:  s.BaseURL,
			Domain:   s.MailDomain,
			Collect:  s.Collect,
		}),
		mail.Receive(mail.ReceiveServices{Set: s.Set, Files: s.Files, Domain: s.MailDomain, Log: s.Log}),
		cases.Index(s.Lists, s.Directory),
		cases.Advance(s.Schedule),
		cases.Jobs(s.Set, s.Directory, s.Jobs),
		orgs.Work(s.Jobs, s.Life, s.Handover, s.Bastion),
	}
}

// Fed reports whether the change feed includes changes of an item.
func Fed(key table.Key) bool {
	return change.InOutbox(key) || lists.IsCase(key) || directory.IsOrg(key)
}

// derived returns the message that a change causes without an item in the outbox: one that brings an index
// up to date.
func derived(event table.Change) (queue.Message, bool, error) {
	if directory.IsOrg(event.Key) {
		return directory.IndexMessage(event)
	}
	return lists.IndexMessage(event)
}

// Relay returns the worker of the table's change feed.
func Relay(s Services) outbox.Relay {
	return outbox.Relay{Journal: s.Journal, Queues: s.Queues, Derive: derived, Parking: s.DeadLetters, Log: s.Log}
}
