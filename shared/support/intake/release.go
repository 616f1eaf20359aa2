package intake

import (
	"context"
	"errors"
	"slices"

	"github.com/google/uuid"

	"github.com/tenantry/tenantry/shared/change"
	"github.com/tenantry/tenantry/shared/fault"
	"github.com/tenantry/tenantry/shared/identity"
	"github.com/tenantry/tenantry/shared/mail/received"
	"github.com/tenantry/tenantry/shared/store/queue"
	"github.com/tenantry/tenantry/shared/store/table"
	"github.com/tenantry/tenantry/shared/support"
)

// ReplayQuarantined processes a quarantined mail as if it had just arrived, after its cause was
// fixed.
func (s *Service) ReplayQuarantined(ctx context.Context, by identity.Principal, id string) error {
	entry, version, err := s.quarantined(ctx, by, id)
	if err != nil {
		return err
	}
	return s.letIn(ctx, by, entry, version, change.Record{
		Action: "platform.replay_mail", Message: "Replayed a quarantined mail",
	})
}

// ReleaseQuarantined accepts a mail despite the reason for its quarantine, if the reason can be
// overruled; see QuarantineReasons. The permissions of the sender are still checked.
func (s *Service) ReleaseQuarantined(ctx context.Context, by identity.Principal, id string) error {
	entry, version, err := s.quarantined(ctx, by, id)
	if err != nil {
		return err
	}
	if !entry.Reason.releasable() {
		return fault.New(fault.Conflict,
			"The reason for the quarantine (%s) cannot be overruled. Fix the cause, then replay the mail.",
			entry.Reason)
	}
	return s.letIn(ctx, by, entry.overruling(), version, change.Record{
		Action: "platform.release_mail", Message: "Released a quarantined mail: " + string(entry.Reason),
	})
}

// overruling returns the entry with its reason marked as overruled.
func (q Quarantined) overruling() Quarantined {
	if !overruled(q.Mail, q.Reason) {
		q.Mail.Overruled = append(slices.Clip(q.Mail.Overruled), string(q.Reason))
	}
	return q
}

// CaseRelease is a request to release a quarantined mail to the case that refused it.
type CaseRelease struct {
	OrgID, CaseID, MailID string
	// ConfirmSender is set to confirm that the sender's address belongs to the person whose reply
	// address the mail was sent to, or to the person with the ID SenderID. It becomes an alias of
	// the person in the organization.
	ConfirmSender bool
	SenderID      string
}

// ReleaseToCase releases a quarantined mail to the case that refused it, for the agents who work on
// the case. The mail becomes a comment of that case or, if its sender can only open one, a case of
// its organization, and nothing elsewhere, whatever else it is sent to or refers to; that holds for
// later releases of the mail, too. The permissions of the sender are checked all the same.
func (s *Service) ReleaseToCase(ctx context.Context, by identity.Principal, request CaseRelease) error {
	opened, _, err := s.cases.Open(ctx, by, request.OrgID, request.CaseID, identity.AnswerCases)
	if err != nil {
		return err
	}
	if !opened.Agent || uuid.Validate(request.MailID) != nil {
		return fault.Missing()
	}
	var entry Quarantined
	version, err := s.journal.Get(ctx, quarantineKey(request.MailID), &entry)
	if errors.Is(err, table.ErrAbsent) {
		return fault.Missing()
	}
	if err != nil {
		return err
	}
	if entry.Target == nil || entry.Target.OrgID != opened.OrgID || entry.Target.CaseID != opened.ID {
		return fault.Missing()
	}
	var writes []table.Write
	released := entry
	if request.ConfirmSender || request.SenderID != "" {
		if !by.May(identity.SeePersonalData, opened.Place) {
			return identity.NoPersonalData(opened.Place, "who wrote a mail is not confirmed by who cannot see the address")
		}
		if request.SenderID == "" {
			request.SenderID = entry.Target.PersonID
		}
		if writes, err = s.confirmSender(ctx, by, opened, entry, request.SenderID); err != nil {
			return err
		}
	} else if !entry.Reason.deskReleasable() {
		return fault.New(fault.Conflict,
			"A mail with this reason for quarantine (%s) can only be released by an operator, "+
				"or accepted after the cause was fixed.",
			entry.Reason)
	} else {
		released = entry.overruling()
	}
	released.Mail.ReleasedTo = &received.Release{OrgID: opened.OrgID, CaseID: opened.ID, SenderID: request.SenderID}
	line, err := s.quarantineLine(opened.Case, support.PartyOf(by, opened.Place), entry, true)
	if err != nil {
		return err
	}
	return s.letIn(ctx, by, released, version, change.Record{
		Action: "cases.release_mail", Message: "Released a quarantined mail: " + string(entry.Reason),
		OrgID: opened.OrgID, MSPID: opened.MSPID, Internal: true, Writes: append(writes, line),
	})
}

// letIn enqueues a mail again and deletes its quarantine entry; record is the audit entry.
func (s *Service) letIn(
	ctx context.Context, by identity.Principal, entry Quarantined, version int64, record change.Record,
) error {
	if err := entry.withContent(); err != nil {
		return err
	}
	message, err := entry.Mail.QueueMessage()
	if err != nil {
		return err
	}
	message.ID = "" // a new ID: the queue has completed the old message
	key := quarantineKey(entry.ID)
	record.PlatformLog, record.Target = true, "mail:"+entry.ID
	record.Before = map[string]any{"reason": entry.Reason}
	record.Writes = slices.Concat(record.Writes, entry.uncounted(), entry.unlisted(),
		[]table.Write{table.Delete(key, version)})
	record.Messages = []queue.Message{message}
	err = s.journal.Commit(ctx, by.Actor(), record)
	if table.ConflictAt(err, key) {
		return fault.Missing()
	}
	return err
}
