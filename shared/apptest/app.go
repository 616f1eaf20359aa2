// Package apptest provides tests with an installation on the embedded adapters, in a temporary
// folder: the stores, the services on top of them, a clock that the test controls, and people and
// tenants. Only tests import it. It does not know package functions; tests there create the workers
// and endpoints.
package apptest

import (
	"context"
	"log/slog"
	"path/filepath"
	"slices"
	"sync"
	"testing"

	"github.com/tenantry/tenantry/shared/audit"
	"github.com/tenantry/tenantry/shared/audit/archive"
	"github.com/tenantry/tenantry/shared/bastion"
	"github.com/tenantry/tenantry/shared/change"
	"github.com/tenantry/tenantry/shared/deadletter"
	"github.com/tenantry/tenantry/shared/identity"
	"github.com/tenantry/tenantry/shared/job"
	"github.com/tenantry/tenantry/shared/mail/mailfolder"
	"github.com/tenantry/tenantry/shared/outward"
	"github.com/tenantry/tenantry/shared/seal"
	"github.com/tenantry/tenantry/shared/search"
	"github.com/tenantry/tenantry/shared/store/blob"
	"github.com/tenantry/tenantry/shared/store/blob/folder"
	"github.com/tenantry/tenantry/shared/store/embedded"
	queues "github.com/tenantry/tenantry/shared/store/queue/embedded"
	"github.com/tenantry/tenantry/shared/store/table"
	"github.com/tenantry/tenantry/shared/store/table/sqlite"
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

const (
	// MailDomain is the domain of the installation's own addresses.
	MailDomain = "portal.example.com"
	// BaseURL is the prefix of links in mails.
	BaseURL = "https://portal.example.com"
	// Source is the network address that the people of a test act from.
	Source = "192.0.2.10"
	// FeedConsumer is the name under which a test reads the change feed of the outbox.
	FeedConsumer = "trial"
)

// App is an installation for one test.
type App struct {
	t      testing.TB
	folder string
	people map[string]identity.Principal

	Clock    *Clock
	Database *embedded.Database
	Store    *sqlite.Store
	Queues   *queues.Queues
	Files    blob.Store
	// Sender stores sent mail as files.
	Sender  *mailfolder.Folder
	Keyring *seal.Keyring
	Log     *slog.Logger

	Journal  *change.Journal
	Accounts *identity.Accounts
	Tenants  *tenant.Tenants
	services.Set
	Directory *directory.Service
	OrgJobs   *bulk.Service
	Life      *life.Service
	// Profiles has the operator profiles.
	Profiles *profile.Service
	Exports  *export.Service
	// Bastion reaches no bastion; tests of it make a service of their own.
	Bastion *bastion.Service
	Logos   *logo.Service
	Jobs    *job.Service
	// Index is the search index of cases and organizations; tests pass changes to it themselves.
	Index       *search.Index
	Audit       *audit.Log
	Archive     *archive.Archive
	DeadLetters *deadletter.Store
}

// New returns an installation without people. It is closed when the test ends.
func New(t testing.TB) *App {
	t.Helper()
	w := &App{
		t:      t,
		folder: t.TempDir(),
		people: map[string]identity.Principal{},
		Clock:  newClock(),
		Log:    slog.New(slog.DiscardHandler),
	}
	ctx := context.Background()
	var err error
	w.Database, err = embedded.Open(ctx, filepath.Join(w.folder, "tenantry.db"))
	w.must(err)
	t.Cleanup(func() { w.must(w.Database.Close()) })
	w.Store, err = sqlite.New(
		ctx,
		w.Database,
		sqlite.Options{
			Now:       w.Clock.Now,
			Record:    fed,
			Consumers: []string{FeedConsumer},
		},
	)
	w.must(err)
	w.Queues, err = queues.New(ctx, w.Database, queues.Options{Now: w.Clock.Now, Random: func() float64 { return 0.5 }})
	w.must(err)
	w.Files = files{
		sync.OnceValues(func() (*folder.Store, error) { return folder.Open(w.FilesFolder()) }),
	}
	w.Sender, err = mailfolder.Open(filepath.Join(w.folder, "outbox"))
	w.must(err)
	w.Keyring, err = seal.NewRotated([]seal.Secret{{Bytes: []byte(firstSecret)}}, w.Clock.Now)
	w.must(err)
	w.Journal = change.NewJournal(w.Store, w.Clock.Now)
	w.Accounts = identity.NewAccounts(w.Journal, w.Keyring, w.Log)
	w.Tenants = tenant.NewTenants(w.Journal).Inviting(w.Accounts).
		StartingWith(tenant.Start{Kinds: identity.ConsentKinds(), Days: 30})
	w.Index = search.New(w.Store, w.Clock.Now).WithGrace(0)
	w.Directory = directory.New(w.Journal, w.Tenants, w.Index)
	w.Tenants = w.Tenants.ListedBy(w.Directory.IndexNow)
	w.must(w.Directory.Renew(ctx))
	w.Set = services.New(services.Below{
		Journal: w.Journal, Accounts: w.Accounts, Tenants: w.Tenants, Files: w.Files, Index: w.Index,
		Keyring: w.Keyring, MailDomain: MailDomain,
	})
	w.Profiles = profile.New(w.Journal, w.Tenants)
	w.Bastion = bastion.New(w.Journal, w.Tenants, w.Keyring, outward.New(outward.Options{}))
	w.Archive = archive.New(w.Journal, w.Tenants, w.Files)
	w.Logos = logo.New(w.Journal, w.Tenants, w.Files, outward.New(outward.Options{}), w.Log)
	w.Life = life.New(life.Below{
		Journal: w.Journal, Accounts: w.Accounts, Tenants: w.Tenants, Cases: w.Cases, Schedule: w.Schedule,
		Intake: w.Intake, Jobs: job.NewLedger(w.Journal), Index: w.Index, Archive: w.Archive, Logos: w.Logos,
		Forgets: []life.Forget{w.Directory.ForgetWrites, w.Profiles.ForgetWrites, w.Bastion.ForgetWrites},
		Checks:  []life.Check{life.Moving, life.Staged},
	})
	w.OrgJobs = bulk.New(w.Accounts, w.Tenants, job.NewLedger(w.Journal), w.Handover.Finish, slices.Concat(
		w.Life.Definitions(), w.Profiles.Definitions(), w.Bastion.Definitions(), []bulk.Definition{w.SupportMails.Definition()})...)
	w.Exports = export.New(w.Accounts, w.Tenants, w.Files, job.NewLedger(w.Journal), w.Lists.OpenCasesColumn(),
		w.Profiles.Column())
	kinds, err := job.NewKinds(slices.Concat(w.CaseJobs.JobKinds(), w.OrgJobs.JobKinds(), w.Exports.JobKinds())...)
	w.must(err)
	w.Jobs = job.NewService(job.NewLedger(w.Journal), w.Tenants, kinds)
	w.Audit = audit.NewLog(w.Journal)
	w.DeadLetters = deadletter.NewStore(w.Journal, w.Queues)
	return w
}

// fed reports whether the change feed includes changes of an item.
func fed(key table.Key) bool {
	return change.InOutbox(key) || lists.IsCase(key) || directory.IsOrg(key)
}

// must fails the test if its setup fails.
func (w *App) must(err error) {
	w.t.Helper()
	if err != nil {
		w.t.Fatal(err)
	}
}
