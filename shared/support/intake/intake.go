package intake

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/tenantry/tenantry/shared/fault"
	"github.com/tenantry/tenantry/shared/identity"
	"github.com/tenantry/tenantry/shared/mail/received"
	"github.com/tenantry/tenantry/shared/store/table"
	"github.com/tenantry/tenantry/shared/support"
	"github.com/tenantry/tenantry/shared/support/mailthread"
)

// Mail is a received mail, reduced to what a case needs.
type Mail struct {
	received.Mail
	// From is the address in the From header, in lower case; FromCount is the number of different
	// addresses in it.
	From      string
	FromCount int
	// Others are the addresses in To and Cc, in lower case.
	Others    []string
	Subject   string
	MessageID string
	// InReplyTo and References are message IDs without angle brackets; the nearest one is last in
	// References.
	InReplyTo  string
	References []string
	// Text is the full readable text; Reply is the text without quotes and signature.
	Text, Reply string
	// Automatic is set for generated mail, Bounce for reports of failed delivery, Loop for mail
	// sent by this installation.
	Automatic, Bounce, Loop bool
	// List is set for a person's mail that came through a group or mailing list: it gets no
	// automatic reply.
	List bool
	// Undated is set if the mail has neither a Message-ID nor a date.
	Undated bool
	// Forwarded is the original sender of a forwarded mail, in lower case; "" for none. Anybody can
	// forge it.
	Forwarded string
	// Report is the content of a bounce or a complaint, if it could be parsed.
	Report      *Report
	Attachments []MailAttachment
	// light is set if the mail is stored without its files and its original, for which its
	// organization has no room.
	light bool
	// original is the mail as received, if files were removed from it.
	original *Mail
}

// MailAttachment is an attachment of a mail.
type MailAttachment struct {
	Name        string
	ContentType string
	Inline      bool
	// Suspicious is set if the file is mislabeled.
	Suspicious bool
	Content    []byte
}

// Outcome is what became of a mail.
type Outcome struct {
	// Kind is "comment", "case", "report", "duplicate" or "quarantine".
	Kind   string
	CaseID string
	Reason Reason
	// rawKept is set if a case refers to the raw mail, rawDropped if one was stored without it.
	rawKept, rawDropped bool
}

// with returns the outcome of a mail that had another outcome elsewhere before.
func (o Outcome) with(before Outcome) Outcome {
	o.rawKept, o.rawDropped = o.rawKept || before.rawKept, o.rawDropped || before.rawDropped
	return o
}

// refusal is a reason to quarantine a mail.
type refusal struct {
	reason Reason
	detail string
	// by is the case that refused the mail, with no ID if there is not exactly one; nil if the mail
	// was refused before any case was looked at.
	by *target
}

// Error returns the reason.
func (r refusal) Error() string { return string(r.reason) + ": " + r.detail }

func refuse(reason Reason, format string, arguments ...any) error {
	return refusal{reason: reason, detail: fmt.Sprintf(format, arguments...)}
}

func isRefusal(err error) bool {
	_, ok := errors.AsType[refusal](err)
	return ok
}

// refusedBy adds to a refusal, if it names no case yet, that of a case.
func refusedBy(err error, where support.Reference) error {
	refused, ok := errors.AsType[refusal](err)
	if !ok || refused.by != nil {
		return err
	}
	refused.by = &target{Reference: where}
	return refused
}

// refusedToo returns the latter of two refusals of one mail, of which the first may be nil. It
// names the case only if both do.
func refusedToo(first, second error) error {
	earlier, ok := errors.AsType[refusal](first)
	later, also := errors.AsType[refusal](second)
	if ok && also && (earlier.by == nil || later.by == nil || earlier.by.Reference != later.by.Reference) {
		later.by = &target{}
		return later
	}
	return second
}

// ignoreRefusal returns nil for a refusal, and other errors as they are.
func ignoreRefusal(err error) error {
	if isRefusal(err) {
		return nil
	}
	return err
}

// seenFor is how long an accepted mail is remembered, so that it is not accepted twice.
const seenFor = 90 * 24 * time.Hour

// Take decides what a mail becomes: a comment, a case, a history entry, or a quarantined mail. It
// is idempotent. An error means that it could not decide now, and that the mail must be delivered
// again later.
func (s *Service) Take(ctx context.Context, mail Mail) (Outcome, error) {
	mail.From = identity.NormalEmail(mail.From)
	mail = mail.withoutOversized()
	var outcome Outcome
	var cases []evidence
	var err error
	for attempt := 0; ; attempt++ {
		// What is known about the sender and earlier mails may be outdated: read it again.
		if outcome, cases, err = s.decide(ctx, mail); !overtaken(err) || !support.Again(ctx, fault.Stale(1), attempt) {
			break
		}
	}
	refused, ok := errors.AsType[refusal](err)
	if !ok {
		if err == nil && outcome.rawDropped && !outcome.rawKept {
			err = s.files.Delete(ctx, mail.RawKey)
		}
		return outcome, err
	}
	return Outcome{Kind: "quarantine", Reason: refused.reason}, s.quarantine(ctx, Quarantined{
		ID: mail.ID, Reason: refused.reason, Detail: refused.detail, From: mail.From, Recipients: mail.Recipients,
		Subject: mail.Subject, Size: mail.Size, Received: mail.Time, Mail: mail.Mail, Taken: outcome.Kind != "",
	}, cases, refused.by)
}

// overtaken reports whether a commit failed because something other than its case was changed
// concurrently.
func overtaken(err error) bool {
	_, ok := errors.AsType[*table.ConflictError](err)
	return ok
}

// decide returns what a mail becomes, and the cases that it refers to.
func (s *Service) decide(ctx context.Context, mail Mail) (outcome Outcome, cases []evidence, err error) {
	if err := checkVerdicts(mail.Mail); err != nil {
		return Outcome{}, nil, err
	}
	to, err := s.destination(ctx, mail)
	if err != nil {
		return Outcome{}, nil, err
	}
	if overruled(mail.Mail, AutoWithout) || overruled(mail.Mail, FailedDelivery) {
		// Somebody released the mail because a person wrote it.
		mail.Automatic, mail.Bounce, mail.Report = false, false, nil
	}
	if mail.Loop {
		return Outcome{}, nil, refuse(FromOurselves, "the mail carries this installation's own mark")
	}
	if mail.Bounce || mail.Report != nil {
		outcome, err = s.takeReport(ctx, mail, to)
		return outcome, nil, err
	}
	if to.Bounce && len(to.Replies) == 0 && !to.Support {
		if _, mailing := to.Mailing(); mailing && mail.Automatic {
			return Outcome{Kind: "report"}, nil, nil // nobody need know that somebody is on holiday
		}
		if (!mail.Automatic || len(to.Bounces) == 0) && !overruled(mail.Mail, FailedDelivery) {
			return Outcome{}, nil, refuse(FailedDelivery,
				"the address is for reports of failed delivery, and the mail is not one")
		}
		to.Replies = to.Answered() // automatic replies go to the envelope sender (RFC 3834, 4)
	}
	switch {
	case mail.FromCount > 1 && !overruled(mail.Mail, OtherSender):
		return Outcome{}, nil, refuse(OtherSender, "the mail names %d senders", mail.FromCount)
	case s.threads.Own(mail.From):
		return Outcome{}, nil, refuse(FromOurselves, "the mail claims to be from %s, one of our own addresses",
			mailthread.MaskAddress(mail.From))
	case len(to.Replies) == 0 && to.Forged:
		return Outcome{}, nil, refuse(ForgedToken, "the token in the recipient's address was not generated here")
	case len(to.Replies) == 0 && !to.Support:
		return Outcome{}, nil, refuse(NoDestination, "none of the recipients is an address that accepts mail")
	}
	known, err := s.know(ctx, mail, to)
	if err != nil {
		return Outcome{}, nil, err
	}
	if len(to.Replies) == 0 {
		if cases, err = known.evidence(mail); err == nil {
			cases, err = s.released(ctx, mail, cases)
		}
		if err != nil {
			return Outcome{}, nil, err
		}
	}
	if err := s.admit(mail, &known); err != nil {
		return Outcome{}, cases, err
	}
	if len(to.Replies) > 0 {
		outcome, err = s.takeAnswers(ctx, mail, known, to.Replies)
	} else {
		outcome, err = s.takeUnaddressed(ctx, mail, known, cases, to.OrgIDs)
	}
	return outcome, cases, err
}

// notTaken classifies the fault of a commit: a fault caused by the mail itself quarantines it, a
// duplicate is done, and anything else is retried later.
func (s *Service) notTaken(err error, from support.Origin, caseID string) (Outcome, error) {
	if from.Seen != (table.Key{}) && table.ConflictAt(err, from.Seen) {
		return Outcome{Kind: "duplicate", CaseID: caseID, rawKept: true}, nil
	}
	if failure, ok := errors.AsType[*fault.Error](err); ok && failure.Present == 0 { // a lost race is retried
		switch failure.Code {
		case fault.NotFound, fault.Forbidden:
			return Outcome{}, refuse(NotPermitted, "%s", failure.Message)
		case fault.Invalid:
			return Outcome{}, refuse(Unreadable, "%s", failure.Message)
		case fault.Conflict, fault.TooLarge:
			return Outcome{}, refuse(TooMuch, "%s", failure.Message)
		}
	}
	return Outcome{}, err
}
