package platform

import (
	"context"

	"github.com/tenantry/tenantry/functions/cases"
	"github.com/tenantry/tenantry/functions/endpoint"
	"github.com/tenantry/tenantry/functions/grant"
	"github.com/tenantry/tenantry/shared/support"
)

// Mail is a mail that was kept out.
type Mail struct {
	ID         string   `json:"id"`
	Reason     string   `json:"reason" doc:"Why it was kept out: unreadable, loop, delivery_failure, automatic, invalid_token, unknown_case, other_sender, unknown_sender, not_permitted, no_organization, ambiguous_organization, no_destination, too_much, virus, spam or forged."`
	Detail     string   `json:"detail" doc:"The same in words."`
	From       string   `json:"from"`
	Recipients []string `json:"recipients" doc:"What stands behind the plus of an address for answers is left out."`
	Subject    string   `json:"subject"`
	Size       int64    `json:"size_in_bytes"`
	Received   int64    `json:"timestamp" doc:"When it came in, in epoch seconds."`
	Envelope   string   `json:"envelope_from" doc:"The sender in the SMTP dialogue."`
	SourceIP   string   `json:"src_ip" doc:"Where it came from."`
}

func mailOf(q support.Quarantined) Mail {
	recipients := make([]string, len(q.Recipients))
	for i, address := range q.Recipients {
		recipients[i] = support.MaskAddress(address)
	}
	return Mail{
		ID: q.ID, Reason: string(q.Reason), Detail: q.Detail, From: q.From, Recipients: recipients, Subject: q.Subject,
		Size: q.Size, Received: q.Received, Envelope: q.Mail.EnvelopeFrom, SourceIP: q.Mail.SourceAddress,
	}
}

type quarantineOutput struct {
	Body struct {
		Limit   int    `json:"limit"`
		Results []Mail `json:"results" doc:"The newest first."`
		Next    string `json:"next,omitempty" doc:"The path of the following page; absent at the end."`
	}
}

// quarantine lists the mails that were kept out.
func quarantine(s Services) endpoint.Endpoint {
	return endpoint.Get("platform.quarantine", "/platform/quarantine", "List the mails that were kept out (operators)",
		func(ctx context.Context, in *endpoint.Cursor) (*quarantineOutput, error) {
			after, err := in.After(ctx)
			if err != nil {
				return nil, err
			}
			page, err := s.Desk.QuarantinedMails(ctx, endpoint.Principal(ctx), in.Limit, after)
			if err != nil {
				return nil, err
			}
			out := &quarantineOutput{}
			out.Body.Limit, out.Body.Results = in.Limit, make([]Mail, 0, len(page.Mails))
			for _, mail := range page.Mails {
				out.Body.Results = append(out.Body.Results, mailOf(mail))
			}
			out.Body.Next = endpoint.Next(ctx, page.Next)
			return out, nil
		}).Using(grant.On(grant.Core, grant.Query), grant.On(grant.Audit, grant.Put))
}

// MailID names a mail in the path.
type MailID struct {
	MailID string `path:"mail_id" format:"uuid"`
}

type mailOutput struct {
	Body Mail
}

// quarantinedMail reads what is known of a mail that was kept out.
func quarantinedMail(s Services) endpoint.Endpoint {
	return endpoint.Get("platform.quarantined_mail", "/platform/quarantine/{mail_id}", "Read a mail that was kept out (operators)",
		func(ctx context.Context, in *MailID) (*mailOutput, error) {
			found, err := s.Desk.QuarantinedMail(ctx, endpoint.Principal(ctx), in.MailID)
			return &mailOutput{Body: mailOf(found)}, err
		}).Using(grant.On(grant.Audit, grant.Put))
}

type rawOutput struct {
	Body struct {
		ContentURL string `json:"content_url" doc:"Where the mail can be fetched, for five minutes."`
	}
}

// rawMail gives the raw mail.
func rawMail(s Services) endpoint.Endpoint {
	return endpoint.Get("platform.raw_mail", "/platform/quarantine/{mail_id}/mail", "Get the raw mail that was kept out (operators)",
		func(ctx context.Context, in *MailID) (*rawOutput, error) {
			found, err := s.Desk.QuarantinedMail(ctx, endpoint.Principal(ctx), in.MailID)
			if err != nil {
				return nil, err
			}
			out := &rawOutput{}
			out.Body.ContentURL, err = s.Links.Link(ctx, found.Mail.RawKey, found.ID+".eml", "message/rfc822", cases.LinkValid)
			return out, err
		}).Using(grant.On(grant.Audit, grant.Put), grant.On(grant.RawMails, grant.Link))
}

// replayMail lets a mail come in once more.
func replayMail(s Services) endpoint.Endpoint {
	return endpoint.Post("platform.replay_mail", "/platform/quarantine/{mail_id}/replay", "Let a mail come in once more (operators)",
		func(ctx context.Context, in *MailID) (*endpoint.Empty, error) {
			return &endpoint.Empty{}, s.Desk.ReplayQuarantined(ctx, endpoint.Principal(ctx), in.MailID)
		}).Using(grant.On(grant.Core, grant.Delete), grant.On(grant.Audit, grant.Put))
}
