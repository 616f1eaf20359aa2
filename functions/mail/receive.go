package mail

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"slices"
	"time"

	"github.com/tenantry/tenantry/functions/grant"
	"github.com/tenantry/tenantry/functions/worker"
	"github.com/tenantry/tenantry/shared/fault"
	"github.com/tenantry/tenantry/shared/mail/incoming"
	"github.com/tenantry/tenantry/shared/mail/incoming/parsed"
	"github.com/tenantry/tenantry/shared/mail/received"
	"github.com/tenantry/tenantry/shared/mail/sesnotification"
	"github.com/tenantry/tenantry/shared/store/blob"
	"github.com/tenantry/tenantry/shared/store/queue"
	"github.com/tenantry/tenantry/shared/support/intake"
	"github.com/tenantry/tenantry/shared/support/services"
)

// ReceiveServices are the dependencies of the receiving worker.
type ReceiveServices struct {
	services.Set
	Files blob.Store
	// Domain identifies this installation in the mails that it sends.
	Domain string
	Log    *slog.Logger
}

// Receive is the worker that processes incoming mail.
func Receive(s ReceiveServices) worker.Worker {
	return worker.Worker{
		Name:    "mail.receive",
		Queue:   queue.MailReceive,
		Handle:  s.receive,
		Read:    sesnotification.Message,
		Memory:  1769,
		Timeout: 2 * time.Minute,
		Uses: grant.Union(grant.On(grant.Core, grant.Check, grant.Get, grant.BatchGet, grant.Put, grant.Delete, grant.Count),
			grant.On(grant.RawMails, grant.Open, grant.Store, grant.Delete),
			grant.On(grant.Attachments, grant.Store, grant.Delete)),
	}
}

func (s ReceiveServices) receive(ctx context.Context, message queue.Message) error {
	var inbound received.Mail
	if err := json.Unmarshal(message.Body, &inbound); err != nil {
		return fault.Wrap(err, fault.Invalid, "The message cannot be read.")
	}
	result, err := s.Take(ctx, inbound)
	if err != nil {
		return err
	}
	s.Log.InfoContext(ctx, "mail received", "mail", inbound.ID, "outcome", result.Outcome.Kind,
		"case", result.Outcome.CaseID, "reason", result.Outcome.Reason)
	return nil
}

// Result is a processed mail and its outcome. Message is nil if the mail could not be parsed.
type Result struct {
	Message *parsed.Message
	// Text is the text for a new case and Reply the text for a comment, both before long text is
	// moved to a file.
	Text, Reply string
	Outcome     intake.Outcome
}

// Take processes one mail. An error means that it could not be processed now and should be retried.
func (s ReceiveServices) Take(ctx context.Context, inbound received.Mail) (Result, error) {
	content, mail, err := s.read(ctx, &inbound)
	if code := fault.CodeOf(err); code == fault.Invalid || code == fault.TooLarge {
		return Result{
				Outcome: intake.Outcome{Kind: "quarantine", Reason: intake.Unreadable},
			}, s.Intake.Quarantine(
				ctx,
				intake.Quarantined{
					ID: inbound.ID, Reason: intake.Unreadable, Detail: err.Error(), From: inbound.EnvelopeFrom,
					Recipients: inbound.Recipients, Size: inbound.Size, Received: inbound.Time, Mail: inbound,
				},
			)
	}
	if err != nil {
		return Result{}, err
	}
	outcome, err := s.Intake.Take(ctx, mail)
	return Result{
		Message: content, Text: mail.Text, Reply: mail.Reply, Outcome: outcome,
	}, err
}

// read parses the raw mail of a message. It sets the size if the receiving service does not report
// one (Amazon SES does not).
func (s ReceiveServices) read(ctx context.Context, inbound *received.Mail) (*parsed.Message, intake.Mail, error) {
	raw, err := s.Files.Open(ctx, inbound.RawKey)
	if errors.Is(err, blob.ErrAbsent) {
		return nil, intake.Mail{}, fault.Wrap(err, fault.Invalid, "The raw mail is gone.")
	}
	if err != nil {
		return nil, intake.Mail{}, fmt.Errorf("open the raw mail: %w", err)
	}
	defer func() { _ = raw.Close() }() // opened for reading only
	counted := &counting{Reader: raw}
	content, err := incoming.Parse(ctx, counted, incoming.Limits{})
	if inbound.Size == 0 {
		inbound.Size = counted.bytes
	}
	if err != nil {
		return nil, intake.Mail{}, err
	}
	mail := intake.Mail{
		Mail:       *inbound,
		From:       content.From.Address,
		FromCount:  content.AllFrom,
		Subject:    content.Subject,
		MessageID:  content.MessageID,
		InReplyTo:  content.InReplyTo,
		References: content.References,
		Text:       remarked(content.Text, remarks(content)),
		Reply:      remarked(content.Reply, remarks(content)),
		Automatic:  content.Automatic != parsed.NotAutomatic && !content.List,
		List:       content.List,
		Undated:    content.Undated,
		Forwarded:  content.Forwarded.Address,
		Bounce:     content.Automatic == parsed.Bounce,
		Report:     reportOf(content),
		Loop:       slices.Contains(content.LoopInstances, s.Domain),
	}
	if inbound.EnvelopeFrom == "" {
		mail.Automatic = true // only programs send without a return path (RFC 5321, 4.5.5)
	}
	for _, other := range slices.Concat(content.To, content.Cc) {
		mail.Others = append(mail.Others, other.Address)
	}
	for _, file := range content.Attachments {
		mail.Attachments = append(mail.Attachments, intake.MailAttachment{
			Name:        file.Name,
			ContentType: file.ContentType,
			Inline:      file.Referenced,
			Suspicious:  file.LiesAboutType,
			Content:     file.Content,
		})
	}
	return content, mail, nil
}

// counting counts the bytes read.
type counting struct {
	io.Reader
	bytes int64
}

// Read implements io.Reader.
func (c *counting) Read(into []byte) (int, error) {
	n, err := c.Reader.Read(into)
	c.bytes += int64(n)
	return n, err
}
