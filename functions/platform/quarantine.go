package platform

import (
	"context"
	"io"
	"mime"
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"github.com/tenantry/tenantry/functions/endpoint"
	"github.com/tenantry/tenantry/shared/support"
)

// Mail is a mail that was kept out.
type Mail struct {
	ID         string   `json:"id"`
	Reason     string   `json:"reason" doc:"Why it was kept out: unreadable, loop, delivery_failure, automatic, invalid_token, unknown_case, other_sender, unknown_sender, not_permitted, no_organization, ambiguous_organization, no_destination or too_much."`
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
		})
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
		})
}

type rawOutput struct {
	ContentType string `header:"Content-Type"`
	Disposition string `header:"Content-Disposition"`
	Body        func(huma.Context)
}

// rawMail streams the raw mail.
func rawMail(s Services) endpoint.Endpoint {
	return endpoint.New(endpoint.About{
		Name: "platform.raw_mail", Method: http.MethodGet, Path: "/platform/quarantine/{mail_id}/mail",
		Summary: "Fetch the raw mail that was kept out (operators)",
		Responses: map[string]*huma.Response{"200": {
			Description: "The mail as it came in.",
			Content:     map[string]*huma.MediaType{"message/rfc822": {Schema: &huma.Schema{Type: huma.TypeString, Format: "binary"}}},
		}},
	}, func(ctx context.Context, in *MailID) (*rawOutput, error) {
		raw, found, err := s.Desk.OpenQuarantined(ctx, endpoint.Principal(ctx), in.MailID)
		if err != nil {
			return nil, err
		}
		return &rawOutput{
			ContentType: "message/rfc822", Disposition: mime.FormatMediaType("attachment", map[string]string{"filename": found.ID + ".eml"}),
			Body: func(c huma.Context) {
				defer func() { _ = raw.Close() }()  // it was only read
				_, _ = io.Copy(c.BodyWriter(), raw) // a client that is gone cannot be told
			},
		}, nil
	})
}

// replayMail lets a mail come in once more.
func replayMail(s Services) endpoint.Endpoint {
	return endpoint.Post("platform.replay_mail", "/platform/quarantine/{mail_id}/replay", "Let a mail come in once more (operators)",
		func(ctx context.Context, in *MailID) (*endpoint.Empty, error) {
			return &endpoint.Empty{}, s.Desk.ReplayQuarantined(ctx, endpoint.Principal(ctx), in.MailID)
		})
}
