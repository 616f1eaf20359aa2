package mail

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/tenantry/tenantry/shared/mail/outgoing"
	"github.com/tenantry/tenantry/shared/store/queue"
	"github.com/tenantry/tenantry/shared/support"
	"github.com/tenantry/tenantry/shared/support/notification"
)

// singleNotice writes the mail for a message that contains the notice itself. Releases up to 0.3.0
// enqueued such messages.
func (s SendServices) singleNotice(ctx context.Context, message queue.Message) (composed, error) {
	var notice support.Notice
	if err := json.Unmarshal(message.Body, &notice); err != nil {
		return composed{}, unreadable(err)
	}
	n, err := s.Notifications.Compose(ctx, notice)
	if err != nil {
		return composed{}, err
	}
	out, err := s.caseMail(ctx, message, n)
	out.sent = func(messageID string) error { return s.Threads.Sent(ctx, n.Sent(messageID)) }
	return out, err
}

// caseMail writes a mail about a case. All mails about a case refer to the same root and to the
// latest mails exchanged with the recipient, so that mail programs show them as one conversation.
func (s SendServices) caseMail(
	ctx context.Context, message queue.Message, n notification.Notification,
) (composed, error) {
	out := s.base(message, n.Recipient)
	out.FromName, out.FromAddress, out.ReplyTo = n.Sender, n.From, n.ReplyTo
	out.Subject = strings.TrimSpace(fmt.Sprintf("[Case %d] %s", n.Case.Number, n.Case.Subject))
	out.References = append([]string{n.Root}, n.References...)
	out.InReplyTo = out.References[len(out.References)-1]
	if isReceipt(n) {
		out.Kind = outgoing.Receipt
	}
	if n.Reason == notification.Unattended {
		out.Subject = fmt.Sprintf("[Case %d] Nobody can be notified", n.Case.Number)
		out.References, out.InReplyTo = nil, ""
	}
	out, err := withBody(ctx, out, s.caseBody(n))
	return composed{message: out, bounce: n.Bounce}, err
}

// caseBody returns the content of a mail about a case.
func (s SendServices) caseBody(n notification.Notification) outgoing.CaseNotification {
	body := outgoing.CaseNotification{
		Headline:     headline(n),
		Changes:      changes(n),
		Number:       strconv.FormatInt(n.Case.Number, 10),
		Subject:      n.Case.Subject,
		Organization: outgoing.Name(n.OrgName),
		Status:       string(n.Case.Status),
		Reason:       reason(n.Reason),
		Unanswerable: n.ReplyTo == "",
		URL:          fmt.Sprintf("%s/orgs/%s/cases/%s", s.BaseURL, n.Case.OrgID, n.Case.ID),
		Guest:        n.Guest,
	}
	if n.Case.Severity > 0 {
		body.Severity = strconv.Itoa(n.Case.Severity)
	}
	for _, entry := range n.Entries {
		if entry.Text != "" {
			comment := outgoing.CaseComment{Author: actor(entry), Text: entry.Text, Note: entry.Internal}
			if len(n.Entries) == 1 && !isReceipt(n) {
				comment.Author = "" // the headline names the author
			}
			body.Comments = append(body.Comments, comment)
		}
		if entry.Event == support.Attached {
			body.Attachments = append(body.Attachments, entry.FileName)
		}
		for _, file := range entry.Files {
			if !file.Inline {
				body.Attachments = append(body.Attachments, file.Name)
			}
		}
	}
	if n.RatingToken != "" {
		body.RatingURL = s.BaseURL + "/satisfaction?token=" + url.QueryEscape(n.RatingToken)
	}
	return body
}

// actor returns who caused an entry, and whose side they are on: a customer may be called Support.
func actor(entry notification.Entry) string {
	name := outgoing.Name(entry.ActorName)
	if entry.ActorSide == "" {
		return name
	}
	return fmt.Sprintf("%s (%s)", name, entry.ActorSide)
}

// isReceipt reports whether a mail only confirms to the submitter that the case was opened.
func isReceipt(n notification.Notification) bool {
	return len(n.Entries) == 1 && n.Entries[0].Event == support.Created && n.Recipient.ID == n.Case.Submitter.ID
}

// weight ranks events by how much they matter to the reader.
func weight(event support.Event) int {
	return slices.Index([]support.Event{
		support.Changed, support.Attached, support.AskRating, support.Unassigned, support.Warned, support.Breached,
		support.Commented, support.Created,
	}, event)
}

// mainEntry returns the latest of the entries that matter most.
func mainEntry(n notification.Notification) notification.Entry {
	main := n.Entries[0]
	for _, entry := range n.Entries[1:] {
		if weight(entry.Event) >= weight(main.Event) {
			main = entry
		}
	}
	return main
}

// headline returns a sentence that sums up a mail.
func headline(n notification.Notification) string {
	entry, number := mainEntry(n), n.Case.Number
	switch {
	case n.Reason == notification.Unattended:
		return fmt.Sprintf(
			"Case %d of %s has news, and nobody who works on its cases can be notified", number, outgoing.Name(n.OrgName),
		)
	case entry.Event == support.Created && n.Recipient.ID == n.Case.Submitter.ID:
		return fmt.Sprintf("We have your request as case %d. You will hear from us.", number)
	case entry.Event == support.Commented && entry.Internal:
		return fmt.Sprintf("%s wrote an internal note on case %d", actor(entry), number)
	}
	switch entry.Event {
	case support.Created:
		return fmt.Sprintf("%s opened case %d", actor(entry), number)
	case support.Commented:
		return fmt.Sprintf("%s answered case %d", actor(entry), number)
	case support.Attached:
		return fmt.Sprintf("%s attached %s to case %d", actor(entry), entry.FileName, number)
	case support.AskRating:
		return fmt.Sprintf("Case %d is closed", number)
	case support.Warned, support.Breached:
		return fmt.Sprintf("Case %d: %s", number, clockLine(entry))
	case support.Unassigned:
		return fmt.Sprintf("Case %d needs an assignee", number)
	}
	return fmt.Sprintf("%s changed case %d", actor(entry), number)
}

// clockLine returns which service level is about to be breached or was breached.
func clockLine(entry notification.Entry) string {
	promise := strings.ReplaceAll(entry.Promise, "_", " ")
	if entry.Event == support.Breached {
		return fmt.Sprintf("the time for the %s has passed", promise)
	}
	return fmt.Sprintf("the time for the %s is running out", promise)
}

// changes returns a line for each field that differs from before the first entry, and for each
// service level event that the headline does not mention.
func changes(n notification.Notification) []string {
	fields := map[string]support.Difference{}
	var lines []string
	main := mainEntry(n)
	for _, entry := range n.Entries {
		for name, difference := range entry.Fields {
			if earlier, changed := fields[name]; changed {
				difference.Before = earlier.Before
			}
			fields[name] = difference
		}
		isClock := entry.Event == support.Warned || entry.Event == support.Breached
		if isClock && entry.Promise+string(entry.Event) != main.Promise+string(main.Event) {
			line := clockLine(entry)
			lines = append(lines, strings.ToUpper(line[:1])+line[1:])
		}
	}
	for name, difference := range fields {
		before, after := shown(difference.Before), shown(difference.After)
		switch name {
		case "assignee", "submitter":
			before, after = outgoing.Name(before), outgoing.Name(after)
		case "return_at":
			zone := n.Recipient.Preferences.Zone()
			before, after = momentIn(zone, before), momentIn(zone, after)
		}
		if before != after {
			label := strings.ReplaceAll(name, "_", " ")
			lines = append(lines, fmt.Sprintf("%s: %s → %s", strings.ToUpper(label[:1])+label[1:], before, after))
		}
	}
	slices.Sort(lines)
	return lines
}

// momentIn returns a time of the history (RFC 3339) as mails show it in a time zone. Other texts stay
// as they are.
func momentIn(zone *time.Location, text string) string {
	at, err := time.Parse(time.RFC3339, text)
	if err != nil {
		return text
	}
	return outgoing.Moment(at.In(zone))
}

// shown returns a value in readable form.
func shown(value any) string {
	if value == nil {
		return "none"
	}
	return cmp.Or(fmt.Sprint(value), "none")
}

// reason returns a sentence that says why the recipient gets a mail.
func reason(why notification.Reason) string {
	switch why {
	case notification.Submitted:
		return "You get this mail because you opened the case."
	case notification.Assigned:
		return "You get this mail because the case is assigned to you."
	case notification.Watching:
		return "You get this mail because you watch the case."
	case notification.Copied:
		return "You get this mail because your address was added to the case."
	case notification.OnDuty:
		return "You get this mail because nobody who can be reached is assigned to the case, " +
			"and you are on the support desk or in charge of it."
	case notification.Unattended:
		return "You get this mail because you are an operator: no agent, desk member or super user who may see the case " +
			"can be reached. Check what the organization consents to, who works for the provider, and whether mail reaches them."
	}
	return ""
}
