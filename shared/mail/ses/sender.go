// Package ses sends finished mails by Amazon SES. It stores nothing and retries little: the queue
// before it does. The domain of the sender must be verified with the service; infra/aws does that.
// Received mails are in mail/sesnotification.
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

// New returns a sender; configurationSet is the name of the set with which the service reports
// deliveries, "" for none.
func New(client *sesv2.Client, configurationSet string) *Sender {
	sender := &Sender{client: client}
	if configurationSet != "" {
		sender.configurationSet = aws.String(configurationSet)
	}
	return sender
}

// Send sends a mail. A mail whose response was lost is sent twice: the service does not recognize
// duplicates.
//
// The sender is that of the From header. The service replaces the envelope sender with its own,
// receives reports of failed delivery, and forwards them to the message's (docs.aws.amazon.com,
// "Receiving Amazon SES notifications through email").
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

// MessageID is the Message-ID with which the service replaces a mail's own (docs.aws.amazon.com,
// "Amazon SES header fields"): the ID in its response and its events, at a domain of its region.
// Some emulators return the whole.
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

// judge distinguishes permanent rejections from failures that are temporary or that an operator can
// fix: too many mails, a paused account, a missing configuration set or permission.
func judge(err error) error {
	_, rejected := errors.AsType[*types.MessageRejected](err)
	_, unverified := errors.AsType[*types.MailFromDomainNotVerifiedException](err)
	_, wrong := errors.AsType[*types.BadRequestException](err)
	if rejected || unverified || wrong {
		return fault.Wrap(err, fault.Invalid, "Amazon SES refuses the mail.")
	}
	return fault.Wrap(err, fault.Unavailable, "Amazon SES does not take the mail now.")
}

// bare reports whether a text is a single address: the service would accept a list, or an address
// with a name.
func bare(address string) bool {
	return strings.Count(address, "@") == 1 && !strings.ContainsAny(address, "\r\n\t <>,;:\"()\x00")
}
