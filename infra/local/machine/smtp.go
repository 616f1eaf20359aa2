package machine

import (
	"context"
	"fmt"
	"io"
	"math/rand/v2"
	"net"
	"net/netip"

	"github.com/google/uuid"

	"github.com/tenantry/tenantry/infra/local/settings"
	"github.com/tenantry/tenantry/infra/local/smtpin"
	"github.com/tenantry/tenantry/shared/mail/authentication"
	"github.com/tenantry/tenantry/shared/mail/received"
	"github.com/tenantry/tenantry/shared/store/queue"
)

// maxMail is the size limit of a mail in bytes.
const maxMail = 40 << 20

// maxLine is the limit of a line in bytes: far more than the 998 of RFC 5322, as programs exist
// that write a whole text in one.
const maxLine = 256 << 10

// serveSMTP takes mail in until ctx ends.
func (p Program) serveSMTP(ctx context.Context, listener net.Listener, built *parts) error {
	senders := authenticator(p.Settings.Senders)
	server := &smtpin.Server{
		HostName: p.Settings.MailDomain,
		Accept:   built.services.Threads.Accepts,
		Now:      p.Now,
		Log:      p.Log,
		MaxBytes: maxMail,
		MaxLine:  maxLine,
		Deliver: func(ctx context.Context, envelope smtpin.Envelope, content io.Reader) error {
			return p.deliver(ctx, built, senders, envelope, content)
		},
	}
	return server.Serve(ctx, listener)
}

// authenticator chooses how senders are checked; nil where they are not.
func authenticator(senders settings.Senders) authentication.Authenticator {
	switch senders.Way {
	case settings.SenderCheck:
		return authentication.Checker{Resolver: &net.Resolver{PreferGo: true}, Random: rand.Float64}
	case settings.SenderRelay:
		return authentication.TrustedServer{ServerID: senders.ServerID, Networks: senders.Networks}
	}
	return nil
}

// deliver stores a raw mail and the message to work on it, both durably, before the sending server
// is told that it is ours.
//
// The sender is checked in between, while the facts are at hand and the keys are those that the
// mail was signed with. The domain name system has seconds for it, where the sending server waits
// for minutes (RFC 5321, 4.5.3.2.6); what it did not tell in time is noted so, and the mail is
// taken all the same.
func (p Program) deliver(
	ctx context.Context,
	built *parts,
	senders authentication.Authenticator,
	envelope smtpin.Envelope,
	content io.Reader,
) error {
	id := uuid.Must(uuid.NewV7()).String()
	key := "mail/" + envelope.Received.UTC().Format("2006-01-02") + "/" + id
	written, err := built.files.Put(ctx, key, content, maxMail)
	if err != nil {
		return err
	}
	inbound := received.Mail{
		ID: id, RawKey: key, Size: written.Size, EnvelopeFrom: envelope.From, Recipients: envelope.Recipients,
		SourceAddress: envelope.RemoteAddress, Time: envelope.Received.Unix(),
	}
	if senders != nil {
		if err := p.checkSender(ctx, built, senders, envelope, &inbound); err != nil {
			return err
		}
	}
	message, err := inbound.QueueMessage()
	if err != nil {
		return err
	}
	return built.queues.Send(ctx, []queue.Message{message})
}

// checkSender checks the sender of a mail that was stored, and notes what it found.
func (p Program) checkSender(
	ctx context.Context,
	built *parts,
	senders authentication.Authenticator,
	envelope smtpin.Envelope,
	inbound *received.Mail,
) error {
	content, err := built.files.Open(ctx, inbound.RawKey)
	if err != nil {
		return fmt.Errorf("open the mail that was stored: %w", err)
	}
	defer func() { _ = content.Close() }()
	source, _ := netip.ParseAddr(envelope.RemoteAddress) // an address that cannot be read proves nothing
	result, err := senders.Authenticate(
		ctx,
		authentication.Envelope{From: envelope.From, Hello: envelope.Hello, Source: source},
		content,
	)
	if err != nil {
		return err
	}
	p.Log.Info(
		"mail's sender checked",
		"mail",
		inbound.ID,
		"domain",
		result.Domain,
		"authenticated",
		result.Authenticated,
		"spf",
		result.Verdicts.SPF,
		"dkim",
		result.Verdicts.DKIM,
		"dmarc",
		result.Verdicts.DMARC,
		"notes",
		result.Notes,
	)
	inbound.Verdicts, inbound.Domain, inbound.Authenticated = result.Verdicts, result.Domain, result.Authenticated
	return nil
}
