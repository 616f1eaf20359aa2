package platform

import (
	"context"
	"time"

	"github.com/tenantry/tenantry/functions/endpoint"
	"github.com/tenantry/tenantry/functions/grant"
	"github.com/tenantry/tenantry/functions/uploads"
	"github.com/tenantry/tenantry/shared/support/intake"
	"github.com/tenantry/tenantry/shared/support/mailthread"
)

// Mail is a quarantined mail.
type Mail struct {
	ID          string   `json:"id"`
	Reason      string   `json:"reason" doc:"Why it was quarantined; /platform/quarantine/reasons explains each."`
	Detail      string   `json:"detail" doc:"The same in words."`
	From        string   `json:"from"`
	Recipients  []string `json:"recipients" doc:"For reply addresses, without the part after the plus sign."`
	Subject     string   `json:"subject"`
	Size        int64    `json:"size_in_bytes"`
	Received    int64    `json:"timestamp" doc:"When it was received, in epoch seconds."`
	Envelope    string   `json:"envelope_from" doc:"The sender of the SMTP envelope."`
	SourceIP    string   `json:"src_ip" doc:"The IP address of the sending server."`
	HeadersOnly bool     `json:"headers_only" doc:"Set if the quarantine had no room for the content, so that only the headers were kept. Such a mail can be neither replayed nor released."`
}

func mailOf(q intake.Quarantined) Mail {
	recipients := make([]string, len(q.Recipients))
	for i, address := range q.Recipients {
		recipients[i] = mailthread.MaskAddress(address)
	}
	return Mail{
		ID: q.ID, Reason: string(q.Reason), Detail: q.Detail, From: q.From, Recipients: recipients, Subject: q.Subject,
		Size: q.Size, Received: q.Received, Envelope: q.Mail.EnvelopeFrom, SourceIP: q.Mail.SourceAddress,
		HeadersOnly: q.HeadersOnly,
	}
}

type quarantineOutput struct {
	Body struct {
		Limit   int    `json:"limit"`
		Used    int64  `json:"used_in_bytes" doc:"How much the quarantine holds in total."`
		Most    int64  `json:"limit_in_bytes" doc:"How much it may hold. Beyond it, only the headers of mails are kept."`
		Daily   int64  `json:"daily_limit_in_bytes" doc:"How much of it may come from one network in a day."`
		Results []Mail `json:"results" doc:"The newest first."`
		Next    string `json:"next,omitempty" doc:"The path of the next page; absent at the end."`
	}
}

type quarantineInput struct {
	Reason string `query:"reason" maxLength:"40" doc:"Only mails with this reason. A page may then have few mails, or none, although the list continues: follow next."`
	endpoint.Cursor
}

// listQuarantine lists the quarantined mails.
func listQuarantine(s Services) endpoint.Endpoint {
	return endpoint.Get("platform.list_quarantine", "/platform/quarantine", "List the quarantined mails (operators)",
		func(ctx context.Context, in *quarantineInput) (*quarantineOutput, error) {
			after, err := in.After(ctx)
			if err != nil {
				return nil, err
			}
			page, err := s.Intake.QuarantinedMails(ctx, endpoint.Principal(ctx), intake.Reason(in.Reason), in.Limit, after)
			if err != nil {
				return nil, err
			}
			usage, err := s.Intake.QuarantineUsage(ctx, endpoint.Principal(ctx))
			if err != nil {
				return nil, err
			}
			out := &quarantineOutput{}
			out.Body.Used, out.Body.Most, out.Body.Daily = usage.Used, usage.Limit, usage.SourceDaily
			out.Body.Limit, out.Body.Results = in.Limit, make([]Mail, 0, len(page.Mails))
			for _, mail := range page.Mails {
				out.Body.Results = append(out.Body.Results, mailOf(mail))
			}
			out.Body.Next = endpoint.Next(ctx, page.Next)
			return out, nil
		}).Using(grant.On(grant.Core, grant.Query, grant.Get), grant.On(grant.Audit, grant.Put))
}

// MailID names a mail in the path.
type MailID struct {
	MailID string `path:"mail_id" format:"uuid"`
}

type mailOutput struct {
	Body Mail
}

// getMail reads a quarantined mail's metadata.
func getMail(s Services) endpoint.Endpoint {
	return endpoint.Get("platform.get_mail", "/platform/quarantine/{mail_id}",
		"Read a quarantined mail (operators)",
		func(ctx context.Context, in *MailID) (*mailOutput, error) {
			mail, err := s.Intake.QuarantinedMail(ctx, endpoint.Principal(ctx), in.MailID)
			return &mailOutput{Body: mailOf(mail)}, err
		}).
		Using(grant.On(grant.Core, grant.Get), grant.On(grant.Audit, grant.Put))
}

type mailTextOutput struct {
	Body struct {
		Headers  string     `json:"headers" doc:"As they came, at most 16 KiB."`
		Text     string     `json:"text" doc:"The readable text."`
		Cut      bool       `json:"cut,omitempty" doc:"Set if the mail has more text than is shown."`
		Files    []MailFile `json:"files"`
		Problems []string   `json:"problems,omitempty" doc:"What is odd about the mail, or why it has no text."`
	}
}

// MailFile is a file that came with a mail.
type MailFile struct {
	Name        string `json:"name"`
	ContentType string `json:"content_type"`
	Size        int64  `json:"size_in_bytes"`
}

// getMailText reads the content of a quarantined mail as text.
func getMailText(s Services) endpoint.Endpoint {
	return endpoint.Get("platform.get_mail_text", "/platform/quarantine/{mail_id}/text",
		"Read the headers and the text of a quarantined mail (operators)",
		func(ctx context.Context, in *MailID) (*mailTextOutput, error) {
			content, err := s.Intake.QuarantinedContent(ctx, endpoint.Principal(ctx), in.MailID)
			if err != nil {
				return nil, err
			}
			out := &mailTextOutput{}
			out.Body.Headers, out.Body.Text, out.Body.Cut = content.Headers, content.Text, content.Cut
			out.Body.Problems, out.Body.Files = content.Problems, make([]MailFile, len(content.Files))
			for i, file := range content.Files {
				out.Body.Files[i] = MailFile(file)
			}
			return out, nil
		}).
		Using(grant.On(grant.Core, grant.Get), grant.On(grant.Audit, grant.Put), grant.On(grant.RawMails, grant.Open)).
		Sized(1769, 29*time.Second)
}

type rawOutput struct {
	Body struct {
		ContentURL string `json:"content_url" doc:"A link to the raw mail, valid for five minutes."`
	}
}

// getRawMail returns a link to the raw mail.
func getRawMail(s Services) endpoint.Endpoint {
	return endpoint.Get("platform.get_raw_mail", "/platform/quarantine/{mail_id}/mail",
		"Get a link to a quarantined raw mail (operators)",
		func(ctx context.Context, in *MailID) (*rawOutput, error) {
			mail, err := s.Intake.RawQuarantined(ctx, endpoint.Principal(ctx), in.MailID)
			if err != nil {
				return nil, err
			}
			out := &rawOutput{}
			out.Body.ContentURL, err = s.Links.Link(ctx, mail.Mail.RawKey, mail.ID+".eml", "message/rfc822",
				uploads.LinkValid)
			return out, err
		}).
		Using(grant.On(grant.Core, grant.Get), grant.On(grant.Audit, grant.Put), grant.On(grant.RawMails, grant.Link))
}

// replayMail processes a quarantined mail again.
func replayMail(s Services) endpoint.Endpoint {
	return endpoint.Post("platform.replay_mail", "/platform/quarantine/{mail_id}/replay",
		"Process a quarantined mail again, as if it had just been received (operators)",
		func(ctx context.Context, in *MailID) (*endpoint.Empty, error) {
			return &endpoint.Empty{}, s.Intake.ReplayQuarantined(ctx, endpoint.Principal(ctx), in.MailID)
		}).
		Using(grant.On(grant.Core, grant.Count, grant.Delete, grant.Get, grant.Put), grant.On(grant.Audit, grant.Put))
}

// releaseMail accepts a mail regardless of the reason for its quarantine.
func releaseMail(s Services) endpoint.Endpoint {
	return endpoint.Post("platform.release_mail", "/platform/quarantine/{mail_id}/release",
		"Release a mail from quarantine (operators)",
		func(ctx context.Context, in *MailID) (*endpoint.Empty, error) {
			return &endpoint.Empty{}, s.Intake.ReleaseQuarantined(ctx, endpoint.Principal(ctx), in.MailID)
		}).
		Using(grant.On(grant.Core, grant.Count, grant.Delete, grant.Get, grant.Put), grant.On(grant.Audit, grant.Put))
}

// deleteMail deletes a quarantined mail.
func deleteMail(s Services) endpoint.Endpoint {
	return endpoint.Delete("platform.delete_mail", "/platform/quarantine/{mail_id}",
		"Delete a quarantined mail permanently (operators)",
		func(ctx context.Context, in *MailID) (*endpoint.Empty, error) {
			return &endpoint.Empty{}, s.Intake.DiscardQuarantined(ctx, endpoint.Principal(ctx), in.MailID)
		}).
		Using(grant.On(grant.Core, grant.Count, grant.Delete, grant.Get), grant.On(grant.Audit, grant.Put),
			grant.On(grant.RawMails, grant.Delete))
}

// Reason explains why mails are quarantined.
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

// listQuarantineReasons lists the reasons for quarantine.
func listQuarantineReasons(s Services) endpoint.Endpoint {
	return endpoint.Get("platform.list_quarantine_reasons", "/platform/quarantine/reasons",
		"List the reasons for quarantine (operators)",
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
