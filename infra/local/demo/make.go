package demo

import (
	"context"
	"io"
	"log/slog"
	"net/netip"
	"time"

	"github.com/tenantry/tenantry/infra/local/machine"
	"github.com/tenantry/tenantry/infra/local/settings"
	"github.com/tenantry/tenantry/shared/mail"
)

// Make builds an estate in the data folder of the settings, which must be empty. Of the settings it
// uses the folder, the base URL and the mail domain; everything else is as usual, so that it does
// not change the estate.
func Make(ctx context.Context, of settings.Settings, log *slog.Logger, options Options) (Estate, error) {
	usual, err := settings.Read(func(string) (string, bool) { return "", false })
	if err != nil {
		return Estate{}, err
	}
	usual.Data, usual.BaseURL, usual.MailDomain = of.Data, of.BaseURL, of.MailDomain
	usual.NoticeSeconds = 0
	relay := netip.MustParseAddr(RelayAddress)
	usual.Senders = settings.Senders{
		Way: settings.SenderRelay, ServerID: RelayName, Networks: []netip.Prefix{netip.PrefixFrom(relay, relay.BitLen())},
	}
	clock := NewClock(Start(options.Now))
	program := machine.Program{
		Settings: usual, Log: log, Now: clock.Now, NewID: NewIDs(clock, options.Seed).New, Volatile: true, Out: io.Discard,
		Sending: func(outbox mail.Sender) mail.Sender {
			return latest{Sender: outbox, now: clock.Now, from: options.Now.Add(-latestMails)}
		},
	}
	var built Estate
	err = program.Fill(ctx, func(ctx context.Context, opened *machine.Opened) (err error) {
		built, err = Build(ctx, Installation{
			Services: opened.Services, Clock: clock, Settle: opened.Settle, Deliver: opened.Deliver,
		}, options)
		return err
	})
	return built, err
}

// latestMails is how far back the outbox goes.
const latestMails = 36 * time.Hour

// latest passes the mails from a time on to a sender, and drops earlier ones.
type latest struct {
	mail.Sender
	now  func() time.Time
	from time.Time
}

// Send implements mail.Sender.
func (l latest) Send(ctx context.Context, message mail.Outgoing) (string, error) {
	if l.now().Before(l.from) {
		return "", nil
	}
	return l.Sender.Send(ctx, message)
}
