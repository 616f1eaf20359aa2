package mail

import (
	"context"
	"encoding/json"
	"errors"

	"github.com/tenantry/tenantry/shared/fault"
	"github.com/tenantry/tenantry/shared/mail/incoming/markup"
	"github.com/tenantry/tenantry/shared/mail/outgoing"
	"github.com/tenantry/tenantry/shared/store/queue"
	"github.com/tenantry/tenantry/shared/support/supportmail"
)

// notMeant is why somebody does not get a mail who was to get it.
const notMeant = "is no administrator or contact of a customer any more, or gets no mails"

// supportMail sends a provider's mail to one recipient in an organization, and writes down what became of
// it: also that it cannot be sent at all, which would otherwise leave its job without an end.
func (s SendServices) supportMail(ctx context.Context, message queue.Message) error {
	var asked supportmail.Message
	if err := json.Unmarshal(message.Body, &asked); err != nil {
		return unreadable(err)
	}
	mail, waits, err := s.SupportMails.Mail(ctx, asked)
	if !waits {
		return err
	}
	if fault.Is(err, fault.NotFound) {
		return s.SupportMails.Done(ctx, asked, notMeant)
	}
	if err != nil {
		return err
	}
	out, err := s.composeSupportMail(ctx, message, mail)
	if err != nil {
		return err
	}
	_, err = s.deliver(ctx, message, out)
	if refused, ok := errors.AsType[*fault.Error](err); ok && refused.Code == fault.Invalid {
		return s.SupportMails.Done(ctx, asked, refused.Message)
	}
	if err != nil {
		return err
	}
	return s.SupportMails.Done(ctx, asked, "")
}

func (s SendServices) composeSupportMail(
	ctx context.Context, message queue.Message, mail supportmail.Mail,
) (composed, error) {
	l := languageOf(mail.Person)
	org, sender := outgoing.OneLine(mail.Org.Name), outgoing.OneLine(mail.Sender)
	reason := l.T("You get this mail because you are a contact of %s.", org)
	if mail.UserID != "" {
		reason = l.T("You get this mail because you are an administrator of %s.", org)
	}
	safe, _ := markup.Safe(ctx, []markup.Segment{{HTML: mail.HTML}}, markup.Pictures{})
	body := outgoing.SupportMail{
		Language: l, Subject: mail.Subject, Content: mail.Text, Formatted: safe,
		Footer: outgoing.Footer{
			Reason: reason, Stop: l.T("An answer opens a case."),
			Sender: outgoing.PortalSender(l, s.BaseURL, mail.Sender, mail.Org.Name),
		},
		Logo: s.logo(ctx, mail.Org.MSPID),
	}
	out := s.base(message, mail.Person)
	out.FromName, out.ToName, out.ToAddress = sender, outgoing.OneLine(mail.Name), mail.Address
	out.ReplyTo, out.Subject, out.Logo = mail.ReplyTo, mail.Subject, body.Logo
	out, err := withBody(ctx, out, body)
	return composed{message: out, bounce: mail.Bounce}, err
}
