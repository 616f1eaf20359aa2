package mail

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/tenantry/tenantry/shared/mail/outgoing"
	"github.com/tenantry/tenantry/shared/mail/wording"
	"github.com/tenantry/tenantry/shared/store/queue"
	"github.com/tenantry/tenantry/shared/support"
	"github.com/tenantry/tenantry/shared/support/notification"
	"github.com/tenantry/tenantry/shared/support/servicelevel"
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
		out.Subject = languageOf(n.Recipient).T("[Case %s] Nobody can be notified", number(n))
		out.References, out.InReplyTo = nil, ""
	} else {
		out.List = s.list(n)
	}
	body := s.caseBody(n)
	out.Logo = s.logo(ctx, n.MSPID)
	body.Logo = out.Logo
	out, err := withBody(ctx, out, body)
	return composed{message: out, bounce: n.Bounce}, err
}

// number returns the number of the case as a text: a printed number would be grouped.
func number(n notification.Notification) string { return strconv.FormatInt(n.Case.Number, 10) }

// list returns what identifies the mails about an organization's cases. Watchers can stop those about a
// case by a button of their mail program, which works with https only. Others have a part in the case.
func (s SendServices) list(n notification.Notification) outgoing.List {
	list := outgoing.List{ID: n.Case.OrgID + ".cases." + s.Domain, Name: n.OrgName}
	if n.WatchToken != "" && strings.HasPrefix(s.BaseURL, "https://") {
		list.Unsubscribe = s.link(unwatchPath, n.WatchToken)
	}
	return list
}

// unwatchPath is the page that ends the watching of a case.
const unwatchPath = "/unwatch"

// caseBody returns the content of a mail about a case.
func (s SendServices) caseBody(n notification.Notification) outgoing.CaseNotification {
	l := languageOf(n.Recipient)
	body := outgoing.CaseNotification{
		Language: l,
		Headline: headline(n),
		Changes:  changes(n),
		Remarks:  remarksOf(n),
		Facts: []outgoing.Fact{
			{Name: l.T("Case"), Value: number(n)},
			{Name: label(l, "subject"), Value: n.Case.Subject},
			{Name: l.T("Organization"), Value: outgoing.Name(n.OrgName)},
			{Name: label(l, "status"), Value: string(n.Case.Status)},
		},
		Footer:       s.footer(n),
		Unanswerable: n.ReplyTo == "",
		URL:          fmt.Sprintf("%s/orgs/%s/cases/%s", s.BaseURL, n.Case.OrgID, n.Case.ID),
		Guest:        n.Guest,
	}
	if n.Reason == notification.Unattended {
		// Operators may not open the case; its organization they may.
		body.URL, body.Button = fmt.Sprintf("%s/orgs/%s", s.BaseURL, n.Case.OrgID), l.T("Open the organization")
	}
	if n.Case.Severity > 0 {
		body.Facts = append(body.Facts,
			outgoing.Fact{Name: label(l, "severity"), Value: strconv.Itoa(n.Case.Severity)})
	}
	for _, entry := range n.Entries {
		if entry.Text != "" {
			comment := outgoing.CaseComment{Author: actor(l, entry), Text: entry.Text, Note: entry.Internal}
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
func actor(l wording.Language, entry notification.Entry) string {
	name := outgoing.Name(entry.ActorName)
	switch entry.ActorSide {
	case support.SupportSide:
		return l.T("%s (support)", name)
	case support.CustomerSide:
		return l.T("%s (customer)", name)
	}
	return name
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

// headline returns a sentence that says what happened, and who did it.
func headline(n notification.Notification) string {
	entry, number, l := mainEntry(n), number(n), languageOf(n.Recipient)
	switch {
	case n.Reason == notification.Unattended:
		return l.T("Case %[1]s of %[2]s has news, and nobody who works on its cases can be notified",
			number, outgoing.Name(n.OrgName))
	case entry.Event == support.Created && n.Recipient.ID == n.Case.Submitter.ID:
		return l.T("We have your request as case %s. You will hear from us.", number)
	case entry.Event == support.Commented && entry.Internal:
		return l.T("%[1]s wrote an internal note on case %[2]s", actor(l, entry), number)
	}
	switch entry.Event {
	case support.Created:
		return l.T("%[1]s opened case %[2]s", actor(l, entry), number)
	case support.Commented:
		return l.T("%[1]s answered case %[2]s", actor(l, entry), number)
	case support.Attached:
		return l.T("%[1]s attached %[2]s to case %[3]s", actor(l, entry), entry.FileName, number)
	case support.AskRating:
		return l.T("Case %s is closed", number)
	case support.Warned, support.Breached:
		return l.T("Case %[1]s: %[2]s", number, clockLine(l, entry))
	case support.Unassigned:
		return l.T("Case %s needs an assignee", number)
	}
	if names := changedNames(l, entry); names != "" {
		return l.T("%[1]s changed case %[2]s: %[3]s", actor(l, entry), number, names)
	}
	return l.T("%[1]s changed case %[2]s", actor(l, entry), number)
}

// maxNamed is how many changed fields a headline names.
const maxNamed = 3

// changedNames returns the names of the fields that an entry changed; "" if there are too many.
func changedNames(l wording.Language, entry notification.Entry) string {
	if len(entry.Fields) > maxNamed {
		return ""
	}
	var names []string
	for _, name := range slices.Sorted(maps.Keys(entry.Fields)) {
		names = append(names, label(l, name))
	}
	return strings.Join(names, ", ")
}

// clockLine returns which service level is about to be breached or was breached.
func clockLine(l wording.Language, entry notification.Entry) string {
	answer := entry.Promise == string(servicelevel.FirstAnswer)
	switch {
	case entry.Event == support.Breached && answer:
		return l.T("The time for the first answer has passed.")
	case entry.Event == support.Breached:
		return l.T("The time for the solution has passed.")
	case answer:
		return l.T("The time for the first answer is running out.")
	}
	return l.T("The time for the solution is running out.")
}

// remarksOf returns a sentence for each service level event that the headline does not mention, and
// tells operators what to do.
func remarksOf(n notification.Notification) []string {
	l, main := languageOf(n.Recipient), mainEntry(n)
	if n.Reason == notification.Unattended {
		return []string{l.T("No agent, desk member or super user who may see the case can be reached. Check what the " +
			"organization consents to, who works for the provider, and whether mail reaches them.")}
	}
	var lines []string
	for _, entry := range n.Entries {
		isClock := entry.Event == support.Warned || entry.Event == support.Breached
		if isClock && entry.Promise+string(entry.Event) != main.Promise+string(main.Event) {
			lines = append(lines, clockLine(l, entry))
		}
	}
	slices.Sort(lines)
	return lines
}

// changes returns the fields that differ from before the first entry.
func changes(n notification.Notification) []outgoing.FieldChange {
	l, fields := languageOf(n.Recipient), map[string]support.Difference{}
	for _, entry := range n.Entries {
		for name, difference := range entry.Fields {
			if earlier, changed := fields[name]; changed {
				difference.Before = earlier.Before
			}
			fields[name] = difference
		}
	}
	var lines []outgoing.FieldChange
	for _, name := range slices.Sorted(maps.Keys(fields)) {
		before, after := shown(l, fields[name].Before), shown(l, fields[name].After)
		switch name {
		case "assignee", "submitter":
			before, after = outgoing.Name(before), outgoing.Name(after)
		case "return_at":
			zone := n.Recipient.Preferences.Zone()
			before, after = momentIn(zone, before), momentIn(zone, after)
		}
		if before != after {
			lines = append(lines, outgoing.FieldChange{Name: label(l, name), Before: before, After: after})
		}
	}
	return lines
}

// label returns the name of a field of a case in a language.
func label(l wording.Language, name string) string {
	switch name {
	case "subject":
		return l.T("Subject")
	case "type":
		return l.T("Type")
	case "component":
		return l.T("Component")
	case "reason":
		return l.T("Reason")
	case "version":
		return l.T("Version")
	case "severity":
		return l.T("Severity")
	case "environment":
		return l.T("Environment")
	case "custom_tag":
		return l.T("Custom tag")
	case "status":
		return l.T("Status")
	case "assignee":
		return l.T("Assignee")
	case "archived":
		return l.T("Archived")
	case "deleted":
		return l.T("Deleted")
	case "return_at":
		return l.T("Comes back")
	case "merged_into":
		return l.T("Merged into")
	case "links":
		return l.T("Links")
	case "cc":
		return l.T("In copy")
	case "watchers":
		return l.T("Watchers")
	}
	words := strings.ReplaceAll(name, "_", " ")
	return strings.ToUpper(words[:1]) + words[1:]
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
func shown(l wording.Language, value any) string {
	switch value {
	case nil, "":
		return l.T("none")
	case true:
		return l.T("yes")
	case false:
		return l.T("no")
	}
	return cmp.Or(fmt.Sprint(value), l.T("none"))
}

// footer says why the recipient gets a mail, how to get no more, and whose portal it is from.
func (s SendServices) footer(n notification.Notification) outgoing.Footer {
	l := languageOf(n.Recipient)
	f := outgoing.Footer{Reason: reason(l, n.Reason), Sender: outgoing.PortalSender(l, s.BaseURL, n.Provider, n.OrgName)}
	if n.Guest {
		f.Stop = l.T("To get no more of these mails, answer and ask for your address to be removed from the case.")
		return f
	}
	if n.Reason == notification.Unattended {
		f.Stop = l.T("These mails cannot be turned off: they come at most once an hour about a case.")
		return f
	}
	if n.WatchToken != "" {
		f.Ways = append(f.Ways, outgoing.Way{Label: l.T("Stop watching this case"), URL: s.link(unwatchPath, n.WatchToken)})
	}
	f.Ways = append(f.Ways, outgoing.Way{Label: l.T("Choose which mails you get"), URL: s.setting(mailsSection)})
	return f
}

// reason returns a sentence that says why the recipient gets a mail.
func reason(l wording.Language, why notification.Reason) string {
	switch why {
	case notification.Submitted:
		return l.T("You get this mail because you are the submitter of the case.")
	case notification.Assigned:
		return l.T("You get this mail because the case is assigned to you.")
	case notification.Watching:
		return l.T("You get this mail because you watch the case.")
	case notification.Copied:
		return l.T("You get this mail because your address was added to the case.")
	case notification.OnDuty:
		return l.T("You get this mail because nobody who can be reached is assigned to the case, " +
			"and you are on the support desk or in charge of it.")
	case notification.Unattended:
		return l.T("You get this mail because you are an operator of the platform.")
	}
	return ""
}
