package mail

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"github.com/tenantry/tenantry/shared/identity"
	"github.com/tenantry/tenantry/shared/mail/outgoing"
	"github.com/tenantry/tenantry/shared/store/queue"
)

// noticeWriter writes a notice for a recipient, with times in zone; subject is the person whom it is
// about, empty if none. It returns the mail's subject too.
type noticeWriter func(
	s SendServices, notice identity.Notice, subject identity.Person, zone *time.Location,
) (string, outgoing.AccountNotice)

// notices returns the writers of the notices that consist of a few sentences and a link.
func notices() map[string]noticeWriter {
	return map[string]noticeWriter{
		identity.NoticeAdministrator:  newAdministrator,
		identity.NoticeConsentRequest: consentRequest,
		identity.NoticeEnded:          accessEnded,
		identity.NoticeLocked:         accountLocked,
		identity.NoticeSecurityMail:   securityEvent,
	}
}

// accountNotice writes a notice to its recipient, or to the person whom it is about if it names no
// other.
func (s SendServices) accountNotice(
	ctx context.Context, message queue.Message, notice identity.Notice, write noticeWriter,
) (composed, error) {
	var subject, recipient identity.Person
	var err error
	if notice.UserID != "" {
		if subject, err = s.Accounts.Person(ctx, notice.UserID); err != nil {
			return composed{}, err
		}
	}
	if recipient = subject; notice.RecipientID != "" {
		if recipient, err = s.Accounts.Person(ctx, notice.RecipientID); err != nil {
			return composed{}, err
		}
	}
	if notice, err = s.Accounts.NoticeSeenBy(ctx, notice, recipient); err != nil {
		return composed{}, err
	}
	out := s.base(message, recipient)
	var body outgoing.AccountNotice
	out.Subject, body = write(s, notice, subject, recipient.Preferences.Zone())
	out, err = withBody(ctx, out, body)
	return composed{message: out}, err
}

func newAdministrator(
	s SendServices, notice identity.Notice, subject identity.Person, _ *time.Location,
) (string, outgoing.AccountNotice) {
	place := outgoing.OneLine(notice.PlaceName)
	return "A new administrator of " + place, outgoing.AccountNotice{
		Headline: "A new administrator",
		Paragraphs: []string{
			fmt.Sprintf("%s (%s) is now %s of %s.", outgoing.OneLine(subject.FirstName+" "+subject.LastName),
				outgoing.OneLine(subject.Email), notice.Role.NameAt(notice.Scope), place),
			"You get this mail because you administer " + place + ". If you did not expect it, look at the audit " +
				"log for who invited this person, and remove them.",
		},
		Button: "Open the portal", Link: s.BaseURL + "/",
	}
}

func consentRequest(
	s SendServices, notice identity.Notice, _ identity.Person, zone *time.Location,
) (string, outgoing.AccountNotice) {
	place := outgoing.OneLine(notice.PlaceName)
	asked := fmt.Sprintf("%s asks %s to consent to %s", outgoing.OneLine(notice.ByName), place,
		identity.Describe(notice.Consent, notice.Grantee))
	if notice.Until > 0 {
		asked += " until " + outgoing.Moment(time.Unix(notice.Until, 0).In(zone))
	}
	return "A request for your consent", outgoing.AccountNotice{
		Headline: "A request for your consent",
		Paragraphs: []string{
			asked + ".",
			"The reason given: " + outgoing.Quoted(notice.Reason),
			"Nothing changes unless you or another administrator of " + place + " gives the consent.",
		},
		Button: "Open the portal", Link: s.BaseURL + "/",
	}
}

func accessEnded(
	s SendServices, notice identity.Notice, _ identity.Person, _ *time.Location,
) (string, outgoing.AccountNotice) {
	return "All your sessions were ended", outgoing.AccountNotice{
		Headline: "All your sessions were ended",
		Paragraphs: []string{
			fmt.Sprintf("%s ended all sessions, API tokens and pending password recoveries of your account, from the "+
				"address %s.", outgoing.OneLine(notice.ByName), outgoing.OneLine(notice.Source)),
			"Log in again to go on. Programs that used your API tokens need new ones.",
		},
		Button: "Log in", Link: s.BaseURL + "/login",
	}
}

func accountLocked(
	s SendServices, notice identity.Notice, _ identity.Person, _ *time.Location,
) (string, outgoing.AccountNotice) {
	return "Wrong passwords for your account", outgoing.AccountNotice{
		Headline: "Wrong passwords for your account",
		Paragraphs: []string{
			fmt.Sprintf("A wrong password was given for your account five times, last from the address %s. Log-ins from "+
				"there are refused for 15 minutes. From the other networks that you use you still get in.",
				outgoing.OneLine(notice.Source)),
			"If it was not you and you use the password elsewhere too, set a new one. You get this mail at most once a " +
				"day; your audit log has every attempt.",
		},
		Button: "Set a new password", Link: s.BaseURL + "/recover",
	}
}

// tellOfSecurity enqueues a message for each person who is told of a security event. Their IDs are
// derived from the message's, so that a repeated delivery tells nobody twice.
func (s SendServices) tellOfSecurity(ctx context.Context, message queue.Message) error {
	var notice identity.Notice
	if err := json.Unmarshal(message.Body, &notice); err != nil {
		return unreadable(err)
	}
	audience, err := s.Accounts.SecurityAudience(ctx, notice)
	if err != nil || len(audience) == 0 {
		return err
	}
	messages := make([]queue.Message, len(audience))
	for i, id := range audience {
		if messages[i], err = identity.SecurityMail(notice, id); err != nil {
			return err
		}
		messages[i].ID = derivedID(message.ID + " " + id)
	}
	return s.Queues.Send(ctx, messages)
}

func securityEvent(
	s SendServices, notice identity.Notice, subject identity.Person, zone *time.Location,
) (string, outgoing.AccountNotice) {
	who := outgoing.OneLine(subject.FirstName+" "+subject.LastName) + " (" + outgoing.OneLine(subject.Email) + ")"
	var what string
	switch notice.Event {
	case identity.AccountLocked:
		what = fmt.Sprintf("Wrong passwords locked the account of %s for 15 minutes, last from the address %s.",
			who, outgoing.OneLine(notice.Source))
	case identity.TokenMade:
		what = fmt.Sprintf("%s created the API token %s from the address %s.",
			who, outgoing.Quoted(notice.Token), outgoing.OneLine(notice.Source))
	case identity.ConsentDecided:
		verb, end := "withdrew", ""
		if notice.Granted {
			verb = "gave"
		}
		if notice.Until > 0 {
			end = " until " + outgoing.Moment(time.Unix(notice.Until, 0).In(zone))
		}
		what = fmt.Sprintf("%s %s the consent of %s to %s%s.", outgoing.OneLine(notice.ByName), verb,
			outgoing.OneLine(notice.PlaceName), identity.Describe(notice.Consent, notice.Grantee), end)
	}
	return "A security event", outgoing.AccountNotice{
		Headline: "A security event",
		Paragraphs: []string{
			what,
			"You get this mail because you have the highest role there and your account has security notices on. Turn " +
				"them off with PUT /self.",
		},
		Button: "Open the portal", Link: s.BaseURL + "/",
	}
}
