package mail

import (
	"context"
	"encoding/json"
	"fmt"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/tenantry/tenantry/shared/fault"
	"github.com/tenantry/tenantry/shared/mail/outgoing"
	"github.com/tenantry/tenantry/shared/store/queue"
	"github.com/tenantry/tenantry/shared/support"
	"github.com/tenantry/tenantry/shared/support/notification"
)

// caseLetter writes a mail about a case. All mails about a case refer to the same root, and to the
// latest ones exchanged with the recipient, so that mail programs show them as one conversation.
func (s SendServices) caseLetter(
	ctx context.Context,
	message queue.Message,
) (written, func(messageID string) error, error) {
	var notice support.Notice
	if err := json.Unmarshal(message.Body, &notice); err != nil {
		return written{}, nil, fault.Wrap(err, fault.Invalid, "The message cannot be read.")
	}
	l, err := s.Notifications.Compose(ctx, notice)
	if err != nil {
		return written{}, nil, err
	}
	notice = l.Notice // without what the recipient is not told
	out := s.base(message, l.Recipient)
	out.FromName, out.FromAddress, out.ReplyTo = l.Sender, l.From, l.ReplyTo
	out.Subject = fmt.Sprintf("[Case %d] %s", l.Case.Number, l.Case.Subject)
	out.References = append([]string{l.Root}, l.References...)
	out.InReplyTo = out.References[len(out.References)-1]
	if notice.Event == support.Created && notice.UserID == l.Case.Submitter.ID {
		out.Kind = outgoing.Receipt
	}
	body := outgoing.CaseNotification{
		Happened: happened(
			l,
		),
		Number:       strconv.FormatInt(l.Case.Number, 10),
		Subject:      l.Case.Subject,
		Organization: l.OrgName,
		Status: string(
			l.Case.Status,
		),
		Severity: strconv.Itoa(l.Case.Severity),
		Author:   notice.ActorName,
		Comment:  l.Text,
		URL:      fmt.Sprintf("%s/orgs/%s/cases/%s", s.BaseURL, l.Case.OrgID, l.Case.ID),
	}
	for _, file := range l.Files {
		if !file.Inline {
			body.Attachments = append(body.Attachments, file.Name)
		}
	}
	if body.Comment == "" {
		body.Comment = changes(notice)
	}
	if l.RatingToken != "" {
		body.URL, body.Button = s.BaseURL+"/satisfaction?token="+url.QueryEscape(l.RatingToken), "Say how it was"
		body.Comment = "Your answer takes a moment, and needs no log-in."
	}
	out, err = dress(ctx, out, body)
	after := func(messageID string) error {
		return s.Threads.Sent(ctx, notice, messageID)
	}
	return written{letter: out, bounce: l.Bounce}, after, err
}

// happened says in a sentence what a mail is about.
func happened(l notification.Notification) string {
	n := l.Notice
	switch {
	case n.Event == support.Created && n.UserID == l.Case.Submitter.ID:
		return fmt.Sprintf("We have your request as case %d. You will hear from us.", l.Case.Number)
	case n.Event == support.Created:
		return fmt.Sprintf("%s opened case %d", n.ActorName, l.Case.Number)
	case n.Event == support.Commented && n.Internal:
		return fmt.Sprintf("%s wrote an internal note on case %d", n.ActorName, l.Case.Number)
	case n.Event == support.Commented:
		return fmt.Sprintf("%s answered case %d", n.ActorName, l.Case.Number)
	case n.Event == support.Warned:
		return fmt.Sprintf("The time for the %s of case %d is running out", promised(n.Promise), l.Case.Number)
	case n.Event == support.Breached:
		return fmt.Sprintf("The time for the %s of case %d is over", promised(n.Promise), l.Case.Number)
	case n.Event == support.AskRating:
		return fmt.Sprintf("Case %d is closed. Was our help good?", l.Case.Number)
	case n.Event == support.Attached:
		return fmt.Sprintf("%s attached %s to case %d", n.ActorName, n.FileName, l.Case.Number)
	}
	return fmt.Sprintf("%s changed case %d", n.ActorName, l.Case.Number)
}

func promised(promise string) string { return strings.ReplaceAll(promise, "_", " ") }

// changes lists the fields that were changed, a line each.
func changes(n support.Notice) string {
	var lines []string
	for name, difference := range n.Fields {
		lines = append(
			lines,
			fmt.Sprintf(
				"%s: %v → %v",
				strings.ReplaceAll(name, "_", " "),
				orNone(difference.Before),
				orNone(difference.After),
			),
		)
	}
	slices.Sort(lines)
	return strings.Join(lines, "\n")
}

func orNone(value any) any {
	if value == "" || value == nil {
		return "none"
	}
	return value
}
