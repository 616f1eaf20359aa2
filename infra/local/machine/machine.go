// Package machine assembles Tenantry for one machine: the catalog's endpoints and workers on the
// embedded database, the folder of files, and the SMTP server. It contains no rule of the product.
package machine

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"math/rand/v2"
	"os"
	"path/filepath"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/tenantry/tenantry/functions/catalog"
	"github.com/tenantry/tenantry/infra/local/certificate"
	"github.com/tenantry/tenantry/infra/local/diskspace"
	"github.com/tenantry/tenantry/infra/local/settings"
	"github.com/tenantry/tenantry/shared/mail"
	"github.com/tenantry/tenantry/shared/mail/mailfolder"
	"github.com/tenantry/tenantry/shared/mail/paced"
	"github.com/tenantry/tenantry/shared/mail/smtp"
	"github.com/tenantry/tenantry/shared/outward"
	"github.com/tenantry/tenantry/shared/store/blob"
	"github.com/tenantry/tenantry/shared/store/blob/folder"
	"github.com/tenantry/tenantry/shared/store/embedded"
	queues "github.com/tenantry/tenantry/shared/store/queue/embedded"
	"github.com/tenantry/tenantry/shared/store/table"
	"github.com/tenantry/tenantry/shared/store/table/sqlite"
	"github.com/tenantry/tenantry/shared/tracing"
)

// Program is Tenantry on one machine.
type Program struct {
	Settings settings.Settings
	Log      *slog.Logger
	Now      func() time.Time
	// Traced measures the requests to the table and the sending of mails.
	Traced bool
	// NewID returns the IDs of what is created; nil for random ones.
	NewID func() string
	// Sending returns the sender to use in place of the one that the settings name; nil for that one.
	Sending func(mail.Sender) mail.Sender
	// Volatile opens the database without waiting for the disk, which is many times faster; a power
	// failure before it is closed can destroy it.
	Volatile bool
	// Out is where the start says what to do next. Interactive is set if somebody reads it there: only
	// then it has the setup token, which must not get into logs that are collected.
	Out         io.Writer
	Interactive bool
}

// relayConsumer is the relay's name as a consumer of the change feed.
const relayConsumer = "relay"

// parts are the components of a running program.
type parts struct {
	database *embedded.Database
	store    *sqlite.Store
	queues   *queues.Queues
	folder   *folder.Store
	files    blob.Store // folder, with a reserve of free space
	reserve  diskspace.Reserve
	outbox   *mailfolder.Folder // nil where mail goes to a relay
	smtpTLS  *tls.Config        // nil without a certificate
	services catalog.Services
}

// Run runs the program until ctx ends; then it accepts no new work, finishes what is in progress,
// and returns nil.
func (p Program) Run(ctx context.Context) error {
	built, err := p.open(ctx)
	if err != nil {
		return err
	}
	defer func() {
		if err := built.database.Close(); err != nil {
			p.Log.Error("closing the database failed", "error", err)
		}
	}()
	listening, err := p.listen(ctx)
	if err != nil {
		return err
	}
	defer listening.close()
	if err := p.prepareSetup(ctx, built.services.Accounts); err != nil {
		return err
	}
	if err := p.sayWhere(built); err != nil {
		return err
	}
	group, groupCtx := errgroup.WithContext(ctx)
	group.Go(func() error { return p.serveHTTP(groupCtx, listening.http, built) })
	group.Go(func() error { return p.serveSMTP(groupCtx, listening.smtp, built) })
	group.Go(func() error { return p.relayFeed(groupCtx, built) })
	for _, worker := range catalog.Workers(built.services) {
		for range p.Settings.Workers[worker.Queue] {
			group.Go(func() error { return p.work(groupCtx, built, worker) })
		}
	}
	group.Go(func() error { return p.housekeep(groupCtx, built) })
	group.Go(func() error { return p.wake(groupCtx, built) })
	group.Go(func() error { return p.archive(groupCtx, built) })
	err = group.Wait()
	if ctx.Err() != nil && errors.Is(err, context.Canceled) {
		return nil
	}
	return err
}

// sayWhere prints where mail goes.
func (p Program) sayWhere(built *parts) error {
	where := "Mail is sent through the relay."
	if built.outbox != nil {
		shown := "; TENANTRY_DEV_MAIL=on shows it in a browser."
		if p.Settings.ShowMail {
			shown = " and shown at " + p.Settings.BaseURL + "/dev/mail, to this machine only."
		}
		where = "Mail is not sent: it is stored in " + filepath.Join(p.Settings.Data, "outbox") + shown
	}
	senders := map[string]string{
		settings.SenderOff:   "are not checked",
		settings.SenderCheck: "are checked here",
		settings.SenderRelay: "are checked by " + p.Settings.Senders.ServerID,
	}[p.Settings.Senders.Way]
	_, err := fmt.Fprintf(p.Out, "\n%s Mail to %s is received at %s; its senders %s.\n\n",
		where, built.services.Threads.SupportAddress(), p.Settings.SMTPAddress, senders)
	return err
}

// open opens the data folder and prepares everything in it.
func (p Program) open(ctx context.Context) (*parts, error) {
	data := p.Settings.Data
	if err := os.MkdirAll(data, 0o700); err != nil {
		return nil, fmt.Errorf("the data folder cannot be created: %w; set another with TENANTRY_DATA", err)
	}
	path := filepath.Join(data, "tenantry.db")
	_, missing := os.Stat(path)
	open := embedded.Open
	if p.Volatile {
		open = embedded.OpenVolatile
	}
	database, err := open(ctx, path)
	if err != nil {
		return nil, fmt.Errorf("the database in the data folder %s cannot be opened: %w", data, err)
	}
	built, err := p.build(ctx, database, errors.Is(missing, os.ErrNotExist))
	if err != nil {
		return nil, errors.Join(err, database.Close())
	}
	if err := built.services.Directory.Begin(ctx, mostUpgrade); err != nil {
		p.Log.Error("the lists of organizations are not built yet", "error", err)
	}
	return built, nil
}

// mostUpgrade is how long building the lists of organizations delays the first start over the data folder of
// a former version. What is left is done while the program runs; until then there are no lists.
const mostUpgrade = 30 * time.Second

func (p Program) build(ctx context.Context, database *embedded.Database, fresh bool) (*parts, error) {
	built := &parts{database: database}
	keyring, err := loadKeyring(p.secretPath(), fresh, p.Now)
	if err != nil {
		return nil, err
	}
	if p.Settings.SMTPCertificate != "" {
		files, err := certificate.Read(p.Settings.SMTPCertificate, p.Settings.SMTPKey, p.Log, p.Now)
		if err != nil {
			return nil, fmt.Errorf("TENANTRY_SMTP_TLS_CERT: %w", err)
		}
		built.smtpTLS = files.Config()
	}
	built.store, err = sqlite.New(ctx, database,
		sqlite.Options{Now: p.Now, Record: catalog.Fed, Consumers: []string{relayConsumer}})
	if err != nil {
		return nil, err
	}
	if built.queues, err = queues.New(ctx, database,
		queues.Options{Now: p.Now, Random: rand.Float64, Long: longWork()}); err != nil {
		return nil, err
	}
	if built.folder, err = folder.Open(filepath.Join(p.Settings.Data, "files")); err != nil {
		return nil, err
	}
	built.reserve = diskspace.Reserve{
		Percent: p.Settings.DiskReserve.Percent, Bytes: p.Settings.DiskReserve.Bytes,
		Measure: func() (diskspace.Space, error) { return diskspace.Of(p.Settings.Data) },
	}
	built.files = built.reserve.Keeping(built.folder)
	budgets := p.Settings.Budgets
	budgets.Relays = p.Settings.Senders.Networks
	sender, err := p.sender(built)
	if err != nil {
		return nil, err
	}
	if p.Sending != nil {
		sender = p.Sending(sender)
	}
	var store table.Store = built.store
	if p.Traced {
		store, sender = tracing.Store{Store: store}, tracing.Sender{Sender: sender}
	}
	built.services = catalog.NewServices(catalog.Adapters{
		Store:      store,
		Queues:     built.queues,
		Depths:     built.queues,
		Files:      built.files,
		Sender:     sender,
		Keyring:    keyring,
		Log:        p.Log,
		Now:        p.Now,
		NewID:      p.NewID,
		BaseURL:    p.Settings.BaseURL,
		MailDomain: p.Settings.MailDomain,
		NewOrgs:    &p.Settings.NewOrgs,
		Region:     p.Settings.Region,
		Collect:    time.Duration(p.Settings.NoticeSeconds) * time.Second,
		Budgets:    &budgets,
		Peer:       outward.New(outward.Options{Allowed: p.Settings.BastionHosts}),
	})
	return built, nil
}

// sender returns where outgoing mail goes.
func (p Program) sender(built *parts) (mail.Sender, error) {
	if p.Settings.Relay != "" {
		out, err := smtp.New(p.Settings.Relay)
		if err != nil {
			return nil, fmt.Errorf("TENANTRY_SMTP_RELAY: %w", err)
		}
		if p.Settings.MailsPerSecond > 0 {
			return paced.New(out, float64(p.Settings.MailsPerSecond)), nil
		}
		return out, nil
	}
	outbox, err := mailfolder.Open(filepath.Join(p.Settings.Data, "outbox"))
	if err != nil {
		return nil, fmt.Errorf("the outbox folder cannot be created: %w", err)
	}
	built.outbox = outbox
	return outbox, nil
}
