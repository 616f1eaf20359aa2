package platform

import (
	"context"

	"github.com/tenantry/tenantry/functions/endpoint"
	"github.com/tenantry/tenantry/functions/grant"
	"github.com/tenantry/tenantry/functions/uploads"
	"github.com/tenantry/tenantry/shared/support/intake"
	"github.com/tenantry/tenantry/shared/support/mailthread"
)

// Mail is a mail that was kept out.
type Mail struct {
	ID         string   `json:"id"`
	Reason     string   `json:"reason" doc:"Why it was quarantined; /platform/quarantine/reasons explains each."`
	Detail     string   `json:"detail" doc:"The same in words."`
	From       string   `json:"from"`
	Recipients []string `json:"recipients" doc:"For reply addresses, without the part after the plus sign."`
	Subject    string   `json:"subject"`
	Size       int64    `json:"size_in_bytes"`
	Received   int64    `json:"timestamp" doc:"When it came in, in epoch seconds."`
	Envelope   string   `json:"envelope_from" doc:"The sender in the SMTP dialogue."`
	SourceIP   string   `json:"src_ip" doc:"Where it came from."`
}

func mailOf(q intake.Quarantined) Mail {
	recipients := make([]string, len(q.Recipients))
	for i, address := range q.Recipients {
		recipients[i] = mailthread.MaskAddress(address)
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
			page, err := s.Intake.QuarantinedMails(ctx, endpoint.Principal(ctx), in.Limit, after)
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
			found, err := s.Intake.QuarantinedMail(ctx, endpoint.Principal(ctx), in.MailID)
			return &mailOutput{Body: mailOf(found)}, err
		}).
		Using(grant.On(grant.Core, grant.Get), grant.On(grant.Audit, grant.Put))
}

type rawOutput struct {
	Body struct {
		ContentURL string `json:"content_url" doc:"Where the mail can be fetched, for five minutes."`
	}
}

// rawMail returns the raw mail.
func rawMail(s Services) endpoint.Endpoint {
	return endpoint.Get("platform.raw_mail", "/platform/quarantine/{mail_id}/mail", "Get the raw mail that was kept out (operators)",
		func(ctx context.Context, in *MailID) (*rawOutput, error) {
			found, err := s.Intake.QuarantinedMail(ctx, endpoint.Principal(ctx), in.MailID)
			if err != nil {
				return nil, err
			}
			out := &rawOutput{}
			out.Body.ContentURL, err = s.Links.Link(
				ctx,
				found.Mail.RawKey,
				found.ID+".eml",
				"message/rfc822",
				uploads.LinkValid,
			)
			return out, err
		}).
		Using(grant.On(grant.Core, grant.Get), grant.On(grant.Audit, grant.Put), grant.On(grant.RawMails, grant.Link))
}

// replayMail lets a mail come in once more.
func replayMail(s Services) endpoint.Endpoint {
	return endpoint.Post("platform.replay_mail", "/platform/quarantine/{mail_id}/replay", "Look at a mail once more, as if it had just come in (operators)",
		func(ctx context.Context, in *MailID) (*endpoint.Empty, error) {
			return &endpoint.Empty{}, s.Intake.ReplayQuarantined(ctx, endpoint.Principal(ctx), in.MailID)
		}).
		Using(grant.On(grant.Core, grant.Delete, grant.Get, grant.Put), grant.On(grant.Audit, grant.Put))
}

// releaseMail lets a mail in although there is the reason that kept it out.
func releaseMail(s Services) endpoint.Endpoint {
	return endpoint.Post("platform.release_mail", "/platform/quarantine/{mail_id}/release", "Let a mail in although it was kept out (operators)",
		func(ctx context.Context, in *MailID) (*endpoint.Empty, error) {
			return &endpoint.Empty{}, s.Intake.ReleaseQuarantined(ctx, endpoint.Principal(ctx), in.MailID)
		}).
		Using(grant.On(grant.Core, grant.Delete, grant.Get, grant.Put), grant.On(grant.Audit, grant.Put))
}

// discardMail deletes a mail that was kept out.
func discardMail(s Services) endpoint.Endpoint {
	return endpoint.Delete("platform.discard_mail", "/platform/quarantine/{mail_id}", "Delete a mail that was kept out, for good (operators)",
		func(ctx context.Context, in *MailID) (*endpoint.Empty, error) {
			return &endpoint.Empty{}, s.Intake.DiscardQuarantined(ctx, endpoint.Principal(ctx), in.MailID)
		}).
		Using(grant.On(grant.Core, grant.Delete, grant.Get), grant.On(grant.Audit, grant.Put), grant.On(grant.RawMails, grant.Delete))
}

// Reason explains why mails are kept out.
type Reason struct {
	Reason     string `json:"reason"`
	Meaning    string `json:"meaning"`
	Advice     string `json:"advice" doc:"What to do about it."`
	Releasable bool   `json:"releasable" doc:"Whether a mail can be released. If not, fix the cause that the reason names, then replay the mail."`
}

type reasonsOutput struct {
	Body struct {
		Results []Reason `json:"results"`
	}
}

// reasons explains why mails are kept out.
func reasons(s Services) endpoint.Endpoint {
	return endpoint.Get("platform.quarantine_reasons", "/platform/quarantine/reasons", "Explain why mails are kept out (operators)",
		func(ctx context.Context, _ *endpoint.None) (*reasonsOutput, error) {
			explained, err := s.Intake.ExplainQuarantine(endpoint.Principal(ctx))
			if err != nil {
				return nil, err
			}
			out := &reasonsOutput{}
			for _, one := range explained {
				out.Body.Results = append(
					out.Body.Results,
					Reason{
						Reason:     string(one.Reason),
						Meaning:    one.Meaning,
						Advice:     one.Advice,
						Releasable: one.Releasable,
					},
				)
			}
			return out, nil
		}).
		Using(grant.On(grant.Audit, grant.Put))
}
