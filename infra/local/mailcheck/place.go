package mailcheck

import (
	"bytes"
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/tenantry/tenantry/functions/catalog"
	"github.com/tenantry/tenantry/functions/mail"
	"github.com/tenantry/tenantry/shared/identity"
	"github.com/tenantry/tenantry/shared/mail/incoming"
	"github.com/tenantry/tenantry/shared/mail/mailfolder"
	"github.com/tenantry/tenantry/shared/mail/received"
	"github.com/tenantry/tenantry/shared/seal"
	"github.com/tenantry/tenantry/shared/store/blob/folder"
	"github.com/tenantry/tenantry/shared/store/embedded"
	queues "github.com/tenantry/tenantry/shared/store/queue/embedded"
	"github.com/tenantry/tenantry/shared/store/table/sqlite"
	"github.com/tenantry/tenantry/shared/tenant"
)

// place is a temporary installation with one organization and an account for each known sender.
type place struct {
	Options
	root     string
	database *embedded.Database
	services catalog.Services
	worker   mail.ReceiveServices
	operator identity.Principal
	org      tenant.Org
	accounts map[string]bool
	now      time.Time
}

// password is that of the made-up accounts, which nobody can reach.
const password = "seven quiet lighthouses 42"

// step is the time between two mails, long enough that no rate limit is reached.
const step = time.Hour

func newPlace(ctx context.Context, options Options) (*place, error) {
	root, err := os.MkdirTemp("", "mail-check")
	if err != nil {
		return nil, err
	}
	p := &place{Options: options, root: root, accounts: map[string]bool{}, now: time.Now()}
	if err := p.open(ctx); err != nil {
		return nil, errors.Join(err, p.close())
	}
	return p, p.populate(ctx)
}

func (p *place) clock() time.Time { return p.now }

func (p *place) open(ctx context.Context) error {
	var err error
	if p.database, err = embedded.Open(ctx, filepath.Join(p.root, "check.db")); err != nil {
		return err
	}
	adapters := catalog.Adapters{Log: quiet(), Now: p.clock, BaseURL: "http://localhost", MailDomain: p.Domain}
	if adapters.Store, err = sqlite.New(ctx, p.database,
		sqlite.Options{Now: p.clock, Record: catalog.Fed}); err != nil {
		return err
	}
	waiting, err := queues.New(ctx, p.database, queues.Options{Now: p.clock, Random: func() float64 { return 0 }})
	if err != nil {
		return err
	}
	adapters.Queues, adapters.Depths = waiting, waiting
	if adapters.Files, err = folder.Open(filepath.Join(p.root, "files")); err != nil {
		return err
	}
	if adapters.Sender, err = mailfolder.Open(filepath.Join(p.root, "outbox")); err != nil {
		return err
	}
	if adapters.Keyring, err = seal.NewKeyring(make([]byte, seal.SecretBytes)); err != nil {
		return err
	}
	p.services = catalog.NewServices(adapters)
	p.worker = mail.ReceiveServices{Set: p.services.Set, Files: adapters.Files, Domain: p.Domain, Log: quiet()}
	return nil
}

func (p *place) close() error {
	var err error
	if p.database != nil {
		err = p.database.Close()
	}
	return errors.Join(err, os.RemoveAll(p.root))
}

func (p *place) populate(ctx context.Context) error {
	token, err := p.services.Accounts.PrepareSetup(ctx, "")
	if err != nil {
		return err
	}
	operator, err := p.services.Accounts.Setup(ctx, token, "operator@"+p.Domain, password, "Operator", "Operator",
		"127.0.0.1")
	if err != nil {
		return err
	}
	p.operator = operator.Principal("api", "127.0.0.1")
	p.org, err = p.services.Tenants.CreateOrg(ctx, p.operator, "", "Customers", false)
	return err
}

// know creates an account for a known sender.
func (p *place) know(ctx context.Context, address string) error {
	address = identity.NormalEmail(address)
	if known := p.Known == nil ||
		p.Known[address]; !known || p.accounts[address] || !writable(address) ||
		strings.HasSuffix(address, "@"+p.Domain) {
		return nil
	}
	p.accounts[address] = true
	invite, err := p.services.Accounts.CreateInvite(ctx, p.operator, p.org.Place(),
		identity.NewInvite{Email: address, Role: identity.Write})
	if err != nil {
		return err
	}
	_, err = p.services.Accounts.AcceptInvite(ctx, nil, p.services.Accounts.InviteToken(p.org.Place(), invite),
		identity.Acceptance{Password: password, FirstName: "Known", LastName: "Sender"}, "127.0.0.1")
	return err
}

// writable reports whether an account can have the address.
func writable(address string) bool { return identity.CheckEmail("from", address) == nil }

// receive stores a raw mail as an SMTP server would have, sent to the support address. The
// envelope's sender is the one that the last server recorded, if any.
func (p *place) receive(ctx context.Context, raw []byte) (received.Mail, error) {
	p.now = p.now.Add(step)
	id := p.services.Journal.NewID()
	inbound := received.Mail{
		ID:            id,
		RawKey:        "mail/" + id,
		Size:          int64(len(raw)),
		Recipients:    []string{p.services.Threads.SupportAddress()},
		SourceAddress: "127.0.0.1",
		Time:          p.now.Unix(),
	}
	parsed, err := incoming.Parse(ctx, bytes.NewReader(raw), incoming.Limits{})
	if ctx.Err() != nil {
		return inbound, err
	}
	if parsed != nil { // an invalid mail has no sender; the worker quarantines it
		inbound.EnvelopeFrom = parsed.From.Address
		if err := p.know(ctx, parsed.From.Address); err != nil {
			return inbound, err
		}
	}
	_, err = p.services.Files.Put(ctx, inbound.RawKey, bytes.NewReader(raw), longestMail)
	return inbound, err
}
