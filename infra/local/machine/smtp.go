package machine

import (
	"context"
	"io"
	"net"

	"github.com/google/uuid"

	"github.com/tenantry/tenantry/infra/local/smtpin"
	"github.com/tenantry/tenantry/shared/queue"
	"github.com/tenantry/tenantry/shared/support"
)

// maxMail is the size limit of a mail in bytes.
const maxMail = 40 << 20

// maxLine is the limit of a line in bytes: far more than the 998 of RFC 5322, as programs exist that write a
// whole text in one.
const maxLine = 256 << 10

// serveSMTP takes mail in until ctx ends.
func (p Program) serveSMTP(ctx context.Context, listener net.Listener, built *parts) error {
	server := &smtpin.Server{
		HostName: p.Settings.MailDomain, Accept: built.services.Desk.Accepts, Now: p.Now, Log: p.Log, MaxBytes: maxMail, MaxLine: maxLine,
		Deliver: func(ctx context.Context, envelope smtpin.Envelope, content io.Reader) error {
			return deliver(ctx, built, envelope, content)
		},
	}
	return server.Serve(ctx, listener)
}

// deliver stores a raw mail and the message to work on it, both durably, before the sender is told that it is ours.
func deliver(ctx context.Context, built *parts, envelope smtpin.Envelope, content io.Reader) error {
	id := uuid.Must(uuid.NewV7()).String()
	key := "mail/" + envelope.Received.UTC().Format("2006-01-02") + "/" + id
	written, err := built.files.Put(ctx, key, content, maxMail)
	if err != nil {
		return err
	}
	message, err := support.Received{
		ID: id, RawKey: key, Size: written.Size, EnvelopeFrom: envelope.From, Recipients: envelope.Recipients,
		SourceAddress: envelope.RemoteAddress, Time: envelope.Received.Unix(),
	}.Message()
	if err != nil {
		return err
	}
	return built.queues.Send(ctx, []queue.Message{message})
}
