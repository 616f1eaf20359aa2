package supporttest

import (
	"fmt"
	"strings"

	"github.com/tenantry/tenantry/shared/apptest"
	"github.com/tenantry/tenantry/shared/identity"
	"github.com/tenantry/tenantry/shared/mail/received"
	"github.com/tenantry/tenantry/shared/support"
	"github.com/tenantry/tenantry/shared/support/intake"
	"github.com/tenantry/tenantry/shared/support/mailthread"
)

// SupportAddress opens cases.
const SupportAddress = "support@" + apptest.MailDomain

// Mail returns a mail as the receiving worker parses one.
func (w *World) Mail(id, from string, recipients ...string) intake.Mail {
	return intake.Mail{
		Mail: received.Mail{
			ID:            id,
			RawKey:        "mails/" + id,
			Size:          700,
			EnvelopeFrom:  from,
			Recipients:    recipients,
			SourceAddress: "203.0.113.9",
			Time:          w.Clock.Now().Unix(),
		},
		From:      from,
		FromCount: 1,
		Subject:   "Re: No Wi-Fi",
		MessageID: id + "@mail.example.net",
		Text:      "Thanks.\n\n> quoted",
		Reply:     "Thanks.",
	}
}

// Receive takes in a mail and returns what it became.
func (w *World) Receive(mail intake.Mail) intake.Outcome {
	w.T.Helper()
	outcome, err := w.Intake.Take(w.T.Context(), mail)
	w.Must(err)
	return outcome
}

// Quarantine lists the quarantined mails, newest first.
func (w *World) Quarantine() []intake.Quarantined {
	w.T.Helper()
	page, err := w.Intake.QuarantinedMails(w.T.Context(), w.Operator(), "", 1000, "")
	w.Must(err)
	return page.Mails
}

// Unaddressed returns a mail to the support address, with edits such as what it refers to.
func (w *World) Unaddressed(from identity.Principal, edit func(*intake.Mail)) intake.Mail {
	w.T.Helper()
	id := w.Journal.NewID()
	mail := w.Mail(id, from.Email, SupportAddress)
	mail.Text = "Text of " + id
	mail.Reply = mail.Text
	edit(&mail)
	return mail
}

// Raw stores the content of a quarantined mail; the function it returns reports whether the content
// is still there.
func (w *World) Raw(id string) (intake.Mail, func() bool) {
	w.T.Helper()
	mail := w.Mail(id, "nobody@example.net", SupportAddress)
	mail.RawKey = "mail/" + id
	_, err := w.Files.Put(w.T.Context(), mail.RawKey, strings.NewReader("Subject: hello\r\n\r\nhello\r\n"), 1000)
	w.Must(err)
	w.Receive(mail)
	return mail, func() bool {
		content, err := w.Files.Open(w.T.Context(), mail.RawKey)
		if err == nil {
			w.Must(content.Close())
		}
		return err == nil
	}
}

// BounceOf returns the address for reports about a person's mail on a case.
func (w *World) BounceOf(userID string, c support.Case) string {
	w.T.Helper()
	letter, err := w.Notifications.Compose(
		w.T.Context(),
		support.Notice{Event: support.Changed, OrgID: c.OrgID, CaseID: c.ID, UserID: userID},
	)
	w.Must(err)
	return letter.Bounce
}

// Failed returns a report as a mail server writes one.
func (w *World) Failed(id, recipient string, about ...string) intake.Mail {
	mail := w.Mail(id, "mailer-daemon@mx.example.net", recipient)
	mail.Bounce, mail.Automatic, mail.Text = true, true, id
	mail.Report = &intake.Report{
		Kind:       intake.Bounced,
		Permanent:  true,
		Recipients: about,
		Status:     "5.1.1",
		Diagnostic: "No such user\nhere",
	}
	return mail
}

// MayBeTold reports by its error whether a person still gets mails about a case.
func (w *World) MayBeTold(userID string, c support.Case) error {
	_, err := w.Notifications.Compose(
		w.T.Context(),
		support.Notice{Event: support.Changed, OrgID: c.OrgID, CaseID: c.ID, UserID: userID},
	)
	return err
}

// Noted returns what the history of a case says about mails, as somebody sees it.
func (w *World) Noted(by identity.Principal, c support.Case) []string {
	var lines []string
	for _, entry := range w.Detail(by, c).History {
		if difference, ok := entry.Fields["mail"]; ok {
			lines = append(lines, fmt.Sprint(difference.After))
		}
	}
	return lines
}

// Release quarantines a mail for a reason and releases it, and returns the mail as it arrives then.
func (w *World) Release(mail intake.Mail, want intake.Reason) intake.Mail {
	w.T.Helper()
	if outcome := w.Receive(mail); outcome.Reason != want {
		w.T.Fatalf("became %+v, want %s", outcome, want)
	}
	before := len(w.Outbox())
	w.Must(w.Intake.ReleaseQuarantined(w.T.Context(), w.Operator(), mail.ID))
	mail.Mail = apptest.Since[received.Mail](w.App, before)[0]
	return mail
}

// Sent records that a mail about a case was sent to a person with an ID.
func (w *World) Sent(c support.Case, to identity.Principal, id string) error {
	return w.Threads.Sent(
		w.T.Context(), mailthread.SentMail{OrgID: c.OrgID, CaseID: c.ID, UserID: to.UserID, MessageID: id},
	)
}

// ReplyTo returns the address by which a person replies to a case.
func (w *World) ReplyTo(to identity.Principal, c support.Case, note string) string {
	w.T.Helper()
	notice := support.Notice{
		Kind:   support.NoticeCase,
		Event:  support.Changed,
		OrgID:  c.OrgID,
		CaseID: c.ID,
		UserID: to.UserID,
	}
	if note != "" {
		notice.Event, notice.CommentID, notice.Internal = support.Commented, note, true
	}
	letter, err := w.Notifications.Compose(w.T.Context(), notice)
	w.Must(err)
	return letter.ReplyTo
}

// DomainOf returns the domain of an address.
func DomainOf(address string) string {
	_, domain, _ := strings.Cut(address, "@")
	return domain
}
