// Package ses sends finished mails by Amazon SES. It keeps nothing and retries little:
// the queue before it does. The domain of the sender must be verified with the service;
// infra/aws does that. What comes in by the service is read in mail/receipt.
package ses

import (
	"context"
	"errors"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sesv2"
	"github.com/aws/aws-sdk-go-v2/service/sesv2/types"

	"github.com/tenantry/tenantry/shared/fault"
	"github.com/tenantry/tenantry/shared/mail"
)

// Sender sends mails by Amazon SES. It implements mail.Sender.
type Sender struct {
	client           *sesv2.Client
	configurationSet *string
}

// New returns a sender; configurationSet names the set by which the service reports what became of
// the mails, "" for none.
func New(client *sesv2.Client, configurationSet string) *Sender {
	sender := &Sender{client: client}
	if configurationSet != "" {
		sender.configurationSet = aws.String(configurationSet)
	}
	return sender
}

// Send hands a mail over, as the port says. A mail whose answer was lost goes out twice:
// the service does not tell mails apart.
//
// The sender is the one of the From header. The service puts an envelope sender of its own on the
// way, takes the reports of failed delivery, and forwards them to the message's
// (docs.aws.amazon.com, "Receiving Amazon SES notifications through email").
func (s *Sender) Send(ctx context.Context, message mail.Outgoing) (wireID string, err error) {
	if !bare(message.To) || message.EnvelopeFrom != "" && !bare(message.EnvelopeFrom) {
		return "", fault.New(fault.Invalid, "The mail's sender or recipient is not a bare mail address.")
	}
	input := &sesv2.SendEmailInput{
		ConfigurationSetName: s.configurationSet,
		Destination:          &types.Destination{ToAddresses: []string{message.To}},
		Content:              &types.EmailContent{Raw: &types.RawMessage{Data: message.Raw}},
	}
	if message.EnvelopeFrom != "" {
		input.FeedbackForwardingEmailAddress = aws.String(message.EnvelopeFrom)
	}
	output, err := s.client.SendEmail(ctx, input)
	if err != nil {
		return "", judge(err)
	}
	return MessageID(aws.ToString(output.MessageId), s.client.Options().Region), nil
}

// MessageID is the Message-ID that the service puts in place of a mail's own (docs.aws.amazon.com,
// "Amazon SES header fields"): what it answers with, and names the mail by in its events, at a
// domain of its region. Some emulators answer with the whole.
func MessageID(answered, region string) string {
	switch {
	case strings.Contains(answered, "@"):
		return answered
	case region == "us-east-1":
		return answered + "@email.amazonses.com"
	default:
		return answered + "@" + region + ".amazonses.com"
	}
}

// judge tells a refusal for good from what may pass or an operator can mend: too many
// mails, a paused account, a missing configuration set or permission.
func judge(err error) error {
	_, rejected := errors.AsType[*types.MessageRejected](err)
	_, unverified := errors.AsType[*types.MailFromDomainNotVerifiedException](err)
	_, wrong := errors.AsType[*types.BadRequestException](err)
	if rejected || unverified || wrong {
		return fault.Wrap(err, fault.Invalid, "Amazon SES refuses the mail.")
	}
	return fault.Wrap(err, fault.Unavailable, "Amazon SES does not take the mail now.")
}

// bare reports whether a text is one address alone: the service would take a list, or a
// name with an address, as such.
func bare(address string) bool {
	return strings.Count(address, "@") == 1 && !strings.ContainsAny(address, "\r\n\t <>,;:\"()\x00")
}
