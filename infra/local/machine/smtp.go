package machine

import (
	"context"
	"fmt"
	"io"
	"math/rand/v2"
	"net"
	"net/netip"
	"slices"

	"github.com/tenantry/tenantry/infra/local/settings"
	"github.com/tenantry/tenantry/infra/local/smtpin"
	"github.com/tenantry/tenantry/shared/mail/authentication"
	"github.com/tenantry/tenantry/shared/mail/received"
	"github.com/tenantry/tenantry/shared/store/queue"
)

// maxMail is the maximum size of a mail in bytes.
const maxMail = 40 << 20

// maxLine is the maximum length of a line in bytes: far more than the 998 of RFC 5322, because some
// programs write a whole text on one line.
const maxLine = 256 << 10

// smtpShare is the part of all SMTP connections that one source may have: a tenth.
const smtpShare = 10

// serveSMTP receives mail until ctx ends.
func (p Program) serveSMTP(ctx context.Context, listener net.Listener, built *parts) error {
	senders := authenticator(p.Settings.Senders)
	server := &smtpin.Server{
		TLS:      built.smtpTLS,
		HostName: p.Settings.MailDomain,
		Accept:   built.services.Threads.Accepts,
		Admit: func(ctx context.Context, source string) error {
			return built.services.Intake.AdmitSource(ctx, source)
		},
		MaxConnections:          p.Settings.SMTPConnections,
		MaxConnectionsPerSource: max(1, p.Settings.SMTPConnections/smtpShare),
		Trusted: func(address netip.Addr) bool {
			return slices.ContainsFunc(p.Settings.Senders.Networks,
				func(network netip.Prefix) bool { return network.Contains(address.Unmap()) })
		},
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

// authenticator returns how senders are checked, or nil if they are not.
func authenticator(senders settings.Senders) authentication.Authenticator {
	switch senders.Way {
	case settings.SenderCheck:
		return authentication.Checker{Resolver: &net.Resolver{PreferGo: true}, Random: rand.Float64}
	case settings.SenderRelay:
		return authentication.TrustedServer{ServerID: senders.ServerID, Networks: senders.Networks}
	}
	return nil
}

// deliver stores a raw mail and the message to process it, both durably, before the sending server
// gets an acknowledgement.
//
// The sender is checked in between, while the connection's data are at hand and the signing keys
// are still published. The lookups may take seconds, where the sending server waits for minutes
// (RFC 5321, 4.5.3.2.6). A lookup that does not finish in time is recorded as such, and the mail is
// accepted all the same.
func (p Program) deliver(
	ctx context.Context,
	built *parts,
	senders authentication.Authenticator,
	envelope smtpin.Envelope,
	content io.Reader,
) error {
	id := built.services.Journal.NewID()
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

// checkSender checks the sender of a stored mail and records the result.
func (p Program) checkSender(
	ctx context.Context,
	built *parts,
	senders authentication.Authenticator,
	envelope smtpin.Envelope,
	inbound *received.Mail,
) error {
	content, err := built.files.Open(ctx, inbound.RawKey)
	if err != nil {
		return fmt.Errorf("open the stored mail: %w", err)
	}
	defer func() { _ = content.Close() }()
	source, _ := netip.ParseAddr(envelope.RemoteAddress) // an invalid address proves nothing
	result, err := senders.Authenticate(ctx,
		authentication.Envelope{From: envelope.From, Hello: envelope.Hello, Source: source}, content)
	if err != nil {
		return err
	}
	p.Log.Info(
		"mail sender checked",
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
